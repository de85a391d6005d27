"""What makes the comparison of core's suites red, and what does not."""

import json
import unittest

from devtools.common import REPOSITORY

from . import ACCEPTED
from .compare import BODY, NO_BROWSER, compare, in_question, read

COUNT = "AssertionError: Query count more than expected for user x: {} > 2 in y at z"
LOADED = ["", "finished", "crm,mail"]
TRACKED = ["", "finished", "addon,crm,mail"]
CASES = ("m.C.a", "m.C.b", "m.D.c")
LIST = {"m.C": {"reason": "why", "tests": {"a": 1, "b": BODY}}}
DOCUMENT = REPOSITORY / "docs/core_suites.rst"
# The most that may be accepted, counted in test case classes.
LIMIT = 12


def side(outcomes, modules=LOADED, cases=CASES):
    lines = [[case, outcome, ""] for case in cases for outcome in ("listed", "started")]
    return read(map(json.dumps, [*lines, *outcomes, modules]))


def judge(tracked, plain=(), modules=TRACKED, accepted=LIST):
    return compare(side(plain), side(tracked, modules), accepted, "addon")


class TestCompare(unittest.TestCase):
    def assert_red(self, verdict, words):
        self.assertTrue(verdict.failed)
        self.assertIn(words, "\n".join(verdict.problems))

    def test_nothing_fails(self):
        verdict, notices = judge([], accepted={})
        self.assertEqual((verdict.line(), notices), ("3 passed, 0 failed", []))

    def test_fails_with_the_addon_only(self):
        verdict, _notices = judge([["m.D.c", "failed", "AssertionError: 1 != 2"]])
        self.assert_red(verdict, "m.D.c fails with the addon only\n    AssertionError")
        self.assertEqual(verdict.line(), "2 passed, 1 failed")

    def test_fails_on_both_sides(self):
        failed = [["m.D.c", "failed", "KeyError: 'x'"]]
        verdict, notices = judge(failed, failed, accepted={})
        self.assertEqual((verdict.failed, notices), (0, []))

    def test_fails_more_often_with_the_addon(self):
        failed = ["m.D.c", "failed", "KeyError: 'x'"]
        verdict, notices = judge([failed, failed], [failed], accepted={})
        self.assertEqual(verdict.failed, 0)
        self.assertIn("not alike", notices[0])

    def test_accepted_statements(self):
        verdict, notices = judge([["m.C.a", "failed", COUNT.format(3)]] * 2)
        self.assertEqual(verdict.failed, 0)
        self.assertIn("m.C.b is in the list and passes", notices[0])

    def test_more_statements_than_accepted(self):
        verdict, _notices = judge([["m.C.a", "failed", COUNT.format(4)]])
        self.assert_red(verdict, "4 > 2")

    def test_accepted_for_statements_and_fails_otherwise(self):
        failed = [COUNT.format(3), "AssertionError: 1 != 2"]
        verdict, _notices = judge([["m.C.a", "failed", text] for text in failed])
        self.assert_red(verdict, "1 != 2")

    def test_accepted_body(self):
        verdict, _notices = judge([["m.C.b", "failed", "AssertionError: '<p>' != ''"]])
        self.assertEqual(verdict.failed, 0)

    def test_accepted_body_and_an_error(self):
        verdict, _notices = judge([["m.C.b", "failed", "KeyError: 'x'"]])
        self.assert_red(verdict, "KeyError")

    def test_addon_is_not_installed(self):
        verdict, _notices = judge([], modules=LOADED)
        self.assert_red(verdict, "the sides differ in more than addon")

    def test_run_that_broke_off(self):
        verdict, _notices = judge([], modules=["m.C.a", "started", ""])
        self.assert_red(verdict, "has not come to its end")

    def test_case_that_did_not_run(self):
        tracked = side([], TRACKED, CASES[:2])
        verdict, _notices = compare(side([]), tracked, {}, "addon")
        self.assert_red(verdict, "m.D.c has not run with the addon")

    def test_class_that_no_side_can_set_up(self):
        failed = [["setUpClass (m.D)", "failed", "ImportError: x"]]
        plain, tracked = side(failed), side(failed, TRACKED, CASES[:2])
        self.assertEqual(compare(plain, tracked, {}, "addon")[0].failed, 0)

    def test_skipped_with_the_addon_only(self):
        verdict, _notices = judge(
            [["m.C.a", "skipped", NO_BROWSER], ["m.C.b", "skipped", "no reason"]]
        )
        self.assert_red(verdict, "m.C.b is skipped with the addon only: no reason")
        self.assertEqual(verdict.line(), "1 passed, 1 failed, 2 skipped")

    def test_classes_in_question(self):
        tracked = side(
            [
                ["setUpClass (odoo.addons.m.E)", "failed", "ImportError: x"],
                ["m.C.a", "skipped", NO_BROWSER],
                ["m.D.c", "skipped", "no reason"],
            ]
        )
        self.assertEqual(in_question(tracked), ["m.D", "m.E"])


class TestAccepted(unittest.TestCase):
    def setUp(self):
        self.accepted = json.loads(ACCEPTED.read_text())

    def test_few_and_of_a_known_kind(self):
        self.assertLessEqual(len(self.accepted), LIMIT)
        for entry in self.accepted.values():
            for bound in entry["tests"].values():
                self.assertTrue(bound == BODY or bound > 0)

    def test_document_lists_them(self):
        text = " ".join(DOCUMENT.read_text().split())
        for name, entry in self.accepted.items():
            tests = ", ".join(
                f"``{test}`` ({bound})" for test, bound in entry["tests"].items()
            )
            self.assertIn(f"``{name}`` {entry['reason']}: {tests}", text)
        self.assertEqual(text.count("``test_"), self._count() + len(self.accepted))

    def _count(self):
        return sum(len(entry["tests"]) for entry in self.accepted.values())
