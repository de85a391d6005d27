from psycopg2.errors import DivisionByZero

from odoo.tests import tagged

from ...controllers.open_pixel import SingleStatements
from ..helpers.committed_case import CommittedCase

NAME = "single_statements@example.com"
WRITE = "UPDATE mail_tracking_email SET sender = %s WHERE id = %s"
SENT_LAST = "SELECT query FROM pg_stat_activity WHERE pid = %s"


@tagged("post_install", "-at_install")
class TestSingleStatements(CommittedCase):
    def setUp(self):
        super().setUp()
        _mails, [(self.tracking_id, _token)] = self.new_committed_mails(1)
        self.cr = self.enterContext(self.registry.cursor())

    def rename(self):
        self.cr.execute(WRITE, [NAME, self.tracking_id])

    def level(self):
        self.cr.execute("SHOW transaction_isolation")
        return self.cr.fetchone()[0]

    def is_committed(self):
        with self.committed() as env:
            tracking = env["mail.tracking.email"].browse(self.tracking_id)
            return tracking.sender == NAME

    def test_each_is_committed_by_itself(self):
        self.cr.execute("SELECT 1")  # core has read the session
        with SingleStatements(self.cr):
            self.assertEqual(self.level(), "read committed")
            self.rename()
            self.assertTrue(self.is_committed())
        self.assertEqual(self.level(), "repeatable read")

    def test_nothing_else_is_sent_to_the_server(self):
        with SingleStatements(self.cr):
            self.rename()
        process = self.cr.connection.get_backend_pid()
        with self.committed() as env:
            env.cr.execute(SENT_LAST, [process])
            self.assertTrue(env.cr.fetchone()[0].startswith("UPDATE"))

    def test_a_transaction_goes_on_after_the_block(self):
        with SingleStatements(self.cr) as statements:
            self.level()
            for _again in range(2):
                statements.begin()
                self.assertEqual(self.level(), "read committed")
            self.rename()
        self.assertFalse(self.is_committed())
        self.cr.rollback()
        self.assertFalse(self.is_committed())

    def test_an_error_leaves_the_cursor_usable(self):
        with (
            self.assertRaises(DivisionByZero),
            self.assertLogs("odoo.sql_db", "ERROR"),
            SingleStatements(self.cr),
        ):
            self.cr.execute("SELECT 1 / 0")
        self.assertEqual(self.level(), "repeatable read")
