from odoo import models

from odoo.addons.mail.tools.discuss import Store

from ...tools.guard import is_being_removed
from ...tools.recipients import recipient_key

# Types of messages that may have been sent by email without any notification.
SENT_WITHOUT_NOTIFICATION = ("email_outgoing", "auto_comment")

# Context key: notifications are returned without their trackings.
WITHOUT_TRACKING = "mail_tracking_left_out"

# Key of the dict from a document to where its messages moved in this transaction.
MOVED = "mail_activity_tracking.moved"


class MailMessage(models.Model):
    """Return the statuses of the recipients to the web client, with the message.

    Trackings also move along when their message goes to another document, for example
    when contacts or leads are merged.
    """

    _inherit = "mail.message"

    def write(self, vals):
        is_moved = ("model" in vals or "res_id" in vals) and not is_being_removed(
            self.env
        )
        former = self._mail_tracking_documents() if is_moved else {}
        result = super().write(vals)
        if is_moved:
            # sudo: nobody may write trackings; they follow their message
            self.env["mail.tracking.email"].sudo()._move_with_messages(self)
            present = self._mail_tracking_documents()
            moved = self.env.cr.precommit.data.setdefault(MOVED, {})
            moved.update(
                (former[message_id], document)
                for message_id, document in present.items()
                if document != former[message_id]
            )
        return result

    def _mail_tracking_documents(self):
        """Return the documents of the messages: dict from id to (model, id)."""
        # sudo: nobody is shown the documents of the messages
        return {message.id: (message.model, message.res_id) for message in self.sudo()}

    def _to_store(self, store: Store, fields, **kwargs):
        is_formatted = "message_format" in fields  # super() takes it out
        result = super()._to_store(store, fields, **kwargs)
        if is_formatted:
            self._mail_tracking_to_store(store)
        return result

    def _message_notifications_to_store(self, store: Store):
        result = super()._message_notifications_to_store(store)
        if WITHOUT_TRACKING not in self.env.context:
            self._mail_tracking_to_store(store)
        return result

    def _mail_tracking_to_store(self, store):
        """Add the trackings of the messages to the store, with at most one query.

        Nothing for portal users, public users and guests, and no query for pages
        without messages sent by email.
        """
        if not store.target.is_internal(self.env):
            return
        # sudo: core shows the notifications of a readable message to every internal
        # user, and the same goes for their trackings
        messages_sudo = self.sudo().filtered(
            lambda message: message._mail_tracking_may_be_sent()
        )
        if not messages_sudo:
            return
        Tracking = self.env["mail.tracking.email"].sudo()
        rows_by_message = Tracking._chatter_rows(messages_sudo.ids)
        value_by_id = {}
        in_store = store.data.get("mail.notification", {})
        for message in messages_sudo.filtered(lambda m: m.id in rows_by_message):
            row_by_key = {_key_of_row(row): row for row in rows_by_message[message.id]}
            for notification in message._mail_tracking_by_email():
                key = _key_of_notification(notification)
                if (notification.id,) in in_store and key in row_by_key:
                    value = Tracking._chatter_value(row_by_key.pop(key))
                    value_by_id[notification.id] = value
            if row_by_key:
                unlisted = map(Tracking._chatter_recipient, row_by_key.values())
                store.add(message, {"tracking_recipients": list(unlisted)})
        # All at once: a call for each one would take a tenth of the page's time.
        store.add(
            self.env["mail.notification"].sudo().browse(value_by_id),
            [Store.Attr("tracking", lambda n: value_by_id[n.id])],
        )

    def _mail_tracking_may_be_sent(self):
        """Return whether the message can have trackings, without a query."""
        if not self.model or self.model == "discuss.channel":
            return False
        if self.message_type in SENT_WITHOUT_NOTIFICATION:
            return True
        kinds = self.notification_ids.mapped("notification_type")
        return "email" in kinds

    def _mail_tracking_by_email(self):
        return self.notification_ids.filtered(
            lambda notification: notification.notification_type == "email"
        )

    def _mail_tracking_listed(self):
        """Return the notifications by email that core lists beside the message."""
        return self._mail_tracking_by_email()._filtered_for_web_client()

    def _mail_tracking_unlisted(self, rows):
        """Return the trackings whose recipients core does not list beside the message.

        :param list rows: rows of this message, from `mail.tracking.email._chatter_rows`
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
