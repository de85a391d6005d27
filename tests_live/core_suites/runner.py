"""Odoo, started so that core's suites see the whole registry.

Called in the place of `odoo`, with CORE_SUITES (modules), CORE_TAGS and CORE_RESULT (a
file) in the environment; with CORE_CLASSES only the tests of those classes run. A plain
`--test-tags` run executes what is tagged at_install while modules load, before an addon
from elsewhere is there; here every test runs once everything is loaded. Each outcome
becomes one line of JSON: [case, outcome, text].
"""

import json
import os
import threading
import unittest

import odoo.cli
from odoo.modules.registry import Registry
from odoo.tests import common, loader
from odoo.tests.tag_selector import TagsSelector

SUITES = os.environ["CORE_SUITES"].split(",")
CLASSES = os.environ.get("CORE_CLASSES")  # None for all
TAGS = TagsSelector(os.environ["CORE_TAGS"])
RESULT = open(os.environ["CORE_RESULT"], "a", buffering=1)  # noqa: SIM115 - as we run


def note(case, outcome, text=""):
    """Write one outcome down."""
    RESULT.write(json.dumps([case, outcome, text]) + "\n")


def case_of(test):
    """Return the name of a test; for a subtest that of its case."""
    while getattr(test, "test_case", None):
        test = test.test_case
    return test.id().replace("odoo.addons.", "")


def first_line(error):
    """Return what an exception says, in one line."""
    kind, value, _traceback = error
    lines = str(value).strip().splitlines() or [""]
    return f"{kind.__name__}: {lines[0]}"


class Recorder(loader.OdooTestResult):
    """Odoo's own result, which also writes each outcome down."""

    def startTest(self, test):
        note(case_of(test), "started")
        super().startTest(test)

    def addFailure(self, test, err):
        note(case_of(test), "failed", first_line(err))
        super().addFailure(test, err)

    def addError(self, test, err):
        note(case_of(test), "failed", first_line(err))
        super().addError(test, err)

    def addSkip(self, test, reason):
        note(case_of(test), "skipped", reason)
        super().addSkip(test, reason)


def make_suite(_modules, position="at_install"):
    """Return all tests of the suites at once, when the registry is loaded."""
    tests = [
        test
        for name in SUITES * (position == "post_install")
        for module in loader.get_test_modules(name)
        for test in loader.get_module_test_cases(module)
        if TAGS.check(test)
    ]
    for test in tests:
        note(case_of(test), "listed")
    if CLASSES is not None:
        chosen = CLASSES.split(",")
        tests = [t for t in tests if case_of(t).rpartition(".")[0] in chosen]
    return loader.OdooSuite(sorted(tests, key=lambda t: getattr(t, "test_sequence", 0)))


def run_suite(suite, global_report=None):
    """Run as Odoo does, and say at the end which modules were loaded."""
    result = odoo_run_suite(suite, global_report=global_report)
    registry = Registry(threading.current_thread().dbname)
    note("", "finished", ",".join(sorted(registry._init_modules)))
    return result


def no_browser(*_arguments, **_options):
    """Stand in for the browser: tours test screens, and take most of the time."""
    raise unittest.SkipTest("needs a browser")


odoo_run_suite = loader.run_suite
common.HttpCase.browser_js = no_browser
loader.OdooTestResult = Recorder
loader.make_suite, loader.run_suite = make_suite, run_suite
odoo.cli.main()
