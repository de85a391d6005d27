from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .failed_case import FailedCase


class RetryCase(FailedCase, CronMixinCase):
    """Somebody retries, and what the mail server then gets."""

    def setUp(self):
        super().setUp()
        self.carol = self.env["res.partner"].create(
            {"name": "Carol", "email": "carol@example.com"}
        )

    def retry(self, trackings, user=None):
        """Retry as a user; give the trackings retried and the list of problems."""
        self.smtp.messages.clear()
        with self.sending():
            retried, problems = trackings.with_user(user or self.author)._retry()
        return retried, list(problems.values())

    def sent_to(self):
        return sorted(
            to for recipients, _text in self.smtp.messages for to in recipients
        )

    def mails_of(self, message):
        return self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
