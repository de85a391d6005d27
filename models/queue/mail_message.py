from odoo import models
from odoo.fields import Domain


class MailMessage(models.Model):
    """Cancel the mails of deleted messages, which PostgreSQL deletes with them."""

    _inherit = "mail.message"

    def _mail_tracking_cancel_waiting(self):
        """Cancel the trackings that still wait for a mail of these messages.

        Not while a mail is being sent: sending may delete its message.
        """
        if "mail_tracking_run" in self.env.context:
            return
        # sudo: whoever may delete the message cancels its mails
        Tracking = self.env["mail.tracking.email"].sudo()
        mails = Tracking.env["mail.mail"]._search([("mail_message_id", "in", self.ids)])
        # Mails that delete their message when they are sent have the only link to it.
        is_of_message = Domain("mail_message_id", "in", self.ids)
        is_of_message |= Domain("mail_id", "in", mails)
        waiting = Tracking.search(is_of_message & Domain("state", "=", "waiting"))
        # What this very transaction has sent is raised to "sent" after the commit.
        waiting = waiting.filtered(lambda tracking: tracking._has_begun())
        waiting._add_events(
            {
                "event_type": "canceled",
                "source": "queue",
                "diagnostic": self.env._("The message was deleted"),
            }
        )
        waiting._update_state()
