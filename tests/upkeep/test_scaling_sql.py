import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ...providers.registry import PROVIDERS

SCALING = Path(__file__).parents[2] / "docs/scaling.rst"
STATEMENT = re.compile(r"^ {4}((?:SELECT|ALTER TABLE)\b.*?);$", re.M | re.S)
NGINX = SCALING.parent / "scaling/nginx.conf"


@tagged("post_install", "-at_install")
class TestScalingSql(TransactionCase):
    """What docs/scaling.rst gives to administrators: statements and a web server."""

    def test_statements_run(self):
        statements = STATEMENT.findall(SCALING.read_text())
        self.assertGreaterEqual(len(statements), 5)
        for statement in statements:
            # The name of a partition is an example.
            existing = re.sub(r"(mail_tracking_event)_\d+", r"\1", statement)
            with self.subTest(statement), self.cr.savepoint():
                self.cr.execute(existing)

    def test_nginx_lets_the_longest_request_through(self):
        [limit] = re.findall(r"client_max_body_size (\d+)m;", NGINX.read_text())
        longest = max(provider.max_bytes for provider in PROVIDERS.values())
        self.assertGreaterEqual(int(limit) * 2**20, longest)
