import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

SCALING = Path(__file__).parents[2] / "docs/scaling.rst"
STATEMENT = re.compile(r"^ {4}((?:SELECT|ALTER TABLE)\b.*?);$", re.M | re.S)


@tagged("post_install", "-at_install")
class TestScalingSql(TransactionCase):
    """The statements that docs/scaling.rst gives to administrators."""

    def test_statements_run(self):
        statements = STATEMENT.findall(SCALING.read_text())
        self.assertGreaterEqual(len(statements), 5)
        for statement in statements:
            # The name of a partition is an example.
            existing = re.sub(r"(mail_tracking_event)_\d+", r"\1", statement)
            with self.subTest(statement), self.cr.savepoint():
                self.cr.execute(existing)
