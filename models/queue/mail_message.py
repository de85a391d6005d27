from odoo import models


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
        waiting = Tracking.search(
            [("mail_message_id", "in", self.ids), ("state", "=", "waiting")]
        )
        waiting._add_events(
            {
                "event_type": "canceled",
                "source": "queue",
                "diagnostic": self.env._("The message was deleted"),
            }
        )
        waiting._update_state()
