from collections import defaultdict

from odoo import models

from odoo.addons.mail.tools.discuss import Store

from ...tools.guard import is_being_removed
from ...tools.recipients import recipient_key

# Types of messages that may have been sent by email without any notification.
SENT_WITHOUT_NOTIFICATION = ("email_outgoing", "auto_comment")

# Context key: notifications are returned without their trackings.
WITHOUT_TRACKING = "mail_tracking_left_out"

# Values of a notification in the store that say whose it is.
KEY_FIELDS = {"mail_message_id", "res_partner_id", "mail_email_address"}

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
            lambda message: message._mail_tracking_is_of_document()
        )
        if not any(message._mail_tracking_may_be_sent() for message in messages_sudo):
            return
        Tracking = self.env["mail.tracking.email"].sudo()
        rows_by_message = Tracking._chatter_rows(messages_sudo.ids)
        row_by_key = {
            (message_id, *_key_of_row(row)): row
            for message_id, rows in rows_by_message.items()
            for row in rows
        }
        # What the store has of the notifications, since reading records and adding
        # values to them all would take three times as long.
        for listed in store.data.get("mail.notification", {}).values():
            if row := row_by_key.pop(_key_of_listed(listed), None):
                value = {"id": listed["id"], "tracking": Tracking._chatter_value(row)}
                store.add_model_values("mail.notification", value)
        unlisted = defaultdict(list)
        for (message_id, *_key), row in row_by_key.items():
            unlisted[message_id].append(Tracking._chatter_recipient(row))
        for message_id, recipients in unlisted.items():
            message_sudo = messages_sudo.browse(message_id)
            store.add(message_sudo, {"tracking_recipients": recipients})

    def _mail_tracking_is_of_document(self):
        return bool(self.model) and self.model != "discuss.channel"

    def _mail_tracking_may_be_sent(self):
        """Return whether the message seems to have trackings, without a query.

        It may have some although it does not seem so: core deletes notifications with
        their contact, and those of its users after half a year. They are found if
        another message of the page needs the query.
        """
        if self.message_type in SENT_WITHOUT_NOTIFICATION:
            return True
        return any(n.notification_type == "email" for n in self.notification_ids)

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


def _key_of_listed(values):
    """Return the message and key of a notification as the store has it.

    :return: None for notifications in Odoo, by text message or letter, and for those
        of which another module has added some values only
    """
    if values.get("notification_type") != "email" or not values.keys() >= KEY_FIELDS:
        return None
    key = recipient_key(values["res_partner_id"], values["mail_email_address"])
    return (values["mail_message_id"], *key)


def _key_of_notification(notification):
    return recipient_key(
        notification.res_partner_id.id, notification.mail_email_address
    )
