from odoo import models

# sudo: the right to post on the document was checked; mails are administrators'.


class MailMessage(models.Model):
    """Recreate the mail of a message for the recipients who did not receive it."""

    _inherit = "mail.message"

    def _mail_tracking_rebuild(self, failed):
        """Notify recipients again with mails created from the message.

        Core deletes a mail when an address was missing or invalid. What core does not
        store is lost: headers and subtitles that a module had added.

        :param failed: trackings in sudo of this message, whose next attempt has begun
        :return: the trackings that have a new mail
        """
        self.ensure_one()
        record = self._mail_tracking_record()
        message = self.with_env(record.env)
        # A message has one notification per recipient.
        failed._get_notifications().unlink()
        for recipient_data in self._mail_tracking_recipients_data(record, failed):
            # One by one: core gives up a mail when one recipient is refused.
            record._notify_thread_by_email(message, [recipient_data], force_send=False)
        mail_by_key = {
            notification._mail_tracking_key(): notification.mail_mail_id
            for notification in failed._get_notifications()
        }
        made = failed.browse()
        for tracking in failed:
            if mail := mail_by_key.get(tracking._notification_key()):
                tracking.mail_id = mail.id
                made += tracking
        return made

    def _mail_tracking_record(self):
        """Return the document with the rights of the author, who signs the mail.

        :return: record of a thread, empty for a message without one
        """
        author_user = self.sudo().author_id.main_user_id
        is_thread = self.model and isinstance(
            self.env[self.model], self.env.registry["mail.thread"]
        )
        if not is_thread:
            return self.env["mail.thread"]
        record = self.env[self.model].browse(self.res_id)
        if author_user.active and author_user._is_internal():
            as_author = record.with_user(author_user)
            own = as_author.env["res.users"].context_get()
            # Not the companies that another user has selected.
            as_author = as_author.with_context(**own, allowed_company_ids=[])
            if as_author.has_access("read"):
                return as_author
        return record

    def _mail_tracking_recipients_data(self, record, failed):
        """Return the recipients as `mail.thread._notify_get_recipients` does."""
        recipients_data = []
        if failed.partner_id:
            followers = self.env["mail.followers"]._get_recipient_data(
                record or None, "user_notification", False, pids=failed.partner_id.ids
            )
            for data in followers[record.id if record else 0].values():
                recipients_data.append({**data, "notif": "email"})
        for tracking in failed.filtered(lambda tracking: not tracking.partner_id):
            recipients_data.append(
                {
                    "active": True,
                    "email_normalized": tracking.recipient_address,
                    "id": False,
                    "is_follower": False,
                    "name": tracking.recipient,
                    "lang": False,
                    "groups": [],
                    "notif": "email",
                    "share": True,
                    "type": "customer",
                    "uid": False,
                    "ushare": False,
                }
            )
        return recipients_data
