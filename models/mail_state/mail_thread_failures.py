from odoo import models

from ...tools.mail_state_sql import last_failures_sql
from .mail_thread import MAIL_STATE


class MailThread(models.AbstractModel):
    """Retry or review the failures of many records, chosen in a list with Mail State.

    Only the last message of each record counts, as Mail State shows it. Nobody wants an
    email of last year to be sent because a later one failed.
    """

    # A topic of its own; in one class the two would be too long to read.
    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    def action_mail_tracking_retry(self):
        """Send the last emails again to those who did not get them.

        :return: action that says how many were sent, and why others were not
        :raise AccessError: for users who may not see Mail State
        """
        return self._mail_tracking_last_failures().action_retry()

    def action_mail_tracking_review(self):
        """Mark the failures of the last emails as reviewed.

        :return: action that says how many were marked
        :raise AccessError: for users who may not see Mail State
        """
        return self._mail_tracking_last_failures().action_review()

    def _mail_tracking_last_failures(self):
        """Return the unreviewed failures of the last message of each record.

        :return: `mail.tracking.email` that the user may read
        """
        self.check_access("read")
        self._check_field_access(self._fields[MAIL_STATE], "read")
        Tracking = self.env["mail.tracking.email"]
        Tracking.flush_model()
        self.env.cr.execute(last_failures_sql(self._name, self.ids))
        failures = Tracking.browse(row[0] for row in self.env.cr.fetchall())
        return failures._filtered_access("read")
