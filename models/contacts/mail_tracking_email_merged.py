from odoo import api, models

from ...tools.merged_sql import doubles_of_sql, merged_with_sql, rank_merged_sql


class MailTrackingEmail(models.Model):
    """Trackings of merged contacts: both rows stay, and one is shown.

    Each keeps its events, attempts and token, since reports keep coming for both. The
    one of the highest rank per message and contact is shown, counted and retried:
    `outranked` is true for the others, false for that one and NULL everywhere else.
    """

    # A topic of its own; merged, the class would be too long to read.
    _inherit = "mail.tracking.email"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _merge_partners(self, partner):
        """Update the trackings after contacts were merged into one.

        The contact gets a message once: one of the waiting rows goes on waiting, unless
        the contact has got the message already, and the others are canceled. Core's one
        notification is of the row that is shown.

        :param partner: the contact that now has all of their trackings
        """
        self.env.invalidate_all(flush=False)
        rows = self.env.execute_query(doubles_of_sql(partner.id))
        if superfluous := self.browse(row[0] for row in rows if row[1]):
            superfluous._cancel_merged()
            superfluous._update_state()
            superfluous._leave_mails()
        if doubles := self.browse(row[0] for row in rows):
            doubles._rank_merged()
            shown = doubles.filtered(lambda tracking: not tracking.outranked)
            shown._follow_with_notifications()

    def _leave_mails(self):
        """Take a merged contact out of queued mails that no tracking waits for."""
        mails = self.env["mail.mail"]
        for mail in mails.browse(set(self.mapped("mail_id")) - {0}).exists():
            left = self.search([("mail_id", "=", mail.id)])
            left = left.filtered(lambda tracking: tracking._has_begun())
            gone = self.partner_id - left.partner_id
            if mail.state != "outgoing" or not gone & mail.recipient_ids:
                continue
            mail._mail_tracking_lock()
            mail.recipient_ids -= gone
            if not left:
                mail.cancel()

    def _rank_merged(self):
        """Determine again which of the merged trackings are shown.

        :return: the trackings that are now shown or no longer shown
        """
        self.flush_model()
        self.env.cr.execute(rank_merged_sql(self.ids))
        changed = self.browse(row[0] for row in self.env.cr.fetchall())
        changed.invalidate_recordset(flush=False)
        return changed

    def _begin_attempt_of_merged(self):
        """Cancel what else failed or waits of merged contacts, as an attempt begins."""
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
        superfluous = others.filtered(lambda tracking: tracking.state == "waiting")
        superfluous._cancel_merged()
        others._update_state()
        superfluous._leave_mails()
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
