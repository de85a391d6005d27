from odoo.tests import tagged

from ..helpers.auto_retry_case import GREYLISTED, AutoRetryCase


@tagged("post_install", "-at_install")
class TestRemovedMessages(AutoRetryCase):
    """A message is removed from the chatter while it waits to be sent again."""

    def remove(self):
        with self.committed() as env:
            message = env["mail.message"].browse(self.message_id)
            document = self.document.with_env(env)
            document._message_update_content(message, body="", attachment_ids=[])
            self.assertTrue(message._is_empty())

    def test_is_not_sent_again(self):
        self.smtp.refused["p0@example.com"] = GREYLISTED
        self.smtp.refused["p1@example.com"] = "550 5.1.1 Unknown"
        first, second = self.post(2)
        self.assertEqual(self.values_of(first)[:2], ("waiting", 2))
        self.smtp.refused.clear()
        self.remove()
        self.assertEqual(self.values_of(first), ("canceled", 2, None, "canceled"))
        self.run_queue(minutes=60)
        self.assertFalse(self.copies())
        self.assertEqual(self.values_of(second)[0], "canceled")

    def test_first_attempt_goes_out_as_without_the_addon(self):
        self.document = self.document.with_context(mail_notify_force_send=False)
        (tracking_id,) = self.post()
        self.remove()
        self.run_queue()
        self.assertEqual(self.values_of(tracking_id)[0], "sent")
        self.assertEqual(self.copies(), {"p0@example.com": 1})
