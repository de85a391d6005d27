"""States that wait for the commit of the events they follow from."""

import logging
import time

import psycopg2

from odoo import SUPERUSER_ID, api, modules
from odoo.modules.registry import Registry
from odoo.tools import SQL

from .guard import never_break_mail
from .late_reports import judge

_logger = logging.getLogger(__name__)

READ_COMMITTED = SQL("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
KEY = "mail_activity_tracking.pending_states"
# The queue commits each mail: states are raised together, this often and at its end.
SECONDS_BETWEEN_FLUSHES = 1


def begin_batch(env):
    """Begin a transaction of a job: READ COMMITTED, so that it conflicts with none.

    What was done before is committed. A test has one transaction, without a level.
    """
    if not modules.module.current_test:
        env.cr.commit()  # pylint: disable=invalid-commit
        env.cr.execute(READ_COMMITTED)
    env.invalidate_all()


class PendingStates:
    """Raises states with a cursor of its own, after the commit.

    A second transaction on purpose: the one that has sent the mails must not touch the
    trackings. What fails here, a job mends.
    """

    def __init__(self, dbname, coalesce=False):
        """
        :param str dbname: name of the database
        :param bool coalesce: wait for the next flush unless the last one is long past
        """
        self._dbname = dbname
        self._coalesce = coalesce
        self._flushed_at = time.monotonic()
        self._mail_by_tracking = {}
        self._fresh = {}

    def add(self, cr, mail_by_tracking, fresh):
        """Take trackings whose events the transaction of `cr` has inserted.

        :param dict mail_by_tracking: tracking id to the id of the mail that now carries
            it, or None where that has not changed
        :param dict fresh: tracking id to what `mail.tracking.email._restore` needs, of
            those that the same transaction has created
        """
        key = (KEY, id(self))
        if key not in cr.postcommit.data:
            # Kept with the transaction: a rollback forgets it, and before the commit
            # it would look as if a savepoint had taken it back.
            cr.postcommit.data[key] = ({}, {})
            cr.postcommit.data.setdefault(KEY, self)
            cr.postcommit.add(lambda: self._after_commit(*cr.postcommit.data.pop(key)))
        added, added_fresh = cr.postcommit.data[key]
        added.update(mail_by_tracking)
        added_fresh.update(fresh)

    def close(self):
        """Raise the states of what is committed now, and later ones at once."""
        self._coalesce = False
        self.flush()

    def _after_commit(self, mail_by_tracking, fresh):
        self._mail_by_tracking.update(mail_by_tracking)
        self._fresh.update(fresh)
        is_due = time.monotonic() - self._flushed_at >= SECONDS_BETWEEN_FLUSHES
        if is_due or not self._coalesce:
            self.flush()

    def flush(self):
        """Raise the states now; nothing to do is fine."""
        self._flushed_at = time.monotonic()
        pending, self._mail_by_tracking = self._mail_by_tracking, {}
        fresh, self._fresh = self._fresh, {}
        if not pending:
            return
        late = []
        try:
            with (
                never_break_mail("raise states"),
                Registry(self._dbname).cursor() as cr,
            ):
                cr.execute(READ_COMMITTED)
                env = api.Environment(cr, SUPERUSER_ID, {})
                trackings = env["mail.tracking.email"].browse(pending)
                trackings._restore(fresh)
                trackings._set_mail(pending)
                trackings._update_state()
                if fresh:
                    late = env["mail.tracking.late.report"]._waiting_for(fresh)
        except psycopg2.Error:
            _logger.warning(
                "States of mail trackings are left to the job", exc_info=True
            )
        judge(self._dbname, late)
