from odoo import models

from odoo.addons.mail.tools.discuss import Store

from .recipients import recipient_key

# Types of messages that may have been sent by e-mail without any notification.
SENT_WITHOUT_NOTIFICATION = ("email_outgoing", "auto_comment")


class MailMessage(models.Model):
    """Give the statuses of its recipients to the web client, with the message."""

    _inherit = "mail.message"

    def _to_store(self, store: Store, fields, **kwargs):
        is_formatted = "message_format" in fields  # super() takes it out
        result = super()._to_store(store, fields, **kwargs)
        if is_formatted:
            self._mail_tracking_to_store(store)
        return result

    def _message_notifications_to_store(self, store: Store):
        result = super()._message_notifications_to_store(store)
        self._mail_tracking_to_store(store)
        return result

    def _mail_tracking_to_store(self, store):
        """Add the trackings of the messages to the store, with at most one query.

        Nothing for portal users, public users and guests, and no query for pages on
        which nothing was sent by e-mail.
        """
        if not store.target.is_internal(self.env):
            return
        # sudo: what core shows of the notifications of a readable message is shown
        # to every internal user, and so is what became of them
        messages_sudo = self.sudo().filtered(
            lambda message: message._mail_tracking_may_be_sent()
        )
        if not messages_sudo:
            return
        Tracking = self.env["mail.tracking.email"].sudo()
        rows_by_message = Tracking._chatter_rows(messages_sudo.ids)
        for message in messages_sudo.filtered(lambda m: m.id in rows_by_message):
            rows = rows_by_message[message.id]
            row_by_key = {_key_of_row(row): row for row in rows}
            for notification in message._mail_tracking_listed():
                if row := row_by_key.get(_key_of_notification(notification)):
                    store.add(notification, {"tracking": Tracking._chatter_value(row)})
            if unlisted := message._mail_tracking_unlisted(rows):
                recipients = [Tracking._chatter_recipient(row) for row in unlisted]
                store.add(message, {"tracking_recipients": recipients})

    def _mail_tracking_may_be_sent(self):
        """Tell whether the message can have trackings, without a query."""
        if not self.model or self.model == "discuss.channel":
            return False
        if self.message_type in SENT_WITHOUT_NOTIFICATION:
            return True
        kinds = self.notification_ids.mapped("notification_type")
        return "email" in kinds

    def _mail_tracking_listed(self):
        """Give the notifications by e-mail that core lists beside the message."""
        return self.notification_ids._filtered_for_web_client().filtered(
            lambda notification: notification.notification_type == "email"
        )

    def _mail_tracking_unlisted(self, rows):
        """Give the trackings whose recipients core does not list beside the message.

        :param list rows: of `mail.tracking.email._chatter_rows`, of this message
        """
        listed = {_key_of_notification(n) for n in self._mail_tracking_listed()}
        return [row for row in rows if _key_of_row(row) not in listed]


def _key_of_row(row):
    return recipient_key(
        row["partner_id"], row["recipient_address"] or row["recipient"]
    )


def _key_of_notification(notification):
    return recipient_key(
        notification.res_partner_id.id, notification.mail_email_address
    )
