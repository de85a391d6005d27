import smtplib
from datetime import datetime
from functools import cache

from odoo import models, tools

from ...providers.registry import PROVIDERS
from ...tools.after_commit import PendingStates
from ...tools.guard import never_break_mail
from ...tools.reports.reader import TOKEN_HEADER
from ...tools.smtp.outcome import CoreResult, events_of_mail
from ...tools.smtp.send_run import SendRun, TokenHeader, Tracked
from ..recipients.mail_mail import PARTNER_FIELDS

# sudo: whoever sends may not write trackings; these belong to mails being sent.


class MailMail(models.Model):
    """Track each recipient of a mail while it is handed to the mail server.

    The transaction that sends inserts events and updates no tracking: an update would
    conflict with an open that arrives meanwhile, and Odoo would send the whole batch
    again.
    """

    _inherit = "mail.mail"

    # === SENDING ===#
    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        # The run is passed in the context: core does not return the SMTP answers
        # of `ir.mail_server`. This one records servers that cannot be reached.
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
        run = SendRun()  # of this batch: another one may go to another server
        with never_break_mail("look up whom to follow"):
            run.sender = self.env["ir.mail_server"]._mail_tracking_sender(mail_server)
            if auto_commit:
                run.pending = PendingStates(self.env.cr.dbname, coalesce=True)
            self._mail_tracking_follow(run)
        collecting = self.with_context(mail_tracking_run=run)
        try:
            return super(MailMail, collecting)._send(
                auto_commit=auto_commit,
                raise_exception=raise_exception,
                smtp_session=smtp_session,
                alias_domain_id=alias_domain_id,
                mail_server=mail_server,
                post_send_callback=post_send_callback,
            )
        except smtplib.SMTPServerDisconnected as error:
            with never_break_mail("note what was sent before the session broke"):
                collecting.browse(run.current_mail_id)._mail_tracking_broken(error)
            raise
        finally:
            if run.pending:
                run.pending.close()

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        run = self.env.context.get("mail_tracking_run")
        if run and run.tracked(self.id):
            if not run.holds_lock:
                # A concurrent sender of the mail must conflict here, before SMTP: what
                # core writes for this purpose is only in memory so far.
                self.flush_recordset(["state"])
            with never_break_mail("read the recipients"):
                # The mail before may have emptied the cache.
                self.sudo().recipient_ids.fetch(PARTNER_FIELDS)
        email_list = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        if run and run.knows(self.id):
            run.current_mail_id = self.id
            with never_break_mail("mark a mail"):
                self._mail_tracking_watch_rollback(run)
                add_pixel = self._mail_tracking_pixel_adder()
                left = [email for email in email_list if run.leave_out(self.id, email)]
                if email_list and not left:
                    # All have got it: core would call this a failure.
                    nothing = {"failure_type": False, "failure_reason": False}
                    self.write({"state": "cancel", **nothing})
                email_list = left
                for email in email_list:
                    self._mail_tracking_mark(run, email, add_pixel)
        return email_list

    def _mail_tracking_pixel_adder(self):
        """Return a function that adds the pixel to a body, None without a pixel.

        It takes the HTML of a body and a token. Most recipients of a mail get the same
        body, which is parsed once.
        """
        Tracking = self.env["mail.tracking.email"]
        pixel = Tracking._get_pixel()
        if not pixel:
            return None
        place = Tracking._new_token()  # nobody can have written it

        @cache
        def with_place(body):
            return tools.mail.append_content_to_html(
                body, pixel.format(token=place), plaintext=False
            )

        return lambda body, token: with_place(body).replace(place, token)

    def _mail_tracking_mark(self, run, email, add_pixel):
        """Make one SMTP message recognisable.

        :param dict email: value of `_prepare_outgoing_list`, changed in place
        :param add_pixel: from `_mail_tracking_pixel_adder`
        """
        tracked = run.tracked_in(self.id, email)
        if not tracked:
            return
        token = tracked[0].token
        # A new dict: core shares one between all recipients. Headers set by other
        # modules stay: they may be another use of the provider.
        email["headers"] = {
            **self._mail_tracking_headers(run, tracked[0]),
            **email["headers"],
            TOKEN_HEADER: TokenHeader(token),
        }
        addresses = email["email_to_normalized"]
        opens = [one.opens for one in tracked]
        has_pixel = add_pixel and run.consent.allows_pixel(self.id, addresses, opens)
        if run.consent.has_link(self.id, opens):
            self._mail_tracking_add_link(email, token, has_pixel)
        if has_pixel and email["body"]:
            # The text part exists already, and stays without the pixel.
            email["body"] = add_pixel(email["body"], token)

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # A mail that core could not read was sent and deleted by another transaction:
        # it has not failed, and the queue goes on.
        mails = self.exists() if failure_type == "unknown" else self
        # Before super(), which deletes mails with `auto_delete`.
        partly = {}
        with never_break_mail("see who was partly refused"):
            partly = mails._mail_tracking_partly()
        with never_break_mail("note what was sent"):
            mails._mail_tracking_note_sent(
                {partner.id for partner in success_pids},
                set(tools.email_normalize_all(",".join(success_emails))),
                failure_type,
                failure_reason,
            )
        result = super(MailMail, mails)._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
        if run := self.env.context.get("mail_tracking_run"):
            run.holds_lock = False  # the next mail has other notifications
        with never_break_mail("tell who was partly refused"):
            self.env["mail.notification"]._mail_tracking_partly_refused(partly)
        return result

    # === WHAT WAS SENT ===#
    def _mail_tracking_follow(self, run):
        """Pass the trackings of the mails to the run, looked up with one query.

        Mails that were queued before the installation get their trackings now.

        :param SendRun run: of the batch
        """
        mails = self._mail_tracking_filter()
        server = run.sender.mail_server
        run.is_personal = bool(server and server.sudo().owner_user_id)
        siblings = mails._mail_tracking_siblings() if run.is_personal else {}
        trackings_by_key = mails._mail_tracking_known(siblings)
        recipients = mails._mail_tracking_recipients()
        run.consent = mails._mail_tracking_consent()
        run.leftover = mails._mail_tracking_leftover(trackings_by_key, recipients)
        if mails._mail_tracking_create(trackings_by_key, recipients, run.leftover):
            trackings_by_key = mails._mail_tracking_known(siblings)
        for mail in self:
            run.follow(mail.id, [])
        left_out = self._mail_tracking_left_out(trackings_by_key.values())
        for mail in mails:
            tracked = mail._mail_tracking_tracked(
                trackings_by_key, recipients[mail], left_out
            )
            run.follow(mail.id, tracked)
        # A savepoint may roll back the trackings that this very transaction created.
        now = self.env.cr.now()
        fresh = {
            t.id
            for t in trackings_by_key.values()
            if (t.create_date or datetime.min) >= now
        }
        run.fresh = self.env["mail.tracking.email"].sudo().browse(fresh)._snapshot()

    def _mail_tracking_tracked(self, trackings_by_key, recipients, left_out):
        """Return the trackings of one mail as `Tracked`, which sending uses."""
        self.ensure_one()
        tracked_recipients = [
            (recipient, self._mail_tracking_find(trackings_by_key, recipient))
            for recipient in recipients
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
                row_address=tracking.recipient_address or "",
                **left_out.get(tracking.id, {}),
                opens=tracking.opens or None,
            )
            for recipient, tracking in tracked_recipients
            if tracking
        ]

    def _mail_tracking_note_sent(self, partner_ids, emails, failure_type, reason):
        """Insert the events of sending, and update the states after the commit.

        :param set partner_ids: ids of the partners that core has sent to
        :param set emails: normalised addresses that core has sent to
        :param str failure_type: core's type of failure, if the mails failed
        :param str reason: core's description of the failure
        """
        run = self.env.context.get("mail_tracking_run") or SendRun()
        unknown = self.filtered(lambda mail: not run.knows(mail.id))
        if unknown:
            unknown._mail_tracking_follow(run)
            if run.connection_error:
                unknown._mail_tracking_leave_alone(run)
        values_list, sent_values = [], {}
        for mail in self:
            failure = failure_type or mail.state == "exception" and mail.failure_type
            description = reason or failure and mail.failure_reason
            core = CoreResult(partner_ids, emails, failure, description)
            for tracked, events in events_of_mail(run, mail.id, core):
                own = {"tracking_email_id": tracked.id, "attempt": tracked.attempt}
                values_list += [{**event, **own} for event in events]
                sent_values[tracked.id] = mail._mail_tracking_sent_values(run, tracked)
            canceled = mail._mail_tracking_canceled_values(run.leftover.get(mail.id))
            values_list += canceled
            sent_values |= {v["tracking_email_id"]: None for v in canceled}
        self.env["mail.tracking.event"].sudo()._insert(values_list)
        trackings = self.env["mail.tracking.email"].sudo().browse(sent_values)
        fresh = {
            tracking_id: (
                run.fresh[tracking_id],
                [v for v in values_list if v["tracking_email_id"] == tracking_id],
            )
            for tracking_id in run.fresh.keys() & sent_values.keys()
        }
        trackings._update_state_after_commit(sent_values, fresh, run.pending)

    def _mail_tracking_headers(self, run, tracked):
        """Return the headers whose reference the provider reports back.

        To be extended by modules that need a header for a particular server.

        :param SendRun run: of the batch
        :param Tracked tracked: the first recipient of the message
        :return: dict, empty when the server does not belong to a provider
        """
        if provider := PROVIDERS.get(run.sender.provider):
            # With the attempt: a late report about the first one must not count for
            # the second.
            reference = f"{tracked.token}-{tracked.attempt}"
            return provider.smtp_headers(reference)
        return {}
