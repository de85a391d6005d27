import json
import sys
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mail.tools.discuss import Store

from ...models.chatter.mail_message import MailMessage
from ..helpers.tracking_case import TrackingCase

# Of Python's calls, which are the same in each run; time is not.
LIMIT = 1.06


@tagged("post_install", "-at_install")
class TestChatterCost(TrackingCase):
    """What the statuses add to the cost of a page of messages."""

    def test_calls_of_a_page(self):
        people = self.env["res.partner"].create(
            [{"name": f"P{i}", "email": f"p{i}@example.com"} for i in range(10)]
        )
        messages = self.env["mail.message"].concat(
            *(self.post(people) for _number in range(6))
        )
        self.assertEqual(len(messages.notification_ids), 60)
        messages = messages.with_user(self.env.ref("base.user_admin"))
        with patch.object(MailMessage, "_mail_tracking_to_store", lambda *_args: None):
            plain = self.count_calls(messages)
        self.assertLess(self.count_calls(messages), LIMIT * plain)

    def count_calls(self, messages):
        """Return the number of Python's calls of a page, once caches are warm."""
        calls = 0

        def count(_frame, event, _argument):
            nonlocal calls
            calls += event in ("call", "c_call")

        for _time in range(2):
            calls = 0
            self.env.invalidate_all()
            former = sys.getprofile()
            sys.setprofile(count)
            try:
                json.dumps(Store().add(messages).get_result())
            finally:
                sys.setprofile(former)
        return calls
