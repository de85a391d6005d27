from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.after_commit import begin_batch
from ...tools.params import retention_limit
from ...tools.recipients import recipients_of
from ...tools.states import FAILED_STATES

BATCH = 1000
# About a second of work per commit: others wait for rows that are being deleted.
MOST_DELETED = 10_000
# Anything younger may still be in progress.
GRACE = timedelta(hours=1)

# State of a mail that has left the queue to the event of a tracking that still waits.
EVENT_OF_FINAL_STATE = {
    "sent": "sent",
    "exception": "error",
    "cancel": "canceled",
    None: "canceled",  # deleted without the ORM
}


class MailTrackingEmail(models.Model):
    """Repair states after a crash, and delete trackings past their retention time."""

    _inherit = "mail.tracking.email"

    # Finds old rows, and those of the days to follow up; takes only a few pages.
    _create_date = models.Index("USING brin (create_date)")

    @api.autovacuum
    def _gc_trackings(self):
        """Delete the trackings that are older than the retention time, in batches.

        Their events are deleted with them. Trackings that wait for their mail stay: it
        may be scheduled for next year, and sending it adds events to them. A failure
        that nobody has reviewed has a limit of its own, when that is the longer one.

        :return: tuple (number deleted, whether there may be more)
        """
        limit = retention_limit(self.env)
        if not limit:
            return 0, False
        failed_limit = retention_limit(self.env, "failures")
        self.flush_model()
        # Rows left by a broken removal have no date: nobody waits for them.
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM mail_tracking_email tracking
                    WHERE create_date IS NULL
                       OR create_date < %s AND state <> 'waiting'
                          AND (create_date < %s OR reviewed OR outranked
                               OR state NOT IN %s)
                    LIMIT %s""",
                limit,
                failed_limit,  # NULL: kept for ever
                FAILED_STATES,
                MOST_DELETED,
            )
        )
        self.browse(row[0] for row in rows).unlink()
        return len(rows), len(rows) == MOST_DELETED

    @api.model
    def _mend_before_queue(self):
        """Raise the states that a crash has left behind, before the queue runs."""
        since = self._last_mended() - GRACE
        self.browse(self._ids_with_events(since, 0, waiting=True))._update_state()

    @api.model
    def _cron_mend_states(self):
        """Raise the states that were not raised after the commit of their events.

        All other code raises them at once: this job is for processes that were killed
        in between, and for mails that left the queue without our hooks. A concurrent
        open must not make it fail: the next run would search the events of a week.
        """
        since = self._last_mended() - GRACE
        last_id = 0
        # It first runs right after the installation, perhaps before the queue does.
        self.env["mail.mail"]._mail_tracking_begin_untracked()
        begin_batch(self.env)
        while ids := self._ids_with_events(since, last_id):
            self.browse(ids)._update_state()
            last_id = ids[-1]
            self.env["ir.cron"]._commit_progress(len(ids))
            begin_batch(self.env)
        while self._close_abandoned():
            self.env["ir.cron"]._commit_progress(BATCH)
            begin_batch(self.env)
        self.env["mail.tracking.late.report"]._process_late()
        self.env["mail.tracking.consent"]._withdraw_pending()

    def _last_mended(self):
        """Return since when there may be states to raise, in UTC.

        Core updates `lastcall` for a run that fails, too: when the job last succeeded
        is not known then.

        :return: when the repair job last ran; a week ago if it never did, or failed
        """
        job = "mail_activity_tracking.mail_tracking_email_cron_mend"
        cron = self.env.ref(job, raise_if_not_found=False)
        if cron and cron.lastcall and not cron.failure_count:
            return cron.lastcall
        return fields.Datetime.now() - timedelta(days=7)

    def _ids_with_events(self, since, last_id, waiting=False):
        """Return the ids of the next trackings with events since a moment.

        :param datetime since: UTC without time zone
        :param int last_id: only trackings with a larger id
        :param bool waiting: only trackings that wait although something has happened
        :return: list of at most `BATCH` ids
        """
        condition = SQL(
            """AND event_type <> 'queued' AND EXISTS (
                    SELECT FROM mail_tracking_email tracking
                     WHERE tracking.id = tracking_email_id
                       AND tracking.state = 'waiting')"""
        )
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT tracking_email_id FROM mail_tracking_event
                    WHERE time >= %s AND tracking_email_id > %s %s
                    ORDER BY tracking_email_id LIMIT %s""",
                since,
                last_id,
                condition if waiting else SQL(),
                BATCH,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _close_abandoned(self):
        """Close trackings that wait for a mail which has left the queue.

        :return: the trackings whose state changed
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT tracking.id, tracking.attempt, mail.id AS mail_id,
                          mail.state, mail.failure_type, mail.failure_reason
                     FROM mail_tracking_email tracking
                LEFT JOIN mail_mail mail ON mail.id = tracking.mail_id
                    WHERE tracking.state = 'waiting'
                      AND tracking.state_time < %s
                      AND (mail.id IS NULL OR mail.state IN %s)
                 ORDER BY tracking.id LIMIT %s""",
                fields.Datetime.now() - GRACE,
                tuple(filter(None, EVENT_OF_FINAL_STATE)),
                BATCH,
            )
        )
        rows = self.env.cr.dictfetchall()
        left = self._left_their_mail({row["id"]: row["mail_id"] for row in rows})
        self.env["mail.tracking.event"]._insert(
            [
                {
                    "tracking_email_id": row["id"],
                    "attempt": row["attempt"],
                    "event_type": "canceled"
                    if row["id"] in left
                    else EVENT_OF_FINAL_STATE[row["state"]],
                    "source": "queue",
                    "error_type": row["failure_type"],
                    "diagnostic": row["failure_reason"],
                }
                for row in rows
            ]
        )
        return self.browse(row["id"] for row in rows)._update_state()

    def _left_their_mail(self, mail_ids):
        """Return the ids of trackings whose recipient is no longer one of their mail.

        :param dict mail_ids: tracking id to the id of its mail, None when that is gone
        :rtype: set
        """
        mails = self.env["mail.mail"].browse(filter(None, mail_ids.values()))
        keys = {mail.id: {r.key for r in recipients_of(mail)} for mail in mails}
        return {
            tracking.id
            for tracking in self.browse(mail_ids)
            if tracking._recipient_key() not in keys.get(mail_ids[tracking.id], ())
        }
