from odoo import models
from odoo.exceptions import AccessError

from ...tools.states import COMPLAINT_STATES, COMPLAINTS, WITHDRAWAL


class MailTrackingEmail(models.Model):
    """Withdraw a wrong complaint: a person's mistake, or a forged report.

    Nothing is deleted: an event names the complaint that it withdraws, and the state is
    folded again without that. If the same report comes again, it is known already.
    """

    # A topic of its own; merged, the class would be too long to read.
    _inherit = "mail.tracking.email"  # pylint: disable=consider-merging-classes-inherited

    def action_withdraw_complaints(self):
        """Withdraw the complaints about these mails.

        :raise AccessError: unless the user is an administrator
        """
        if not self.env.user._is_system():
            raise AccessError(
                self.env._("Only an administrator can take back a complaint.")
            )
        self.check_access("read")
        # sudo: nobody may write trackings; this administrator may read them
        self.sudo()._withdraw_complaints(self.env.user.name)

    def _withdraw_complaints(self, name):
        """Insert the events that withdraw complaints, and update the states.

        The states may go down, so they are updated in a transaction of their own, which
        sees what was reported meanwhile.

        :param str name: name of the user who withdraws them
        """
        complaints = self.filtered(lambda t: t.state in COMPLAINT_STATES)
        withdrawn = complaints.tracking_event_ids.mapped("withdrawn_event_id")
        values_list = [
            {
                "tracking_email_id": event.tracking_email_id.id,
                "attempt": event.attempt,
                "event_type": WITHDRAWAL,
                "source": "user",
                "recipient": event.recipient,
                "diagnostic": name,
                "withdrawn_event_id": event.id,
            }
            for event in complaints.tracking_event_ids
            if event.event_type in COMPLAINTS and event.id not in withdrawn
        ]
        self.env["mail.tracking.event"]._insert(values_list)
        changed = self.browse({values["tracking_email_id"] for values in values_list})
        if changed:
            changed._update_state_after_commit()
