from odoo.tests import HttpCase, tagged

from ..helpers.failed_case import FailedCase
from ..helpers.smtp_server import sending


@tagged("post_install", "-at_install")
class TestFailedTours(FailedCase, HttpCase):
    """Tours: a user corrects a mail that a real server has refused."""

    def setUp(self):
        super().setUp()
        self.message, self.failure = self.post_failed(self.bob)
        self.smtp.messages.clear()

    def test_fail_see_correct_retry_gone(self):
        with sending():
            self.start_tour(
                f"/odoo/res.partner/{self.document.id}",
                "mail_activity_tracking.failed_corrected",
                login=self.author.login,
            )
        self.assertEqual(self.bob.email, "better@example.com")
        (mail,) = self.smtp.messages
        self.assertEqual(mail[0], ["better@example.com"])
        self.assertTracked(
            self.failure, "sent", ["queued", "error", "queued", "sent"], attempt=2
        )
        self.assertEqual(self.failures_of(self.author), 0)

    def test_review_and_undo(self):
        self.start_tour(
            "/odoo/discuss",
            "mail_activity_tracking.failed_reviewed",
            login=self.author.login,
        )
        self.assertEqual(self.failure.state, "error")
        self.assertTrue(self.failure.reviewed)
        self.assertEqual(self.message.notification_ids.notification_status, "canceled")
        self.assertFalse(self.smtp.messages)
