from datetime import datetime, timedelta

from odoo import fields, models
from odoo.tools import split_every

from ..tools.guard import never_break_mail
from ..tools.recipients import Recipient
from ..tools.states import state_of_next_attempt
from ..tools.states_sql import raise_states_sql


class MailTrackingEmail(models.Model):
    """The state: what the events say, written by one method."""

    _inherit = "mail.tracking.email"

    def _next_attempt(self):
        """Let the next attempt begin, for a retry that keeps the history.

        Not for the transaction that sends: it updates the trackings.
        """
        now = fields.Datetime.now()
        failed = self.filtered("is_failed")
        for tracking in self:
            # Younger than what it follows, see `raise_states_sql`.
            former = tracking.state_time or datetime.min
            tracking.write(
                {
                    **tracking._get_recipient_values(),
                    "attempt": tracking.attempt + 1,
                    "state": state_of_next_attempt(tracking.state),
                    "state_time": max(now, former + timedelta(seconds=1)),
                    "error_type": False,
                    "error_description": False,
                    "reviewed": False,
                }
            )
        self._add_events({"event_type": "queued", "source": "queue"})
        if self:
            self._notify_state()
        if failed:
            failed._notify_failed()

    def _get_recipient_values(self):
        """Give the address of a partner as it is now: it may have been corrected."""
        if not self.partner_id:
            return {}
        return Recipient.of_partner(self.partner_id).values()

    def _add_events(self, values):
        """Insert one event of the present attempt for each of the trackings."""
        self.env["mail.tracking.event"]._insert(
            [
                {
                    "tracking_email_id": tracking.id,
                    "attempt": tracking.attempt,
                    **values,
                }
                for tracking in self
            ]
        )

    def _update_state(self):
        """Raise the states to what the events say: the one writer of reported states.

        :return: the trackings whose state changed
        """
        self.flush_model()
        rows = []
        for ids in split_every(1000, sorted(self.ids)):
            self.env.cr.execute(raise_states_sql(list(ids)))
            rows += self.env.cr.fetchall()
        changed = self.browse(row[0] for row in rows)
        changed.invalidate_recordset(flush=False)
        failed = self.browse(id_ for id_, _state, failed in rows if failed)
        # Of what was not sent core knows.
        elsewhere = self.browse(
            id_ for id_, state, failed in rows if failed and state != "error"
        )
        # What cannot be told is true all the same.
        with never_break_mail("tell of new states"):
            if changed:
                changed._notify_state()
            if elsewhere:
                elsewhere._correct_notifications()
            if failed:
                failed._notify_failed()
        return changed

    # === HOOKS ===#
    def _notify_state(self):
        """Tell those who see the trackings on their screen that states changed.

        Called after each change of state, in the transaction that wrote it.
        """

    def _notify_failed(self):
        """Tell those who look after failures: these are new, or are settled.

        Called with trackings that have failed, no longer are a failure or were
        reviewed, in the transaction that wrote it.
        """
