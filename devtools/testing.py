"""`./dev test`: every stage, some at the same time, and one closing line."""

from contextlib import ExitStack

from tests_live.postfix import postfix_programs, why_not
from tests_live.stage import LONG_LEFT_OUT, run_live_tests

from .browser import browser_path
from .common import CACHE, MODULE, REPOSITORY, say
from .database import copied, load_sql
from .judge import Verdict, judge
from .lint import lint
from .must_run import expected_tests
from .node_env import mailbox_modules, modules
from .odoo_source import odoo_path
from .own_tests import run_own_tests
from .prepared import prepared_odoo
from .python_env import python
from .semgrep import semgrep
from .terms import compare_terms
from .together import crew, results, together

SCRIPTS = REPOSITORY / "tests_live/uninstall"
ASSETS_SCRIPT = REPOSITORY / "devtools/scripts/assets.py"
# What former releases have left in a database: of `tests_live.release_dump`.
DUMPS = REPOSITORY / "tests/dumps"
# Tests that need other modules, which are not installed for the rest.
MODULES_TAG = "mat_modules"
MODULES = (
    "base_automation,crm,hr,mass_mailing,portal,project,sale_management,sms,website"
)
# Two processes share them: they wait a lot.
LIVE_PARTS = (1, 2)


def test(tags=None, postfix=False, live=False):
    """Run all tests, or those of some Odoo test tags alone.

    :param str tags: Odoo test tags
    :param bool postfix: run those with a real Postfix too
    :param bool live: run the long ones against real servers too
    :return: whether all went well
    """
    verdict = Verdict()
    without_postfix = why_not(postfix)
    fetch_odoo = odoo_path if tags or without_postfix else _odoo_and_postfix
    fetch_python = python if tags else _python_and_more
    place = together(fetch_python, fetch_odoo, browser_path)
    if not tags:
        verdict.add(run_own_tests())
    with prepared_odoo(*place) as odoo:
        if tags:
            _tagged(odoo, verdict, tags)
        else:
            _everything(odoo, verdict, without_postfix, "" if live else LONG_LEFT_OUT)
    for problem in verdict.problems:
        say(f"--- {problem}")
    say(verdict.line())
    return not (verdict.problems or verdict.failed)


def _python_and_more():
    """Install Python's packages and those that need them; return the interpreter."""
    interpreter = python()
    for install in (modules, mailbox_modules, semgrep):
        install(interpreter)
    return interpreter


def _odoo_and_postfix():
    postfix_programs()
    return odoo_path()


def _tagged(odoo, verdict, tags):
    more = f",{MODULES}" if MODULES_TAG in tags else ""
    install = ["-i", f"contacts,{MODULE}{more}", "--test-tags", tags]
    verdict.add(_stage(odoo, "install and tests", install, tested=True))


def _everything(odoo, verdict, *left_out):
    """Run every stage, as many at once as there are cores.

    :param left_out: why live tests with a Postfix and long ones are left out, "" each
        when they are not
    """
    # Of the copy that is tested: an edit in the middle of a run changes nothing.
    expected = expected_tests(odoo.folder / "addons" / MODULE)
    with ExitStack() as stack, crew() as pool:
        copies = {}

        def copy(role):
            copies[role] = stack.enter_context(copied(odoo, role))

        work = [pool.submit(_stages, odoo, INSTALL), pool.submit(_lint)]
        if not work[0].result().problems:
            copy("life")
            assets = pool.submit(_stages, odoo, ASSETS)
            work += [assets, pool.submit(_life, copies["life"])]
            assets.result()
            for part in LIVE_PARTS:
                copy(part)
            work.append(pool.submit(_stages, odoo, TESTS))
            for part in LIVE_PARTS:
                work.append(pool.submit(run_live_tests, copies[part], part, *left_out))
        for found in results(work):
            verdict.add(found)
    verdict.require(expected, *filter(None, left_out))


def _lint():
    verdict = Verdict()
    for linter in lint():
        verdict.fail(f"{linter} complains: see above")
    return verdict


def _life(odoo):
    """Return the verdict on all that may happen to a database that has the addon."""
    verdict = compare_terms(odoo)
    life = _stages(odoo, LIFE)
    verdict.add(life)
    if not life.problems:
        verdict.add(_updates(odoo))
        verdict.add(_stages(odoo, AGAIN))
    return verdict


# Name of the stage, Odoo's arguments, and how it is called.
SHELL = {"subcommand": ["shell"]}
INSTALL = [("install", ["-i", f"contacts,{MODULE}"], {})]
ASSETS = [("assets", [], {"script": ASSETS_SCRIPT, **SHELL})]
TESTS = [("tests", ["--test-tags", f"/{MODULE}"], {"tested": True})]
LIFE = [
    ("update", ["-u", MODULE], {}),
    ("uninstall", [], {"script": SCRIPTS / "uninstall.py", **SHELL}),
    ("what is left", [], {"script": SCRIPTS / "uninstalled.py", **SHELL}),
]
# The second install brings the modules that some tests need.
WITH_MODULES = ["-i", f"{MODULE},{MODULES}", "--test-tags", f"{MODULES_TAG}/{MODULE}"]
AGAIN = [("install again", WITH_MODULES, {"tested": True})]
UPDATE = ["-u", MODULE, "--test-tags", f"mat_update/{MODULE}"]


def _updates(odoo):
    """Update what each former release has left, in a database that has no addon."""
    verdict = Verdict()
    for number, dump in enumerate(sorted(DUMPS.glob("*.sql"))):
        with copied(odoo, f"old_{number}") as old:
            load_sql(old, dump)
            verdict.add(_stage(old, f"update from {dump.stem}", UPDATE, tested=True))
    return verdict


def _stages(odoo, stages):
    """Run stages, up to the first one that is not OK; return the verdict."""
    verdict = Verdict()
    for name, arguments, options in stages:
        verdict.add(_stage(odoo, name, arguments, **options))
        if verdict.problems:
            break
    return verdict


def _stage(odoo, name, arguments, tested=False, **options):
    """Run one stage; return its verdict."""
    log = CACHE / "logs" / f"{name.replace(' ', '-')}.log"
    log.parent.mkdir(exist_ok=True)
    code = odoo.call(name, log, *arguments, **options)
    verdict = judge(log.read_text(errors="replace"), code, tested)
    if verdict.problems:
        say(f"{name}: NOT OK, the whole log is {log}")
    return verdict
