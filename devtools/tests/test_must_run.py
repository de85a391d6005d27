"""A test that did not run is named, whatever the reason."""

import tempfile
import unittest
from pathlib import Path

from ..judge import Verdict, judge
from ..must_run import expected_tests, not_run

LINE = "2026-01-02 03:04:05,678 99 INFO db odoo.addons.mail_activity_tracking.tests."
STARTED = LINE + "room.test_it: Starting %s ... \n"
SKIPPED = LINE + "room.test_it: skipped %s : no browser\n"
HOOT = LINE + 'test_js.TestJs.browser: [HOOT] "%s" ended (%s: 2 / time: 1 ms)\n'
END = "0 failed, 0 error(s) of 3 tests when"
FILES = {
    "tests/room/test_it.py": """
class Helper: pass
class TestIt(Case):
    def helper(self): pass
    def test_one(self): pass
    def test_two(self): pass
class TestInherited(Contract): pass
def function():
    class TestInside(Case):
        def test_not_collected(self): pass
""",
    "tests/helpers/contract.py": "class Contract:\n    def test_three(self): pass\n",
    "tests_live/test_it.py": "class TestLive(Case):\n    def test_four(self): pass\n",
    "tests/room/test_made.py": "TestMade = make()\n",
    "static/tests/core/it.test.js": "",
    "static/tests/tours/it_tour.js": "",
}
EXPECTED = {
    "tests.room.test_it.TestIt.test_one",
    "tests.room.test_it.TestIt.test_two",
    "tests.room.test_it.TestInherited",
    "tests.room.test_made",
    "tests_live.test_it.TestLive.test_four",
    "static/tests/core/it.test.js",
}


class TestMustRun(unittest.TestCase):
    def ran(self, *lines):
        """Return the expected tests of Odoo that did not run, as a log has it."""
        verdict = judge("".join(lines) + END, 0, True)
        names = {name for name in EXPECTED if not name.startswith("tests_live")}
        return not_run(names, verdict.ran, verdict.skipped)

    def test_tests_of_a_tree(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in FILES.items():
                file = Path(folder, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            self.assertEqual(expected_tests(Path(folder)), EXPECTED)

    def test_all_ran(self):
        tests = ("TestIt.test_one", "TestIt.test_two", "TestInherited.test_three")
        lines = [STARTED % name for name in tests]
        lines.append(STARTED.replace("test_it", "test_made") % "TestMade.test_it")
        suite = HOOT % ("@mail_activity_tracking/core/it", "passed")
        self.assertEqual(self.ran(*lines, suite), [])

    def test_nothing_ran(self):
        self.assertEqual(len(self.ran()), 5)

    def test_skipped_is_not_run(self):
        both = [STARTED % "TestIt.test_one", SKIPPED % "TestIt.test_one"]
        self.assertIn(
            "tests.room.test_it.TestIt.test_one: skipped, no browser", self.ran(*both)
        )

    def test_hoot_file_of_which_nothing_passed(self):
        suite = HOOT % ("@mail_activity_tracking/core/it", "skipped")
        self.assertIn("static/tests/core/it.test.js: did not run", self.ran(suite))

    def test_no_other_reason_excuses(self):
        verdict = Verdict(passed=1, skipped={"a": "left out", "b": "no browser"})
        verdict.require({"a", "b"}, "left out")
        self.assertEqual(verdict.line(), "1 passed, 1 failed, 2 skipped")
        self.assertIn("b: skipped, no browser", verdict.problems[0])
        self.assertNotIn("a: ", verdict.problems[0])

    def test_closing_line_names_what_is_left_out(self):
        verdict = Verdict(passed=1, skipped={"a": "left out"})
        verdict.require({"a"}, "left out", "too long")
        self.assertEqual(verdict.line(), "1 passed, 0 failed, 1 skipped (left out)")
        verdict.skipped["b"] = "too long"
        verdict.require({"a", "b"}, "left out", "too long")
        line = "1 passed, 0 failed, 2 skipped (left out; too long)"
        self.assertEqual(verdict.line(), line)
