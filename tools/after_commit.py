"""States that wait for the commit of the events they follow from."""

import logging
import time

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

from odoo import SUPERUSER_ID, api, modules
from odoo.modules.registry import Registry
from odoo.tools import frozendict

from .guard import never_break_mail
from .late_reports import process_late_reports

_logger = logging.getLogger(__name__)

KEY = "mail_activity_tracking.pending_states"
# What users are told depends on these keys of the context.
CONTEXT = ("allowed_company_ids", "lang")
# The queue commits each mail; states are raised together, this often and at its end.
SECONDS_BETWEEN_FLUSHES = 1


def begin_batch(env):
    """Begin a transaction of a job: READ COMMITTED, so that it conflicts with no other.

    Commit the work done before. A test keeps its one transaction and its level.
    """
    if not modules.module.current_test:
        env.cr.commit()  # pylint: disable=invalid-commit
        read_committed(env.cr)
    env.invalidate_all()


def read_committed(cr):
    """Set a cursor to READ COMMITTED, so that it conflicts with no other one.

    This takes no statement. The next cursor of the connection has core's level again.

    :param cr: cursor that has not begun a transaction
    :raise psycopg2.ProgrammingError: when it has begun one
    """
    cr.connection.set_session(isolation_level=ISOLATION_LEVEL_READ_COMMITTED)


class PendingStates:
    """Raise states with a cursor of its own, after the commit.

    A second transaction on purpose: the one that has sent the mails must not touch the
    trackings. A job repairs what fails here.
    """

    def __init__(self, dbname, coalesce=False):
        """
        :param str dbname: name of the database
        :param bool coalesce: wait for the next flush unless the last one is long past
        """
        self._dbname = dbname
        self._coalesce = coalesce
        self._flushed_at = time.monotonic()
        self._values_by_tracking = {}
        self._fresh = {}
        self._held = {}
        self._sent = set()

    def add(self, cr, values_by_tracking, fresh, is_sending):
        """Take trackings whose events the transaction of `cr` has inserted.

        :param dict values_by_tracking: see `mail.tracking.email._set_sent_values`
        :param dict fresh: tracking id to what `mail.tracking.email._restore` needs, for
            trackings that the same transaction has created
        :param bool is_sending: whether the trackings are of mails that are being sent
        """
        key = (KEY, id(self))
        if key not in cr.postcommit.data:
            # Kept with the transaction: a rollback discards it. Before the commit the
            # trackings are not seen, as if a savepoint had rolled them back.
            cr.postcommit.data[key] = ({}, {}, {}, set())
            cr.postcommit.data.setdefault(KEY, self)
            cr.postcommit.add(lambda: self._after_commit(*cr.postcommit.data.pop(key)))
        added, added_fresh, _held, sent = cr.postcommit.data[key]
        added.update(values_by_tracking)
        added_fresh.update(fresh)
        if is_sending:
            sent.update(values_by_tracking)

    def hold(self, messages):
        """Tell users of core's failures later, when it is known which ones remain.

        Call it in the transaction that has called `add`.

        :param messages: `mail.message`, in the environment that core tells it in
        """
        env = messages.env
        _added, _fresh, held, _sent = env.cr.postcommit.data[KEY, id(self)]
        context = frozendict({k: env.context[k] for k in CONTEXT if k in env.context})
        held.setdefault((env.uid, env.su, context), set()).update(messages.ids)

    def close(self):
        """Raise the committed states now, and later ones at once."""
        self._coalesce = False
        self.flush()

    def _after_commit(self, values_by_tracking, fresh, held, sent):
        for tracking_id, values in values_by_tracking.items():
            self._values_by_tracking.setdefault(tracking_id, {}).update(values or {})
        self._fresh.update(fresh)
        self._sent |= sent
        for who, message_ids in held.items():
            self._held.setdefault(who, set()).update(message_ids)
        is_due = time.monotonic() - self._flushed_at >= SECONDS_BETWEEN_FLUSHES
        if is_due or not self._coalesce:
            self.flush()

    def flush(self):
        """Raise the pending states now, if there are any."""
        self._flushed_at = time.monotonic()
        pending, self._values_by_tracking = self._values_by_tracking, {}
        fresh, self._fresh = self._fresh, {}
        held, self._held = self._held, {}
        sent, self._sent = self._sent, set()
        late = ()
        if pending:
            late = self._work("raise states", _raise_states, pending, fresh, sent)
        for (uid, su, context), message_ids in held.items():
            who = {"user": uid, "su": su, "context": context}
            self._work("tell of failures", _tell_of_failures, who, message_ids)
        process_late_reports(self._dbname, late or ())

    def _work(self, step, work, *arguments):
        """Do some work in a transaction of its own, and log what fails.

        The job raises the states later. A notification is lost: users see the failures
        on the next page that they load.
        """
        try:
            with never_break_mail(step), Registry(self._dbname).cursor() as cr:
                read_committed(cr)
                return work(api.Environment(cr, SUPERUSER_ID, {}), *arguments)
        except psycopg2.Error:
            _logger.warning("Mail tracking failed to %s", step, exc_info=True)
        return None


def _raise_states(env, pending, fresh, sent):
    """Raise the states of trackings; return the ids of reports that waited for them.

    :param set sent: those of mails that were being sent
    """
    trackings = env["mail.tracking.email"].browse(pending)
    if fresh:
        trackings._restore(fresh)
    if sent_values := {key: values for key, values in pending.items() if values}:
        trackings._set_sent_values(sent_values)
    if sent:
        trackings -= trackings.browse(sent)._raise_to_sent()
    trackings._update_state(tries_again=True)
    return env["mail.tracking.late.report"]._waiting_for(fresh) if fresh else []


def _tell_of_failures(env, who, message_ids):
    """Tell users of failures that core has seen while it was sending.

    :param dict who: arguments of the environment that core would have told it in
    :param set message_ids: ids of `mail.message`; some may be gone
    """
    messages = env(**who)["mail.message"].browse(sorted(message_ids)).exists()
    messages._notify_message_notification_update()


def keep_sent(dbname, run, mail_id):
    """Record who received a mail although the sending transaction was rolled back.

    Called after the rollback. If it fails, all is as without the addon: core sends the
    mail again.

    :param str dbname: name of the database
    :param SendRun run: of the batch
    :param int mail_id: id of the mail
    """
    if not run.settled(mail_id):
        return
    try:
        with (
            never_break_mail("keep what was sent before a rollback"),
            Registry(dbname).cursor() as cr,
        ):
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["mail.mail"].browse(mail_id)._mail_tracking_keep_sent(run)
    except psycopg2.Error:
        _logger.warning("Mail %s was sent and is in the queue", mail_id, exc_info=True)


def in_own_transaction(env, work):
    """Do some work in a READ COMMITTED transaction beside the current one.

    Work that fails is left to the job. A test has one transaction.

    :param env: environment of the current transaction
    :param work: called with an environment of the superuser
    """
    if modules.module.current_test:
        work(env(su=True))
        return
    try:
        with (
            never_break_mail("repair what a crash has left"),
            env.registry.cursor() as cr,
        ):
            read_committed(cr)
            work(api.Environment(cr, SUPERUSER_ID, {}))
    except psycopg2.Error:
        _logger.warning("A repair is left to the job", exc_info=True)
