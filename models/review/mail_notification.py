from odoo import models

from ...tools.guard import is_being_removed
from ...tools.recipients import recipient_key
from .mail_tracking_email import CORE_FAILURES

# sudo: core's notification was written by whoever may; its tracking follows.


class MailNotification(models.Model):
    """Follow what core writes: who ignores its failures has reviewed ours."""

    _inherit = "mail.notification"

    def write(self, vals):
        ignored = self.browse()
        if vals.get("notification_status") == "canceled":
            ignored = self.filtered(
                lambda notification: (
                    notification.notification_type == "email"
                    and notification.notification_status in CORE_FAILURES
                )
            )
        result = super().write(vals)
        if run := self.env.context.get("mail_tracking_run"):
            # Before SMTP core makes them failures, in the database too.
            run.holds_lock |= vals.get("notification_status") == "exception"
        if ignored and not is_being_removed(self.env):
            Tracking = self.env["mail.tracking.email"]
            Tracking._get_of_notifications(ignored.sudo())._set_reviewed(True)
        return result

    def _mail_tracking_key(self):
        """Return what the notification and a tracking have in common."""
        return (
            self.mail_message_id.id,
            *recipient_key(self.res_partner_id.id, self.mail_email_address),
        )
