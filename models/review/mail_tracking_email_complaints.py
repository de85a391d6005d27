from odoo import models
from odoo.exceptions import AccessError

from ...tools.states import COMPLAINT_STATES, COMPLAINTS, WITHDRAWAL


class MailTrackingEmail(models.Model):
    """Taking back a complaint that was wrong: a person's mistake, or a forged report.

    Nothing is deleted: an event names the one that it takes back, and the state is
    folded anew without it. The same report, should it come again, is known already.
    """

    # An idea of its own, and together the two would be too long to read.
    _inherit = "mail.tracking.email"  # pylint: disable=consider-merging-classes-inherited

    def action_withdraw_complaints(self):
        """Take back the complaints about these mails.

        :raise AccessError: unless the user is an administrator
        """
        if not self.env.user._is_system():
            raise AccessError(
                self.env._("Only an administrator can take back a complaint.")
            )
        self.check_access("read")
        # sudo: nobody may write; the user is an administrator and may read them
        self.sudo()._withdraw_complaints(self.env.user.name)

    def _withdraw_complaints(self, name):
        """Insert the events that take back complaints, and let the states follow.

        The states may go down, so that they follow in a transaction of their own, which
        sees what was reported meanwhile.

        :param str name: who takes them back
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
        changed = {values["tracking_email_id"]: None for values in values_list}
        if changed:
            self.browse(changed)._update_state_after_commit(changed, {})
