from odoo import models

from ..tools.smtp.send_run import SendRun, Tracked
from .mail_mail_known import STATE_OF_MAIL_STATE


class MailMail(models.Model):
    """The trackings of a mail: who has one, and what happens to it."""

    _inherit = "mail.mail"

    def _mail_tracking_filter(self):
        """Give the mails to follow: neither incoming ones nor mass mailings.

        To be extended by whoever sends mails that are followed elsewhere.
        """
        mails = self.filtered(lambda mail: mail.state in STATE_OF_MAIL_STATE)
        if "mailing_id" in self._fields:  # mass_mailing has a pixel and traces
            mails = mails.filtered(lambda mail: not mail.mailing_id)
        return mails

    # === QUEUE ===#
    def _mail_tracking_begin(self):
        """Create the trackings of new mails, in one batch.

        A mail may carry on what another has begun: core copies mails for personal
        servers, and a retry may need a new one.
        """
        mails = self._mail_tracking_filter()
        recipients = mails._mail_tracking_recipients()
        known = mails._mail_tracking_known_at_creation(recipients)
        carried = mails._mail_tracking_of(known) if known else {}
        mails._mail_tracking_create(known, recipients)
        for mail, trackings in carried.items():
            mail._mail_tracking_carry_on(trackings)

    def _mail_tracking_carry_on(self, trackings):
        """Begin the next attempt of trackings which another mail has brought to an end.

        While that mail is in the queue, this one is part of the same attempt.
        """
        done = trackings.filtered(lambda tracking: tracking.state != "waiting")
        queued = self.browse(done.mapped("mail_id")).exists()
        queued = queued.filtered(lambda mail: mail.state == "outgoing")
        done = done.filtered(lambda tracking: tracking.mail_id not in queued.ids)
        done.mail_id = self.id
        done._next_attempt()

    def _mail_tracking_retry(self):
        if not self:
            return
        known = self._mail_tracking_known()
        for trackings in self._mail_tracking_of(known).values():
            trackings._next_attempt()

    def _mail_tracking_cancel(self):
        if not self:
            return
        known = self._mail_tracking_known()
        for trackings in self._mail_tracking_of(known).values():
            trackings._add_events({"event_type": "canceled", "source": "queue"})
            trackings._update_state()

    def _mail_tracking_drop_message(self):
        """Point at no message that sending the mail will delete."""
        mails = self.filtered(lambda mail: not mail.is_notification)
        self.env["mail.tracking.email"].sudo().search(
            [("mail_id", "in", mails.ids), ("mail_message_id", "!=", False)]
        ).mail_message_id = False

    # === SENDING ===#
    def _mail_tracking_follow(self, run):
        """Give the trackings of the mails to the collector, with one query.

        Mails that were queued before the addon was there get theirs now.

        :param SendRun run: collector of this run
        """
        mails = self._mail_tracking_filter()
        known = mails._mail_tracking_known()
        recipients = mails._mail_tracking_recipients()
        mails._mail_tracking_create(known, recipients)
        for mail in self:
            run.follow(mail.id, [])
        for mail in mails:
            run.follow(mail.id, mail._mail_tracking_tracked(known, recipients[mail]))
        # What this very transaction has created may be taken back by a savepoint.
        now = self.env.cr.now()
        fresh = {t.id for t in known.values() if t.create_date and t.create_date >= now}
        run.fresh = self.env["mail.tracking.email"].sudo().browse(fresh)._snapshot()

    def _mail_tracking_tracked(self, known, recipients):
        """List the trackings of one mail as the transaction that sends keeps them."""
        self.ensure_one()
        scope = self._mail_tracking_scope()
        found = [
            (recipient, known.get((*scope, *recipient.key))) for recipient in recipients
        ]
        return [
            Tracked(
                id=tracking.id,
                partner_id=recipient.partner_id,
                address=recipient.address,
                written=recipient.written,
                token=tracking.token,
                attempt=tracking.attempt,
                mail_id=tracking.mail_id,
            )
            for recipient, tracking in found
            if tracking
        ]

    def _mail_tracking_note_sent(self, partner_ids, emails, failure_type, reason):
        """Insert the events that sending has made, and let the states follow.

        :param set partner_ids: partners to whom core has sent
        :param set emails: normalised addresses to which core has sent
        :param str failure_type: what core says of the mails, if they failed
        :param str reason: core's words for it
        """
        run = self.env.context.get("mail_tracking_run") or SendRun()
        unknown = self.filtered(lambda mail: not run.knows(mail.id))
        if unknown:
            unknown._mail_tracking_follow(run)
        values_list, mail_by_tracking = [], {}
        for mail in self:
            failure = failure_type or mail.state == "exception" and mail.failure_type
            words = reason or failure and mail.failure_reason
            for tracked, values in run.events(
                mail.id, partner_ids, emails, failure, words
            ):
                values["tracking_email_id"] = tracked.id
                values["attempt"] = tracked.attempt
                values_list.append(values)
                moved = tracked.mail_id != mail.id
                mail_by_tracking[tracked.id] = mail.id if moved else None
        self.env["mail.tracking.event"].sudo()._insert(values_list)
        trackings = self.env["mail.tracking.email"].sudo().browse(mail_by_tracking)
        fresh = {
            tracking_id: (
                run.fresh[tracking_id],
                [v for v in values_list if v["tracking_email_id"] == tracking_id],
            )
            for tracking_id in run.fresh.keys() & mail_by_tracking.keys()
        }
        trackings._update_state_after_commit(mail_by_tracking, fresh, run.pending)
