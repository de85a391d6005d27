from odoo import api, models

# sudo: whoever sends may not write the notifications of others.


class MailNotification(models.Model):
    """Let core call recipients failed when one of their addresses was refused."""

    _inherit = "mail.notification"

    @api.model
    def _mail_tracking_partly_refused(self, words_by_recipient):
        """Set notifications that core has just called sent to failed.

        :param dict words_by_recipient: tuple (id of the message, id of the partner) to
            the words of the server
        """
        if not words_by_recipient:
            return
        sent = self.sudo().search(
            [
                ("mail_message_id", "in", [key[0] for key in words_by_recipient]),
                ("res_partner_id", "in", [key[1] for key in words_by_recipient]),
                ("notification_type", "=", "email"),
                ("notification_status", "=", "sent"),
            ]
        )
        failed = self.browse()
        for notification in sent:
            key = (notification.mail_message_id.id, notification.res_partner_id.id)
            if key in words_by_recipient:
                notification.write(
                    {
                        "notification_status": "exception",
                        "failure_type": "unknown",
                        "failure_reason": words_by_recipient[key],
                    }
                )
                failed += notification
        messages = failed.mail_message_id.sudo(False)
        messages._notify_message_notification_update()
