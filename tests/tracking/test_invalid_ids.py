from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..helpers.tracking_case import TrackingCase
from . import access_table as table

IDS = (["x"], [2**40], [10**30], [[1]], [None], [1.5], [{}], ["1"], [-1], [0], "x", 7)
LIMITS = ("2", 2, 10**12, 2.0, None, False, 0)


@tagged("post_install", "-at_install")
class TestInvalidIds(TrackingCase):
    """Public methods get invalid ids by RPC."""

    def outcome(self, records, method, *arguments):
        """Return the class of the error that a call ends with, None without one."""
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                call_kw(records, method, arguments, {})
        except UserError:  # and what inherits it: a clear word, and no traceback
            return None
        except Exception as error:  # noqa: BLE001
            return type(error)
        return None

    @mute_logger("odoo.sql_db")
    def test_ids(self):
        """Public methods accept and refuse the same ids as core's `read`.

        The others it hands on to PostgreSQL unchecked, for any method of any model.
        """
        colleague = new_test_user(self.env, "malformed", "base.group_partner_manager")
        for name, kinds in table.METHODS.items():
            model, _dot, method = name.rpartition(".")
            model = "res.partner" if model == "mail.thread" else model
            records = self.env[model].with_user(colleague)
            is_of_model = getattr(getattr(records, method), "_api_model", False)
            if table.EMPLOYEE not in kinds or is_of_model:  # takes no ids
                continue
            for ids in IDS:
                with self.subTest(method=name, ids=ids):
                    if not self.outcome(records, "read", ids, ["display_name"]):
                        self.assertIsNone(self.outcome(records, method, ids))

    def test_pages(self):
        """Pages of employees accept the same arguments as core's."""
        employee = new_test_user(self.env, "malformed", email="m@example.com")
        self.post(self.alice + self.bob)
        theirs = self.Tracking.with_user(employee)
        readable = theirs.search([])
        self.assertEqual(len(readable), 2)
        for limit in LIMITS:
            self.assertEqual(theirs.search([], limit=limit), readable, limit)
        self.assertEqual(theirs.search([], offset="1", limit=1), readable[1])
        self.assertEqual(theirs.search_count([], limit="1"), 1)
