from odoo import models

from ...tools.guard import never_break_mail
from ...tools.states import FAILED_STATES, fold_addresses, left_out

# sudo: whoever sends may not read trackings; these belong to mails being sent.


class MailMail(models.Model):
    """Send to some of a contact's several addresses, and see that core tells it."""

    # A topic of its own; merged, the class would be too long to read.
    _inherit = "mail.mail"  # pylint: disable=consider-merging-classes-inherited

    def _mail_tracking_left_out(self, trackings):
        """Return which of a contact's several addresses this attempt leaves out.

        :param trackings: all trackings that sending has looked up; only those of a
            later attempt cost a query
        :return: dict from tracking id to the values of `Tracked` that tell it
        """
        several = (
            self.env["mail.tracking.email"]
            .sudo()
            .union(*(t for t in trackings if t.attempt > 1 and t.other_addresses))
        )
        values = {}
        for tracking in several.filtered("recipient_address"):
            own, *others = tracking._addresses()
            known = (tracking._facts(), tracking.attempt, own, others)
            left, states = left_out(*known), fold_addresses(*known)
            failed = any(states.get(address) in FAILED_STATES for address in left)
            values[tracking.id] = {
                "left_out": frozenset(left),
                "failure": failed and (tracking.error_description or "") or None,
            }
        return values

    def _mail_tracking_partly(self):
        """Return the recipients of whom the server has refused an address.

        Core calls them sent, since another of their addresses was accepted.

        :return: dict from tuple (id of the message, id of the partner) to the words of
            the server
        """
        run = self.env.context.get("mail_tracking_run")
        refused = {}
        with never_break_mail("see who was partly refused"):
            for mail in self if run else ():
                for tracked, words in run.partly_refused(mail.id):
                    refused[mail.mail_message_id.id, tracked.partner_id] = words
        return refused
