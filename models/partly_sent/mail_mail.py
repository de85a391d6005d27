from functools import partial

from odoo import Command, models, modules, tools

from ...tools.after_commit import keep_sent
from ...tools.recipients import Recipient
from ...tools.reports.answers import reason_of_exception
from ...tools.smtp.outcome import CoreResult, events_of_mail
from ...tools.states import FAILED_STATES, REACHED_STATES, fold_addresses, left_out

# sudo: whoever sends may neither read nor write trackings; these belong to mails being
# sent.


class MailMail(models.Model):
    """Record what was sent where a mail reaches only some of its recipients.

    The SMTP session breaks, the transaction is lost, or addresses are refused or left
    out. This changes core's behaviour: it would send a mail again to recipients who
    have already received it.
    """

    _inherit = "mail.mail"

    # === INTERRUPTED ===#
    def _mail_tracking_broken(self, error):
        """Record the outcome of the mail during which the session broke.

        Core re-raises `SMTPServerDisconnected` without recording anything, and the
        queue commits the mail as a failure without a reason.

        :param error: the `SMTPServerDisconnected`
        """
        run = self.env.context["mail_tracking_run"]
        outcomes = [
            run.outcome_of(self.id, tracked) for tracked in run.tracked(self.id)
        ]
        outcomes = list(filter(None, outcomes))
        if not outcomes:
            return
        if all(outcome.is_untried for outcome in outcomes):
            self._mail_tracking_requeue()
            return
        accepted = run.accepted(self.id)
        _reason, text = reason_of_exception(error)
        failure = {"failure_type": "mail_smtp", "failure_reason": text}
        self.write({"state": "exception", **failure})
        self._postprocess_sent_message(
            success_pids=self.env["res.partner"].browse(
                tracked.partner_id for tracked in accepted if tracked.partner_id
            ),
            success_emails=[t.address for t in accepted if not t.partner_id],
            **failure,
        )

    def _mail_tracking_requeue(self):
        """Leave a mail in the queue that was never offered to the server.

        An earlier mail had ended the session.
        """
        self.write(
            {"state": "outgoing", "failure_type": False, "failure_reason": False}
        )
        notifications = self.env["mail.notification"].sudo()
        notifications.search(
            [
                ("mail_mail_id", "in", self.ids),
                ("notification_status", "=", "exception"),
            ]
        ).write(
            {
                "notification_status": "ready",
                "failure_type": False,
                "failure_reason": False,
            }
        )

    def _mail_tracking_leave_alone(self, run):
        """Leave out recipients whose attempt is over although the connection failed.

        Core calls all mails of the batch failed, also those that another transaction
        has sent or canceled since they were read from the queue.

        :param SendRun run: of the batch
        """
        tracked = [tracked for mail in self for tracked in run.tracked(mail.id)]
        trackings = self.env["mail.tracking.email"].sudo().browse(t.id for t in tracked)
        begun = set(trackings.filtered(lambda tracking: tracking._has_begun()).ids)
        for mail in self:
            run.follow(mail.id, [t for t in run.tracked(mail.id) if t.id in begun])

    def _mail_tracking_watch_rollback(self, run):
        """Prepare for a rollback of the transaction after the mail is handed over.

        :param SendRun run: of the batch
        """
        cr = self.env.cr
        if not modules.module.current_test:
            cr.postrollback.add(partial(keep_sent, cr.dbname, run, self.id))

    def _mail_tracking_keep_sent(self, run):
        """Record who received a mail although the transaction that sent it is gone.

        The mail is in the queue again, and core would send it to everybody once more.
        It is readdressed to the recipients who have not received it. A mail that the
        same transaction had created is gone as well: its trackings alone tell of it.

        :param SendRun run: of the batch
        """
        settled = {tracked.id: tracked for tracked in run.settled(self.id)}
        values_by_tracking = {
            tracked.id: [
                {**event, "tracking_email_id": tracked.id, "attempt": tracked.attempt}
                for event in events
            ]
            for tracked, events in events_of_mail(run, self.id, CoreResult())
            if tracked.id in settled
        }
        mail = self.exists()
        if not mail:
            self.env["mail.tracking.email"]._restore(
                {
                    tracking_id: (run.fresh[tracking_id], values_list)
                    for tracking_id, values_list in values_by_tracking.items()
                    if tracking_id in run.fresh
                }
            )
            return
        if not mail._mail_tracking_try_lock():
            return
        trackings = self.env["mail.tracking.email"].browse(settled).exists()
        # Of attempts that the same transaction had begun.
        undone = trackings.filtered(lambda t: t.attempt < settled[t.id].attempt)
        # A mail that was cancelled meanwhile is out all the same. Of one that has
        # failed or was sent, another transaction knows.
        if mail.state not in ("outgoing", "cancel"):
            trackings = undone if mail.state == "exception" else undone.browse()
            settled = {tracking.id: settled[tracking.id] for tracking in trackings}
        if not settled:
            return
        (undone & trackings)._next_attempt()
        self.env["mail.tracking.event"]._insert(
            [v for tracking in trackings for v in values_by_tracking[tracking.id]]
        )
        mail._mail_tracking_leave_out(settled.values())
        trackings._update_state()

    def _mail_tracking_leave_out(self, reached):
        """Remove from the mail the recipients whose SMTP message the server has taken.

        :param reached: `Tracked` of these recipients
        """
        partners = self.env["res.partner"].browse(t.partner_id for t in reached)
        values = {"recipient_ids": [Command.unlink(partner.id) for partner in partners]}
        if any(not tracked.partner_id for tracked in reached):
            # All raw addresses go out in one SMTP message.
            values.update(email_to=False, email_cc=False)
        self.write(values)
        notifications = self.env["mail.notification"].search(
            [
                ("mail_mail_id", "=", self.id),
                "|",
                ("res_partner_id", "in", partners.ids),
                ("mail_email_address", "in", [t.address for t in reached]),
            ]
        )
        notifications.write({"notification_status": "sent"})
        if not (self.recipient_ids or self.email_to or self.email_cc):
            self.write({"state": "sent"})
            if self.auto_delete:
                self.unlink()

    # === LEFT OUT OR REFUSED ===#
    def _mail_tracking_leftover(self, trackings_by_key, recipients_by_mail):
        """Return the waiting trackings of recipients who have left their mail.

        :param dict trackings_by_key: from `_mail_tracking_known`
        :param dict recipients_by_mail: from `_mail_tracking_recipients`
        :return: dict from the id of a mail to a list of `KnownTracking`
        """
        keys_by_mail = {
            mail.id: {recipient.key for recipient in recipients}
            for mail, recipients in recipients_by_mail.items()
        }
        leftover = {}
        for (scope, mail_id, *key), tracking in trackings_by_key.items():
            keys = keys_by_mail.get(mail_id) if scope == "mail" else None
            if keys is None or tuple(key) in keys or tracking.state != "waiting":
                continue
            if tracking.mail_id == mail_id:
                leftover.setdefault(mail_id, []).append(tracking)
        return leftover

    def _mail_tracking_canceled_values(self, left):
        """Return the events of recipients who had left the mail before it was sent.

        :param left: `KnownTracking` of these recipients, or None
        """
        text = self.env._("No longer a recipient of the email when it was sent")
        return [
            {
                "tracking_email_id": tracking.id,
                "attempt": tracking.attempt,
                "event_type": "canceled",
                "source": "queue",
                "diagnostic": text,
            }
            for tracking in left or ()
        ]

    def _mail_tracking_left_out(self, trackings):
        """Return which of a contact's several addresses this attempt leaves out.

        :param trackings: each `KnownTracking` that sending has looked up; only those of
            a later attempt cost a query
        :return: dict from tracking id to a dict of the fields `left_out`, `reached` and
            `failure` of `Tracked`
        """
        several = {t.id for t in trackings if t.attempt > 1 and t.other_addresses}
        values = {}
        Tracking = self.env["mail.tracking.email"].sudo()
        for tracking in Tracking.browse(several).filtered("recipient_address"):
            own, *others = tracking._addresses()
            history = (tracking._facts(), tracking.attempt, own, others)
            addresses, states = left_out(*history), fold_addresses(*history)
            has_failed = any(states.get(one) in FAILED_STATES for one in addresses)
            reached = {one for one in addresses if states.get(one) in REACHED_STATES}
            values[tracking.id] = {
                "left_out": frozenset(addresses),
                "reached": frozenset(reached),
                "failure": (tracking.error_description or "") if has_failed else None,
            }
        return values

    def _mail_tracking_sent_values(self, run, tracked):
        """Return the tracking values changed by sending: see `_set_sent_values`."""
        values = {}
        if tracked.mail_id != self.id:
            values["mail_id"] = self.id
        partner = self.env["res.partner"].browse(tracked.partner_id)
        main, *others = run.addresses_of(tracked) or [""]
        address = tracked.address or main
        if tracked.left_out and tracked.address:
            address = tracked.row_address
            if run.outcome_of(self.id, tracked):
                others = [main, *others, tracked.row_address]
                # Events without an address are about the row's: it stays as long as the
                # contact has it, else it becomes one that this attempt went to.
                if address not in tools.email_normalize_all(partner.email):
                    address = main
        if tracked.row_address != address and (partner or not tracked.address):
            values["recipient_address"] = address
            if partner:
                recipient = Recipient.of_partner(partner).values()
                values["recipient"] = recipient["recipient"]
        if others:
            values["other_addresses"] = others
        return values or None

    def _mail_tracking_partly(self):
        """Return the contacts who got a mail at some of their addresses only.

        Core calls them sent.

        :return: dict from tuple (id of the message, id of the contact) to the
            answer of the server that has refused the others
        """
        run = self.env.context.get("mail_tracking_run")
        if not run:
            return {}
        return {
            (mail.mail_message_id.id, tracked.partner_id): answer
            for mail in self
            for tracked, answer in run.partly_refused(mail.id)
        }
