"""`./dev test`: every stage, one after the other, and one closing line."""

from .browser import browser_path
from .common import CACHE, MODULE, REPOSITORY, say
from .judge import Verdict, judge
from .lint import lint
from .live_tests import run_live_tests
from .odoo_source import odoo_path
from .own_tests import run_own_tests
from .prepared import prepared_odoo
from .python_env import python
from .settings import expected
from .terms import compare_terms

SCRIPTS = REPOSITORY / "devtools/scripts"


def test(tags=None, postfix=False):
    """Run all tests, or those of some Odoo test tags alone.

    :param tags: Odoo test tags
    :param bool postfix: run those with a real Postfix too
    :return: whether all went well
    """
    verdict = Verdict()
    interpreter, source, path = python(), odoo_path(), browser_path()
    if not tags:
        for linter in lint():
            verdict.fail(f"{linter} complains: see above")
        verdict.add(run_own_tests())
    with prepared_odoo(interpreter, source, path) as odoo:
        _stages(odoo, verdict, TESTS, tags)
        if not tags:
            verdict.add(run_live_tests(odoo, postfix))
            verdict.add(compare_terms(odoo))
            _stages(odoo, verdict, LIFE)
    for problem in verdict.problems:
        say(f"--- {problem}")
    say(verdict.line())
    return not (verdict.problems or verdict.failed)


# Name of the stage, Odoo's arguments, and how it is called.
TESTS = [("install and tests", ["-i", f"contacts,{MODULE}"], {"tested": True})]
SHELL = {"subcommand": ["shell"]}
LIFE = [
    ("update", ["-u", MODULE], {}),
    ("uninstall", [], {"script": SCRIPTS / "uninstall.py", **SHELL}),
    ("what is left", [], {"script": SCRIPTS / "uninstalled.py", **SHELL}),
    ("install again", ["-i", MODULE], {}),
]


def _stages(odoo, verdict, stages, tags=None):
    """Run stages, up to the first one after which the next makes no sense."""
    for name, arguments, options in stages:
        if not _stage(odoo, verdict, name, arguments, tags, **options):
            break


def _stage(odoo, verdict, name, arguments, tags, tested=False, **options):
    """Run one stage; give whether the next one makes sense."""
    log = CACHE / "logs" / f"{name.replace(' ', '-')}.log"
    log.parent.mkdir(exist_ok=True)
    if tested:
        arguments = [*arguments, "--test-tags", tags or f"/{MODULE}"]
    code = odoo.call(name, log, *arguments, **options)
    tests, hoot, _live = (1, 0, 0) if tags else expected()
    result = judge(
        log.read_text(errors="replace"), code, tests if tested else None, hoot * tested
    )
    verdict.add(result)
    if result.problems:
        say(f"{name}: NOT OK, the whole log is {log}")
    return tested or not result.problems
