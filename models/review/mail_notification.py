from odoo import models

from ...tools.guard import is_being_removed
from ...tools.recipients import recipient_key
from .mail_tracking_email import CORE_FAILURES

# sudo: the user may write core's notification, and its tracking follows.


class MailNotification(models.Model):
    """Mark our failures as reviewed when users ignore core's failures."""

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
            # Before SMTP, core marks them as failed and flushes them: it locks them.
            run.holds_lock |= vals.get("notification_status") == "exception"
        if ignored and not is_being_removed(self.env):
            Tracking = self.env["mail.tracking.email"]
            Tracking._get_of_notifications(ignored.sudo())._set_reviewed(True)
        return result

    def _mail_tracking_key(self):
        """Return the key that the notification shares with its tracking."""
        return (
            self.mail_message_id.id,
            *recipient_key(self.res_partner_id.id, self.mail_email_address),
        )
