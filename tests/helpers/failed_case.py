from odoo.tests import new_test_user

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .smtp_server import sending
from .tracking_case import TrackingCase


class FailedCase(TrackingCase, CronMixinCase):
    """An employee whose mails are refused, and who retries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.author, cls.colleague = (
            new_test_user(
                cls.env,
                login,
                groups="base.group_user,base.group_partner_manager",
                email=f"{login}@example.com",
                name=login.title(),
            )
            for login in ("author", "colleague")
        )
        cls.carol = cls.env["res.partner"].create(
            {"name": "Carol", "email": "carol@example.com"}
        )

    def post_failed(self, partners, answer="550 5.1.1 No such user", **values):
        """Post as the author to partners, all of whom are refused.

        :return: the message and the trackings, in the order of the partners
        """
        # All of them: core gives up at the first, and the order is its own.
        self.smtp.refused.update(dict.fromkeys(partners.mapped("email"), answer))
        self.document = self.document.with_user(self.author)
        message = self.post(partners, **values).with_env(self.env)
        by_partner = self.trackings_of(message).grouped("partner_id")
        return message, self.Tracking.union(*(by_partner[p] for p in partners))

    def failures_of(self, user):
        """Return the counter of a user's mailbox."""
        return self.Tracking._failed_counters(user.partner_id.ids)[user.partner_id.id]

    def retry(self, trackings, user=None):
        """Retry as a user and return the trackings retried and the obstacles."""
        self.smtp.messages.clear()
        with sending():
            retried, obstacles = trackings.with_user(user or self.author)._retry()
        return retried, list(obstacles.values())

    def sent_to(self):
        return sorted(
            to for recipients, _text in self.smtp.messages for to in recipients
        )

    def mails_of(self, message):
        return self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
