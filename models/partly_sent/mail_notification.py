from odoo import api, models

# sudo: whoever sends may not write the notifications of others.


class MailNotification(models.Model):
    """Correct what core says of contacts who got a mail at some addresses only."""

    _inherit = "mail.notification"

    @api.model
    def _mail_tracking_partly_refused(self, answer_by_recipient):
        """Set notifications to failed that core has just set to sent.

        :param dict answer_by_recipient: see `mail.mail._mail_tracking_partly`
        """
        if not answer_by_recipient:
            return
        message_ids, partner_ids = zip(*answer_by_recipient, strict=True)
        sent = self.sudo().search(
            [
                ("mail_message_id", "in", message_ids),
                ("res_partner_id", "in", partner_ids),
                ("notification_type", "=", "email"),
                ("notification_status", "=", "sent"),
            ]
        )
        failed = self.browse()
        for notification in sent:
            key = (notification.mail_message_id.id, notification.res_partner_id.id)
            if key in answer_by_recipient:
                notification.write(
                    {
                        "notification_status": "exception",
                        "failure_type": "unknown",
                        "failure_reason": answer_by_recipient[key],
                    }
                )
                failed += notification
        messages = failed.mail_message_id.sudo(False)
        messages._notify_message_notification_update()
