from odoo import models

from ...tools.states import FAILED_STATES, fold_addresses, left_out

# sudo: whoever sends may not read trackings; these belong to mails being sent.


class MailMail(models.Model):
    """Find recipients and addresses that a mail does not go to, or was refused for."""

    # A topic of its own; merged, the class would be too long to read.
    _inherit = "mail.mail"  # pylint: disable=consider-merging-classes-inherited

    def _mail_tracking_leftover(self, trackings_by_key, recipients_by_mail):
        """Return the waiting trackings of recipients who have left their mail.

        :param dict trackings_by_key: from `_mail_tracking_known`
        :param dict recipients_by_mail: from `_mail_tracking_recipients`
        :return: dict from the id of a mail to its trackings
        """
        keys_by_mail = {
            mail.id: {recipient.key for recipient in recipients}
            for mail, recipients in recipients_by_mail.items()
        }
        leftover = {}
        for (scope, mail_id, *key), tracking in trackings_by_key.items():
            keys = keys_by_mail.get(mail_id) if scope == "mail" else None
            if keys is None or tuple(key) in keys or tracking.state != "waiting":
                continue
            if tracking.mail_id == mail_id:
                leftover.setdefault(mail_id, tracking.browse())
                leftover[mail_id] += tracking
        return leftover

    def _mail_tracking_canceled_values(self, left):
        """Return the events of recipients who had left the mail before it was sent.

        :param left: trackings of these recipients, or None
        """
        text = self.env._("No longer a recipient of the email when it was sent")
        return [
            {
                "tracking_email_id": tracking.id,
                "attempt": tracking.attempt,
                "event_type": "canceled",
                "source": "queue",
                "diagnostic": text,
            }
            for tracking in left or ()
        ]

    def _mail_tracking_left_out(self, trackings):
        """Return which of a contact's several addresses this attempt leaves out.

        :param trackings: all trackings that sending has looked up; only those of a
            later attempt cost a query
        :return: dict from tracking id to a dict of the fields `left_out` and `failure`
            of `Tracked`
        """
        several = (
            self.env["mail.tracking.email"]
            .sudo()
            .union(*(t for t in trackings if t.attempt > 1 and t.other_addresses))
        )
        values = {}
        for tracking in several.filtered("recipient_address"):
            own, *others = tracking._addresses()
            history = (tracking._facts(), tracking.attempt, own, others)
            addresses, states = left_out(*history), fold_addresses(*history)
            has_failed = any(states.get(one) in FAILED_STATES for one in addresses)
            values[tracking.id] = {
                "left_out": frozenset(addresses),
                "failure": (tracking.error_description or "") if has_failed else None,
            }
        return values

    def _mail_tracking_partly(self):
        """Return the contacts who got a mail at some of their addresses only.

        Core calls them sent.

        :return: dict from tuple (id of the message, id of the contact) to the
            answer of the server that has refused the others
        """
        run = self.env.context.get("mail_tracking_run")
        if not run:
            return {}
        return {
            (mail.mail_message_id.id, tracked.partner_id): answer
            for mail in self
            for tracked, answer in run.partly_refused(mail.id)
        }
