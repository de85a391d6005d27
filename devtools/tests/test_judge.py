"""Each way in which a run of Odoo can be red, and that a good one is green."""

import unittest

from ..judge import Verdict, complaints, judge

STAMP = "2026-01-02 03:04:05,678 99"
START = f"{STAMP} INFO db odoo.modules.loading: loading 28 modules...\n"
END = f"{STAMP} INFO db odoo.tests.result: %s failed, %s error(s) of %s tests when"
HOOT = f"{STAMP} INFO db odoo.browser: [HOOT] Passed %s tests (9 assertions, total"
KNOWN = f"{STAMP} ERROR ? odoo.sql_db: bad query: b'CREATE EXTENSION IF NOT EXISTS pg_trgm'\nERROR: extension \"pg_trgm\" is not available\n"  # noqa: E501 - as logged
TRACEBACK = f"{STAMP} ERROR db odoo.t: FAIL: TestX.test_y\nTraceback\n line 3\nBoom\n"


class TestJudge(unittest.TestCase):
    def assert_red(self, verdict, words):
        self.assertTrue(verdict.problems or verdict.failed)
        self.assertIn(words, "\n".join(verdict.problems))
        self.assertNotIn(" 0 failed", verdict.line())

    def test_good_run(self):
        verdict = judge(START + KNOWN + END % (0, 0, 7) + "\n" + HOOT % 4, 0, True)
        self.assertEqual(verdict.problems, [])
        self.assertEqual(verdict.line(), "11 passed, 0 failed")

    def test_run_without_tests(self):
        self.assertEqual(judge(START, 0), Verdict())

    def test_tags_that_match_nothing(self):
        self.assert_red(judge(END % (0, 0, 0), 0, True), "no test ran")

    def test_no_result_line(self):
        self.assert_red(judge(START, 0, True), "no line with the result")

    def test_failing_test_is_shown_whole(self):
        verdict = judge(TRACEBACK + START + END % (1, 0, 3), 1, True)
        self.assert_red(verdict, "line 3\nBoom")
        self.assertNotIn("loading", verdict.problems[0])
        self.assertEqual(verdict.line(), "2 passed, 1 failed")

    def test_unexpected_warning(self):
        warning = f"{STAMP} WARNING db odoo.addons.x: odd\n"
        self.assert_red(judge(START + warning + END % (0, 0, 3), 0, True), "odd")

    def test_dead_process(self):
        self.assert_red(judge(START, -9), "Odoo ended with code -9")

    def test_hoot_tests_fail(self):
        failed = f"{STAMP} INFO db odoo.b: [HOOT] Failed 2 tests (5 passed, total time"
        verdict = judge(f"{failed}\n{END % (0, 0, 3)}", 0, True)
        self.assertEqual(verdict.line(), "8 passed, 2 failed")

    def test_known_words_excuse_only_their_own_record(self):
        self.assertEqual(len(complaints(KNOWN + TRACEBACK)), 1)

    def test_stages_add_up(self):
        total = Verdict()
        total.add(judge(END % (0, 0, 3) + "\n" + HOOT % 4, 0, True))
        total.add(judge(END % (1, 1, 4), 1, True))
        total.fail("ruff complains")
        self.assertEqual(total.line(), "9 passed, 3 failed")
