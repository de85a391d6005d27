import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools.after_commit import begin_batch
from ...tools.guard import never_break_mail
from ...tools.params import DEFAULT_RETRY_HOURS, retries_not_tried, retry_hours
from ...tools.retry_times import next_time
from ...tools.states import ANYBODY, BEGINNING, FAILED_STATES
from ..retry.mail_mail import recipient_values
from .mail_tracking_event import MAY_ARRIVE_SQL

# sudo: the queue retries mails, whoever sent them.

_logger = logging.getLogger(__name__)

BATCH = 200
# Younger failures are still handled by the process that has sent the mails.
GRACE = timedelta(minutes=1)


class MailTrackingEmail(models.Model):
    """Retry mails automatically that can still arrive.

    This happens after the commit of the failure, in the transaction that raises the
    states, so that nobody is notified of it. A job retries what fails there. Such an
    attempt is known by its event `queued`, which has the reason of the failure before.
    """

    _inherit = "mail.tracking.email"

    # True for mails of a template with `tracking_never_retry`, else empty.
    is_sent_once = fields.Boolean(
        readonly=True,
        help="Not retried automatically when the mail server temporarily refuses it",
    )

    @api.model
    def _cron_try_again(self):
        """Begin the next attempts that were not begun after the commit."""
        last_id = 0
        begin_batch(self.env)
        while ids := self._ids_to_try_again(last_id):
            self.browse(ids)._try_again()
            last_id = ids[-1]
            self.env["ir.cron"]._commit_progress(len(ids))
            begin_batch(self.env)

    def _ids_to_try_again(self, last_id):
        """Return the ids of the next trackings that failed and may still arrive."""
        self.flush_model()
        now = fields.Datetime.now()
        hours = retry_hours(self.env) or DEFAULT_RETRY_HOURS
        self.env.cr.execute(
            SQL(
                """SELECT tracking.id
                     FROM (SELECT tracking_email_id, attempt, time
                             FROM mail_tracking_event
                            WHERE %s AND time BETWEEN %s AND %s) event
                     JOIN mail_tracking_email tracking
                       ON tracking.id = event.tracking_email_id
                      AND tracking.attempt = event.attempt
                      AND tracking.state = 'error'
                    WHERE tracking.id > %s
                 GROUP BY tracking.id ORDER BY tracking.id LIMIT %s""",
                MAY_ARRIVE_SQL,
                now - timedelta(hours=hours),
                now - GRACE,
                last_id,
                BATCH,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _try_again_after_commit(self):
        """Begin the next attempts in the transaction that has raised the states.

        An error rolls back these attempts, and leaves them to the job.

        :return: the trackings whose next attempt has begun
        """
        begun = self.browse()
        try:
            with (
                never_break_mail("try again"),
                self.env.cr.savepoint(),
            ):
                # The transaction that holds the mail may be waiting for this very one.
                self.env.cr.execute("SET LOCAL lock_timeout = '3s'")
                begun = self._try_again()
        except psycopg2.Error:
            # Not for Odoo to retry: the savepoint has rolled back this part.
            _logger.warning("Mails to try again are left to the job", exc_info=True)
            self.env.invalidate_all(flush=False)
        return begun

    def _try_again(self):
        """Begin the next attempt of failures after which the mail may still arrive.

        :return: the trackings whose next attempt has begun
        """
        begun = self.browse()
        carrying = self.env["mail.mail"].browse(set(self.mapped("mail_id")) - {0})
        mails = {mail.id: mail for mail in carrying.exists()}
        candidates = self.filtered(
            lambda tracking: tracking._may_be_tried_again(mails.get(tracking.mail_id))
        )
        due = candidates._due_times() if candidates else {}
        failed = self.browse(tracking.id for tracking in due)._lock_failed()
        blocked = (
            {*failed._recipient_obstacles(), *failed._obstacles()} if failed else ()
        )
        failed = failed.filtered(lambda tracking: tracking not in blocked)
        for moment, trackings in failed.grouped(due.get).items():
            begun += trackings._send_again(moment)
        # All at once: others would be shown as failed before their attempt begins.
        messages = failed.mail_message_id.sudo(False)
        messages._notify_message_notification_update()
        return begun

    def _may_be_tried_again(self, mail):
        """Return whether the mail may be sent again automatically.

        User notifications may not, nor mails whose message is deleted with them: a
        login code is useful for minutes.

        :param mail: the `mail.mail` of the tracking, None when it is gone
        """
        is_excluded = self.notifies_only or self.reviewed or self.is_sent_once
        if self.state != "error" or is_excluded or not self.mail_message_id:
            return False
        return not mail or mail.is_notification or not mail.auto_delete

    # === WHEN ===#
    def _due_times(self):
        """Return when the next attempts of failures are due.

        :return: dict from tracking to datetime, without failures that are given up
        """
        hours, not_tried = retry_hours(self.env), retries_not_tried(self.env)
        due = {}
        for tracking in self:
            moment = tracking._due_time(hours, not_tried)
            if moment:
                due[tracking] = moment
        return due

    def _due_time(self, hours, not_tried):
        """Return when the next attempt is due, None when there is none.

        :param int hours: for how many hours temporary failures are retried
        :param bool not_tried: whether recipients that were not attempted are retried
        """
        events = self.tracking_event_ids.sorted("id")
        by_hand = events.filtered(
            lambda e: e.event_type == "queued" and not e.error_type
        )
        first_attempt = max(by_hand.mapped("attempt"), default=1)
        errors = events.filtered(
            lambda e: e.event_type == "error" and e.attempt >= first_attempt
        )
        latest = self._may_arrive(errors.filtered(lambda e: e.attempt == self.attempt))
        if not latest or self._is_too_old(by_hand, errors, hours):
            return None
        # A server that closes the session at one of several addresses has heard of none
        # of the others.
        if not any(event.is_temporary for event in latest):
            return latest[-1].time if not_tried else None
        if not hours:
            return None
        failures = {e.attempt: e.time for e in errors if e.is_temporary}
        return next_time([failures[attempt] for attempt in sorted(failures)], hours)

    def _may_arrive(self, errors):
        """Return the errors of addresses that the mail may still arrive at.

        :param errors: events of one attempt
        """
        by_address = errors.grouped(self._address_of)
        return errors.filtered(
            lambda e: all(map(_is_hopeful, by_address[self._address_of(e)]))
        )

    def _refused_addresses(self, states):
        """Return the addresses that an automatic retry must not go to.

        :param dict states: address to its state, see `fold_addresses`
        """
        errors = self.tracking_event_ids.filtered(lambda e: e.event_type == "error")
        latest = {self._address_of(e): e for e in errors.sorted(lambda e: e.attempt)}
        return {
            address
            for address, state in states.items()
            if state in FAILED_STATES
            and not (state == "error" and _is_hopeful(latest.get(address, errors[:0])))
        }

    def _address_of(self, event):
        """Return the address that a failure is about, as `fold_addresses` does."""
        own = self.recipient_address or ANYBODY
        beginnings = self.tracking_event_ids.filtered(
            lambda e: e.attempt == event.attempt and e.event_type == BEGINNING
        )
        asked = set(filter(None, beginnings.mapped("recipient"))) or {own}
        return (event.recipient or (own if own in asked else ANYBODY)).lower()

    def _is_too_old(self, by_hand, errors, hours):
        """Return whether the mail is too old to be sent again.

        A server that was down for a week must not flood recipients with old mails.

        :param by_hand: `queued` events of the attempts that are not automatic
        :param errors: failures since the last of these attempts
        """
        since = errors[0].time
        if errors[0].attempt == self.attempt:
            mail = self.env["mail.mail"].browse(self.mail_id or ()).exists()
            queued = by_hand[-1:].time or self.create_date
            since = max(queued, mail.scheduled_date or queued)
        oldest = fields.Datetime.now() - timedelta(hours=hours or DEFAULT_RETRY_HOURS)
        return since < oldest

    # === CANCEL ===#
    def _cancel(self):
        """Remove the recipient from a queued mail, which still goes to the others.

        Somebody who has read the mail at another address, or was refused there, stays
        as they are.

        :raise AccessError: when the user may not send the mail
        :raise UserError: when it is being sent
        """
        self.ensure_one()
        if not self._may_send_now():
            raise AccessError(self.env._("You are not allowed to cancel this email."))
        tracking = self.sudo()
        mail = tracking._waiting_mail_sudo()
        if not mail:
            return
        if not mail._mail_tracking_try_lock():
            raise UserError(self.env._("The email is being sent right now."))
        tracking._leave_queued_mail(mail)

    def _leave_queued_mail(self, mail):
        """Remove recipients from a queued mail, which is locked and theirs, in sudo."""
        mail._mail_tracking_begin_added()
        others = self.search([("mail_id", "=", mail.id)]) - self
        others = others.filtered(lambda other: other._has_begun())
        if others:
            self._add_events({"event_type": "canceled", "source": "queue"})
            self._update_state()
            mail.write(recipient_values(others))
        else:
            mail.cancel()
        notifications = self._follow_with_notifications()
        messages = notifications.mail_message_id.sudo(False)
        messages._notify_message_notification_update()

    @api.model
    def _stop_retries(self, message):
        """Cancel what waits to be sent again of a message that was removed, in sudo.

        A mail that was never tried still goes out, as it does without the addon.

        :param message: `mail.message` without content
        """
        again = self.search(
            [
                ("mail_message_id", "=", message.id),
                ("state", "=", "waiting"),
                ("attempt", ">", 1),
            ]
        )
        for mail_id, trackings in again.grouped("mail_id").items():
            mail = self.env["mail.mail"].browse(mail_id).exists()
            if mail.state == "outgoing" and mail._mail_tracking_try_lock():
                trackings._leave_queued_mail(mail)


def _is_hopeful(error):
    """Return whether the mail may still arrive after this event."""
    return error.is_temporary or error.error_type == "not_attempted"
