from odoo import api, models, tools

from ...providers.registry import PROVIDERS
from ...tools.after_commit import PendingStates
from ...tools.guard import never_break_mail
from ...tools.reports.reader import TOKEN_HEADER
from ...tools.smtp.send_run import SendRun, Tracked
from .mail_mail_recipients import STATE_OF_MAIL_STATE


class MailMail(models.Model):
    """Follow each recipient of the mail from the queue to the mail server.

    The transaction that sends inserts events and touches no row of a tracking: an
    update there conflicts with an opening that comes in meanwhile, and Odoo sends the
    whole batch again.
    """

    _inherit = "mail.mail"

    # === CRUD ===#
    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        with never_break_mail("follow new mails"):
            mails._mail_tracking_begin()
        return mails

    def write(self, vals):
        retried = canceled = self.browse()
        if vals.get("state") == "outgoing":
            retried = self.filtered(lambda mail: mail.state != "outgoing")
        elif vals.get("state") == "cancel":
            canceled = self.filtered(lambda mail: mail.state == "outgoing")
        result = super().write(vals)
        with never_break_mail("follow a change of mails"):
            retried._mail_tracking_retry()
            canceled._mail_tracking_cancel()
            if vals.get("auto_delete"):
                self._mail_tracking_drop_message()
        return result

    def unlink(self):
        with never_break_mail("follow the deletion of mails"):
            self.filtered(lambda mail: mail.state == "outgoing")._mail_tracking_cancel()
        return super().unlink()

    # === SENDING ===#
    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        # The collector goes through the context: core hands the answers of SMTP from
        # `ir.mail_server` to nobody.
        collecting = self.with_context(mail_tracking_run=SendRun())
        return super(MailMail, collecting).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def _send(
        self,
        auto_commit=False,
        raise_exception=False,
        smtp_session=None,
        alias_domain_id=False,
        mail_server=False,
        post_send_callback=None,
    ):
        run = self.env.context.get("mail_tracking_run") or SendRun()
        with never_break_mail("look up whom to follow"):
            run.server = self.env["ir.mail_server"]._mail_tracking_host(mail_server)
            run.mail_server = mail_server
            run.provider = mail_server and mail_server.sudo().tracking_provider
            if auto_commit:
                run.pending = PendingStates(self.env.cr.dbname, coalesce=True)
            self._mail_tracking_follow(run)
        try:
            return super(MailMail, self.with_context(mail_tracking_run=run))._send(
                auto_commit=auto_commit,
                raise_exception=raise_exception,
                smtp_session=smtp_session,
                alias_domain_id=alias_domain_id,
                mail_server=mail_server,
                post_send_callback=post_send_callback,
            )
        finally:
            if run.pending:
                run.pending.close()

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        email_list = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        run = self.env.context.get("mail_tracking_run")
        if run and run.knows(self.id):
            with never_break_mail("mark a mail"):
                pixel = self.env["mail.tracking.email"]._get_pixel()
                for email in email_list:
                    self._mail_tracking_mark(run, email, pixel)
        return email_list

    def _mail_tracking_mark(self, run, email, pixel):
        """Make one SMTP message recognisable.

        :param dict email: value of `_prepare_outgoing_list`, changed in place
        :param str pixel: HTML with a place for the token, empty when switched off
        """
        tracked = run.tracked_in(self.id, email)
        if not tracked:
            return
        token = tracked[0].token
        # A new dict: core gives the same one to all recipients.
        # What somebody else has put there stays: it may be another use of the provider.
        email["headers"] = {
            **self._mail_tracking_headers(run, tracked[0]),
            **email["headers"],
            TOKEN_HEADER: token,
        }
        if pixel and email["body"]:
            # The text part is made already, and stays without it.
            email["body"] = tools.mail.append_content_to_html(
                email["body"], pixel.format(token=token), plaintext=False
            )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # Before super(), which deletes the mails that delete themselves.
        with never_break_mail("note what was sent"):
            self._mail_tracking_note_sent(
                {partner.id for partner in success_pids},
                set(tools.email_normalize_all(",".join(success_emails))),
                failure_type,
                failure_reason,
            )
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _mail_tracking_filter(self):
        """Return the mails to follow: neither incoming ones nor mass mailings.

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
            mail._mail_tracking_begin_attempt(trackings)

    def _mail_tracking_begin_attempt(self, trackings):
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
        """Return the trackings of the mails to the collector, with one query.

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

    def _mail_tracking_headers(self, run, tracked):
        """Return the headers with which the provider gives our reference back.

        To be extended by whoever needs a header for the server that the mail goes to.

        :param SendRun run: of this sending
        :param Tracked tracked: recipient, the first of several
        :return: dict, empty when the server is no provider's
        """
        if provider := PROVIDERS.get(run.provider):
            # The attempt goes with it: a late report of the first one must not count
            # for the second.
            reference = f"{tracked.token}-{tracked.attempt}"
            return provider.smtp_headers(reference)
        return {}
