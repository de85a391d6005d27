from datetime import datetime, timedelta

from odoo import fields, models, modules
from odoo.tools import split_every

from ...tools.after_commit import KEY, PendingStates
from ...tools.audience_sql import is_any_seen_sql
from ...tools.guard import never_break_mail
from ...tools.states import (
    OUTCOME_EVENTS,
    REACHED_STATES,
    STATE_OF_NEXT_ATTEMPT,
    Fact,
    fold_addresses,
)
from ...tools.states_sql import (
    NewState,
    fold_states_sql,
    raise_states_sql,
    raise_to_sent_sql,
)

# States that core itself writes to its notifications.
KNOWN_TO_CORE = ("waiting", "canceled", "error")


class MailTrackingEmail(models.Model):
    """Add events to trackings, and set their states to what the events say."""

    _inherit = "mail.tracking.email"

    def _add_events(self, values):
        """Insert one event of the current attempt for each of the trackings."""
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

    def _update_state(self, tries_again=False):
        """Set the states to what the events say.

        The other writers of states are hits of the pixel (`tools.pixel_hit`) and
        `_raise_to_sent`, which only raise them, `_fold_state`, which may lower them,
        and those that reset them: `_next_attempt` and `_begin_attempt_of_merged`.

        :param bool tries_again: whether mails that failed and may still arrive are sent
            again automatically, without notifying anybody of these failures
        :return: the trackings whose state changed
        """
        self.flush_model()
        new_states, to_fold = [], set()
        for ids in split_every(1000, sorted(self.ids)):
            for new in self._execute_states(raise_states_sql(list(ids))):
                if new.state:
                    new_states.append(new)
                else:
                    to_fold.add(new.id)
        new_states += self._execute_fold(to_fold)
        return self._states_changed(new_states, tries_again)

    def _raise_to_sent(self):
        """Set the states of mails that were just sent, with a small statement.

        :return: the trackings whose state changed; `_update_state` judges the others
        """
        self.flush_model()
        raised = []
        for ids in split_every(1000, sorted(self.ids)):
            self.env.cr.execute(raise_to_sent_sql(list(ids)))
            raised += [tracking_id for (tracking_id,) in self.env.cr.fetchall()]
        sent = self.browse(raised)
        sent.invalidate_recordset(flush=False)
        with never_break_mail("tell of new states"):
            # Cheaper than the query of `_notify_state`. A statement of its own: it sees
            # who has opened a page while the first one waited for a lock.
            if sent and self.env.execute_query(is_any_seen_sql(sent.ids)):
                sent._notify_state()
        return sent

    def _update_state_after_commit(self, sent_values=None, fresh=None, pending=None):
        """Raise the states once the events are committed.

        In tests they are raised at once on the same cursor, as in core's
        `send_after_commit`.

        :param dict sent_values: see `_set_sent_values`, for mails that were sent
        :param dict fresh: see `_restore`, for trackings of the same transaction
        :param PendingStates pending: states of several commits, if any
        """
        cr = self.env.cr
        if modules.module.current_test:
            if sent_values:
                self._set_sent_values(sent_values)
            self._update_state()
            return
        # One for each transaction: a retry needs all that sending has changed.
        pending = cr.postcommit.data.get(KEY) or pending or PendingStates(cr.dbname)
        values = sent_values or dict.fromkeys(self.ids)
        pending.add(cr, values, fresh or {}, is_sending=bool(sent_values))

    def _fold_state(self):
        """Set the states to what the events say, even where that lowers them.

        For callers that know that a state may go down, such as those that have deleted
        events. `_update_state` itself folds withdrawn complaints and recipients with
        several addresses.

        :return: the trackings whose state changed
        """
        self.flush_model()
        return self._states_changed(self._execute_fold(self.ids))

    def _execute_fold(self, tracking_ids):
        """Fold trackings, perhaps none, and return a list of `NewState`."""
        new_states = []
        for ids in split_every(1000, sorted(tracking_ids)):
            new_states += self._execute_states(fold_states_sql(list(ids)))
        return new_states

    def _execute_states(self, statement):
        """Execute a statement that sets states and return a list of `NewState`."""
        self.env.cr.execute(statement)
        return [NewState(*row) for row in self.env.cr.fetchall()]

    def _next_attempt(self, by_itself=False):
        """Begin the next attempt, keeping the history.

        Not for the transaction that sends: it updates the trackings.

        :param bool by_itself: whether it is an automatic retry; its "queued" events
            then have the reason of the failure before
        """
        now = fields.Datetime.now()
        failed = self.filtered("is_failed")
        reasons = {t: t.error_type or "unknown" for t in self if by_itself}
        asked = {tracking: tracking._addresses_to_try(by_itself) for tracking in self}
        for tracking in self:
            # Later than the state before, see `raise_states_sql`.
            former = tracking.state_time or datetime.min
            tracking.write(
                {
                    **tracking._get_recipient_values(asked[tracking] != [None]),
                    "attempt": tracking.attempt + 1,
                    "state": STATE_OF_NEXT_ATTEMPT[tracking.state],
                    "state_time": max(now, former + timedelta(seconds=1)),
                    "error_type": False,
                    "error_description": False,
                    "reviewed": False,
                }
            )
        self.env["mail.tracking.event"]._insert(
            [
                {
                    "tracking_email_id": tracking.id,
                    "attempt": tracking.attempt,
                    "event_type": "queued",
                    "source": "queue",
                    "error_type": reasons.get(tracking),
                    "recipient": address,
                }
                for tracking in self
                for address in asked[tracking]
            ]
        )
        if several := self.filtered("other_addresses"):
            several._fold_state()  # perhaps somebody has read it at another address
        self._begin_attempt_of_merged()
        if self:
            self._notify_state()
        if failed:
            failed._notify_failed()

    def _addresses_to_try(self, by_itself=False):
        """Return the addresses that the next attempt is for.

        Addresses that have received the mail are left out. A former address, which was
        corrected, is not: its failure then belongs to an earlier attempt.

        :param bool by_itself: whether to leave out addresses refused for good, too
        :return: list, not empty; `[None]` stands for all the addresses
        """
        own, *others = self._addresses() or [""]
        if not others:
            return [None]
        states = fold_addresses(self._facts(), self.attempt, own, others)
        refused = self._refused_addresses(states) if by_itself else ()
        missing = [
            address
            for address in (own, *others)
            if states.get(address) not in REACHED_STATES and address not in refused
        ]
        return missing if 0 < len(missing) <= len(others) else [None]

    def _has_begun(self):
        """Return whether the latest attempt has no outcome yet."""
        return not any(
            event.attempt == self.attempt and event.event_type in OUTCOME_EVENTS
            for event in self.tracking_event_ids
        )

    def _facts(self):
        """Return the events as the pure fold takes them, a list of `Fact`."""
        return [
            Fact(
                event.event_type,
                event.attempt,
                event.evidence or None,
                event.recipient or None,
                event.id,
                event.withdrawn_event_id or None,
            )
            for event in self.tracking_event_ids
        ]

    def _states_changed(self, new_states, tries_again=False):
        """Retry, correct core's notifications and notify users, as new states demand.

        :param list new_states: list of `NewState`
        :param bool tries_again: see `_update_state`
        :return: the trackings whose state changed
        """
        changed = self.browse(new.id for new in new_states)
        changed.invalidate_recordset(flush=False)
        failures = [new for new in new_states if new.is_failure]
        failed = self.browse(new.id for new in failures)
        # Core already knows which mails it could not send.
        elsewhere = self.browse(new.id for new in failures if new.state != "error")
        if tries_again and failed:
            failed -= failed._try_again_after_commit()
        # Before anybody is told: the message may still be in a chatter.
        with never_break_mail("show a failure in the chatter"):
            lonely = failed.filtered(lambda t: t.mail_id and not t.mail_message_id)
            if mail_ids := set(lonely.mapped("mail_id")):
                # sudo: whoever raises states may not read mails
                mails_sudo = self.env["mail.mail"].sudo().browse(mail_ids)
                mails_sudo.exists()._mail_tracking_keep_message()
        moved = self.browse()
        if merged := self.browse(new.id for new in new_states if new.is_merged):
            moved = merged._rank_merged()
            elsewhere |= moved.filtered(lambda t: t.state not in KNOWN_TO_CORE)
        # States stay raised even when the notification fails.
        with never_break_mail("tell of new states"):
            if visible := changed | moved:
                visible._notify_state()
            if opened := [
                new.id
                for new in new_states
                if new.tells_author and new.state == "opened"
            ]:
                self.browse(opened)._tell_read()
            if elsewhere:
                elsewhere._correct_notifications()
            if failed := failed | moved:
                failed._notify_failed()
        return changed
