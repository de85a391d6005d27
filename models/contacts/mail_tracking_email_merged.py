from odoo import api, models

from ...tools.merged_sql import doubles_of_sql, merged_with_sql, rank_merged_sql


class MailTrackingEmail(models.Model):
    """Contacts that were merged: both rows stay, and one is shown.

    Each keeps its events, attempts and token, since reports go on coming for both. The
    one of the highest rank per message and contact is shown, counted and retried:
    `outranked` is true for the others, false for that one and NULL everywhere else.
    """

    # An idea of its own, and together the two would be too long to read.
    _inherit = "mail.tracking.email"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _merge_partners(self, partner):
        """Follow contacts that were merged into one.

        Core sends a queued mail to the contact once: of the rows that waited for it
        one waits on, the others are canceled.

        :param partner: contact that has the trackings of all of them now
        """
        self.invalidate_model(flush=False)
        rows = self.env.execute_query(doubles_of_sql(partner.id))
        if superfluous := self.browse(row[0] for row in rows if row[1]):
            superfluous._cancel_merged()
            superfluous._update_state()
        if doubles := self.browse(row[0] for row in rows):
            doubles._rank_merged()

    def _rank_merged(self):
        """Find out anew which of merged trackings are shown.

        :return: the trackings that are shown now, or that no longer are
        """
        self.flush_model()
        self.env.cr.execute(rank_merged_sql(self.ids))
        changed = self.browse(row[0] for row in self.env.cr.fetchall())
        changed.invalidate_recordset(flush=False)
        return changed

    def _begin_attempt_of_merged(self):
        """Put the failures of the same contacts behind the attempt that now begins."""
        if not self.ids:
            return
        self.flush_model()
        others = self.browse(
            row[0] for row in self.env.execute_query(merged_with_sql(self.ids))
        )
        if not others:
            return
        for failed in others.filtered("is_failed"):
            failed.write({"attempt": failed.attempt + 1, "state": "waiting"})
            failed._cancel_merged()
        others._update_state()
        if moved := self._rank_merged():
            moved._notify_state()
            moved._notify_failed()

    def _cancel_merged(self):
        self._add_events(
            {
                "event_type": "canceled",
                "source": "queue",
                "diagnostic": self.env._("The contact was merged and gets one email."),
            }
        )
