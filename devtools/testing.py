"""`./dev test`: every stage, one after the other, and one closing line."""

from tests_live.postfix import why_not

from .browser import browser_path
from .common import CACHE, MODULE, REPOSITORY, say
from .database import copy_database, drop_database, load_sql
from .judge import Verdict, judge
from .lint import lint
from .live_tests import LONG_LEFT_OUT, run_live_tests
from .must_run import expected_tests
from .odoo_source import odoo_path
from .own_tests import run_own_tests
from .prepared import prepared_odoo
from .python_env import python
from .terms import compare_terms

SCRIPTS = REPOSITORY / "tests_live/uninstall"
# What former releases have left in a database: of `tests_live.release_dump`.
DUMPS = REPOSITORY / "tests/dumps"
# Tests that need other modules, which are not installed for the rest.
MODULES_TAG = "mat_modules"
MODULES = (
    "base_automation,crm,hr,mass_mailing,portal,project,sale_management,sms,website"
)


def test(tags=None, postfix=False, live=False):
    """Run all tests, or those of some Odoo test tags alone.

    :param str tags: Odoo test tags
    :param bool postfix: run those with a real Postfix too
    :param bool live: run the long ones against real servers too
    :return: whether all went well
    """
    verdict = Verdict()
    interpreter, source, path = python(), odoo_path(), browser_path()
    if not tags:
        for linter in lint():
            verdict.fail(f"{linter} complains: see above")
        verdict.add(run_own_tests())
    with prepared_odoo(interpreter, source, path) as odoo:
        if tags:
            _tagged(odoo, verdict, tags)
        else:
            _everything(odoo, verdict, why_not(postfix), "" if live else LONG_LEFT_OUT)
    for problem in verdict.problems:
        say(f"--- {problem}")
    say(verdict.line())
    return not (verdict.problems or verdict.failed)


def _tagged(odoo, verdict, tags):
    modules = f",{MODULES}" if MODULES_TAG in tags else ""
    install = ["-i", f"contacts,{MODULE}{modules}", "--test-tags", tags]
    _stage(odoo, verdict, "install and tests", install, tested=True)


def _everything(odoo, verdict, *left_out):
    """Run every stage.

    :param left_out: why live tests with a Postfix and long ones are left out, "" each
        when they are not
    """
    _stages(odoo, verdict, TESTS)
    verdict.add(run_live_tests(odoo, *left_out))
    verdict.add(compare_terms(odoo))
    if _stages(odoo, verdict, LIFE):
        _updates(odoo, verdict)
        _stages(odoo, verdict, AGAIN)
    # Of the copy that was tested: an edit in the middle of a run changes nothing.
    copy = odoo.folder / "addons" / MODULE
    verdict.require(expected_tests(copy), *filter(None, left_out))


# Name of the stage, Odoo's arguments, and how it is called.
TAGS = ["--test-tags", f"/{MODULE}"]
TESTS = [("install and tests", ["-i", f"contacts,{MODULE}", *TAGS], {"tested": True})]
SHELL = {"subcommand": ["shell"]}
LIFE = [
    ("update", ["-u", MODULE], {}),
    ("uninstall", [], {"script": SCRIPTS / "uninstall.py", **SHELL}),
    ("what is left", [], {"script": SCRIPTS / "uninstalled.py", **SHELL}),
]
# The second install brings the modules that some tests need.
WITH_MODULES = ["-i", f"{MODULE},{MODULES}", "--test-tags", f"{MODULES_TAG}/{MODULE}"]
AGAIN = [("install again", WITH_MODULES, {"tested": True})]
UPDATE = ["-u", MODULE, "--test-tags", f"mat_update/{MODULE}"]


def _updates(odoo, verdict):
    """Update what each former release has left, in a database that has no addon."""
    for dump in sorted(DUMPS.glob("*.sql")):
        old = odoo.on(f"{odoo.database}_old")
        place = old.interpreter, old.database, old.environment
        drop_database(*place)
        copy_database(odoo, old.database)
        load_sql(old, dump)
        _stage(old, verdict, f"update from {dump.stem}", UPDATE, tested=True)
        drop_database(*place)


def _stages(odoo, verdict, stages):
    """Run stages, up to the first one after which the next makes no sense.

    :return: whether all of them ran
    """
    return all(
        _stage(odoo, verdict, name, arguments, **options)
        for name, arguments, options in stages
    )


def _stage(odoo, verdict, name, arguments, tested=False, **options):
    """Run one stage; return whether the next one makes sense."""
    log = CACHE / "logs" / f"{name.replace(' ', '-')}.log"
    log.parent.mkdir(exist_ok=True)
    code = odoo.call(name, log, *arguments, **options)
    result = judge(log.read_text(errors="replace"), code, tested)
    verdict.add(result)
    if result.problems:
        say(f"{name}: NOT OK, the whole log is {log}")
    return tested or not result.problems
