from odoo import models

from odoo.addons.mail.tools.discuss import Store

from ...tools.guard import is_being_removed, never_break_mail
from ..recipients.mail_mail import NOTIFIES_ONLY

# sudo: the callers have filtered the messages by the rights of the user.


class MailMessage(models.Model):
    """Return the failures of messages to the web client when it asks for them."""

    _inherit = "mail.message"

    def unlink(self):
        if is_being_removed(self.env):
            return super().unlink()
        seen = {}
        with never_break_mail("look up the failures of deleted messages"):
            seen = self._mail_tracking_seen_failures()
        with never_break_mail("cancel the mails of deleted messages"):
            self._mail_tracking_cancel_waiting()
        result = super().unlink()
        with never_break_mail("count failures without deleted messages"):
            self._mail_tracking_recount(seen)
        return result

    def _mail_tracking_seen_failures(self):
        """Return the documents on somebody's screen that count these failures.

        No query for messages whose failures nobody counts: those that belong to a mail
        alone, and those that are deleted with their mail when it is sent.

        :return: dict from tuple (model, id) of a document to a dict from the ids of its
            messages to the targets of the bus
        """
        is_sending = "mail_tracking_run" in self.env.context
        counted = self.sudo().filtered(
            lambda message: (
                not is_sending
                and message.model
                and message.res_id
                and message.message_type != NOTIFIES_ONLY
            )
        )
        if not counted:
            return {}
        # sudo: whoever may delete the messages changes the counters
        Tracking = self.env["mail.tracking.email"].sudo()
        failures = Tracking.search(
            [
                ("mail_message_id", "in", counted.ids),
                ("is_failed", "=", True),
                ("reviewed", "=", False),
                ("outranked", "=", False),
            ]
        )
        targets = failures and Tracking._audience(failures.mail_message_id.ids)
        seen = {}
        for failure in failures.filtered(lambda f: f.mail_message_id.id in targets):
            messages = seen.setdefault((failure.model, failure.res_id), {})
            message_id = failure.mail_message_id.id
            messages[message_id] = targets[message_id]
        return seen

    def _mail_tracking_recount(self, seen):
        """Push the counters as they are without the messages.

        :param dict seen: from `_mail_tracking_seen_failures`
        """
        if not seen:
            return
        Tracking = self.env["mail.tracking.email"].sudo()
        threads = Tracking._failed_threads(set(seen))
        for document, targets in seen.items():
            values = {"mail.thread": threads[document]}
            Tracking._push(dict.fromkeys(targets, values), targets)
            Tracking._push_boxes({to for users in targets.values() for to in users})

    def _mail_tracking_failures_to_store(self, store: Store):
        """Add the unreviewed failures of the messages to the store, with one query.

        Only for internal users who may read the messages.
        """
        failures = self.env["mail.tracking.email"]._failures_by_message(self.ids)
        store.add(
            self,
            [Store.Attr("tracking_failures", lambda message: failures[message.id])],
        )
