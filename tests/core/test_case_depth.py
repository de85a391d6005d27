import ast
from pathlib import Path

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parents[2]
DEEPEST = 2


def cases(folder):
    """Return the classes of a folder of tests: names to the names of their bases."""
    return {
        node.name: [base.id for base in node.bases if isinstance(base, ast.Name)]
        for file in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.ClassDef)
    }


@tagged("post_install", "-at_install")
class TestCaseDepth(BaseCase):
    """Who reads a test has at most two more classes of ours above it to read."""

    def test_cases_are_at_most_two_deep(self):
        for folder in ("tests", "tests_live"):
            bases = cases(folder)

            def depth(name, bases=bases):
                """Return how many classes of ours are above one."""
                own = [base for base in bases[name] if base in bases]
                return max((1 + depth(base) for base in own), default=0)

            deep = {name for name in bases if depth(name) > DEEPEST}
            with self.subTest(folder):
                self.assertGreater(len(bases), 20)
                self.assertEqual(deep, set())
