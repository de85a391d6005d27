from odoo import models

from ...tools.states import FAILED_STATES, fold_addresses, left_out

# sudo: whoever sends may not read trackings; these belong to mails being sent.


class MailMail(models.Model):
    """Send to some of a contact's several addresses; find those that were refused."""

    # A topic of its own; merged, the class would be too long to read.
    _inherit = "mail.mail"  # pylint: disable=consider-merging-classes-inherited

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
