from collections import defaultdict

from odoo import fields, models
from odoo.tools.misc import clean_context

from .recipients import recipient_key, recipients_of
from .send_run import SendRun, Tracked

# State of a mail to the event that says so. The composer and mass mailing create mails
# that are not to be sent: blacklisted, without address, doubled.
EVENT_OF_MAIL_STATE = {
    "outgoing": "queued",
    "exception": "error",
    "cancel": "canceled",
}
STATE_OF_EVENT = {"queued": "waiting", "error": "error", "canceled": "canceled"}


class MailMail(models.Model):
    """The trackings of a mail: who has one, and what happens to it."""

    _inherit = "mail.mail"

    def _mail_tracking_filter(self):
        """Give the mails to follow: neither incoming ones nor mass mailings.

        To be extended by whoever sends mails that are followed elsewhere.
        """
        mails = self.filtered(lambda mail: mail.state in EVENT_OF_MAIL_STATE)
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
        known = mails.filtered("is_notification")._mail_tracking_known()
        carried = mails._mail_tracking_of(known) if known else {}
        mails._mail_tracking_create(known)
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
        mails._mail_tracking_create(known)
        for mail in self:
            run.follow(mail.id, [])
        for mail in mails:
            run.follow(mail.id, mail._mail_tracking_tracked(known))
        # What this very transaction has created may be taken back by a savepoint.
        now = self.env.cr.now()
        fresh = {t.id for t in known.values() if t.create_date and t.create_date >= now}
        run.fresh = self.env["mail.tracking.email"].sudo().browse(fresh)._snapshot()

    def _mail_tracking_tracked(self, known):
        """List the trackings of one mail as the transaction that sends keeps them."""
        self.ensure_one()
        found = [
            (recipient, known.get((*self._mail_tracking_scope(), *recipient.key)))
            for recipient in recipients_of(self)
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

    # === TRACKINGS OF A MAIL ===#
    def _mail_tracking_scope(self):
        """Tell within what a recipient has one tracking: the message, or the mail."""
        if self.is_notification:
            return ("message", self.mail_message_id.id)
        return ("mail", self.id)

    def _mail_tracking_known(self):
        """Look up the trackings of the mails, with one query.

        :return: dict from (scope, id, key of the recipient) to a tracking in sudo
        """
        Tracking = self.env["mail.tracking.email"].sudo()
        if not self:
            return {}
        messages = self.filtered("is_notification").mail_message_id
        domain = fields.Domain("mail_id", "in", self.ids)
        if messages:
            domain |= fields.Domain("mail_message_id", "in", messages.ids)
        known = {}
        for tracking in Tracking.search(domain):
            address = tracking.recipient_address or tracking.recipient
            key = recipient_key(tracking.partner_id.id, address)
            known[("message", tracking.mail_message_id.id, *key)] = tracking
            known[("mail", tracking.mail_id, *key)] = tracking
        return known

    def _mail_tracking_of(self, known):
        """Give the trackings of each mail, out of those of `_mail_tracking_known`.

        :return: dict from mail to its trackings
        """
        trackings_by_mail = {}
        for mail in self:
            scope = mail._mail_tracking_scope()
            keys = [(*scope, *recipient.key) for recipient in recipients_of(mail)]
            found = [known[key].id for key in keys if key in known]
            trackings_by_mail[mail] = (
                self.env["mail.tracking.email"].sudo().browse(found)
            )
        return trackings_by_mail

    def _mail_tracking_create(self, known):
        """Create the trackings that the mails lack, in one batch; known gets them.

        :param dict known: of `_mail_tracking_known`
        """
        Tracking = self.env["mail.tracking.email"].sudo()
        Tracking = Tracking.with_context(clean_context(self.env.context))
        todo = []
        shared_token = defaultdict(Tracking._new_token)
        for mail in self:
            scope = mail._mail_tracking_scope()
            for recipient in recipients_of(mail):
                key = (*scope, *recipient.key)
                if key not in known:
                    todo.append((mail, recipient, key))
                elif not recipient.partner_id:
                    shared_token[mail] = known[key].token
        if not todo:
            return
        values = {mail: mail._mail_tracking_values() for mail, *_ in todo}
        trackings = Tracking.create(
            [
                {
                    **values[mail],
                    **recipient.values(),
                    # All addresses without partner go out in one SMTP message.
                    "token": Tracking._new_token()
                    if recipient.partner_id
                    else shared_token[mail],
                }
                for mail, recipient, _key in todo
            ]
        )
        self.env["mail.tracking.event"].sudo()._insert(
            [
                {
                    "tracking_email_id": tracking.id,
                    "event_type": EVENT_OF_MAIL_STATE[mail.state],
                    "source": "queue",
                    "error_type": tracking.error_type,
                    "diagnostic": tracking.error_description,
                }
                for tracking, (mail, _recipient, _key) in zip(
                    trackings, todo, strict=True
                )
            ]
        )
        known.update(
            (key, tracking)
            for tracking, (_mail, _recipient, key) in zip(trackings, todo, strict=True)
        )

    def _mail_tracking_values(self):
        """Give what the trackings of all recipients of a mail have in common."""
        self.ensure_one()
        keeps_message = self.is_notification or not self.auto_delete
        return {
            "name": self.subject,
            "sender": self.email_from,
            "message_id": self.message_id,
            "mail_message_id": self.mail_message_id.id if keeps_message else False,
            "mail_id": self.id,
            "model": self.model,
            "res_id": self.res_id,
            "company_id": self.record_company_id.id,
            "state": STATE_OF_EVENT[EVENT_OF_MAIL_STATE[self.state]],
            "state_time": fields.Datetime.now(),
            "error_type": self.failure_type,
            "error_description": self.failure_reason,
        }
