from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.after_commit import begin_batch
from ...tools.params import retention_limit
from ...tools.recipients import recipients_of
from ...tools.states import FAILED_STATES

BATCH = 1000
# A second of work, which is committed then: others wait for what is being deleted.
MOST_DELETED = 10_000
# What is younger may still be on its way.
GRACE = timedelta(hours=1)

# What a mail that has left the queue means for a tracking that still waits.
EVENT_OF_FINAL_STATE = {
    "sent": "sent",
    "exception": "error",
    "cancel": "canceled",
    None: "canceled",  # deleted by other means than the ORM
}


class MailTrackingEmail(models.Model):
    """Repair what a crash has left, and delete what is past its retention time."""

    _inherit = "mail.tracking.email"

    # Finds what is old; a few pages in all.
    _create_date = models.Index("USING brin (create_date)")

    @api.autovacuum
    def _gc_trackings(self):
        """Delete the trackings that are older than the retention time, in batches.

        Their events go with them. Those that still wait for their mail stay: it may be
        scheduled for next year, and sending it adds events to them. A failure that
        nobody has reviewed has a limit of its own, when that is the longer one.

        :return: tuple (number deleted, whether there may be more)
        """
        limit = retention_limit(self.env)
        if not limit:
            return 0, False
        failed_limit = retention_limit(self.env, "failures")
        self.flush_model()
        # Rows of a broken removal have no time: nobody waits for them.
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
        """Raise the states that a crash has left behind, when the queue begins."""
        since = self._last_mended() - GRACE
        self.browse(self._ids_with_events(since, 0, waiting=True))._update_state()

    @api.model
    def _cron_mend_states(self):
        """Raise the states that were not raised after the commit of their events.

        Everybody else raises them at once: this is for a process that was killed in
        between, and for mails that left the queue without our hooks. An opening that
        comes in meanwhile must not make it fail: it would not look so far back again.
        """
        since = self._last_mended() - GRACE
        last_id = 0
        begin_batch(self.env)
        while ids := self._ids_with_events(since, last_id):
            self.browse(ids)._update_state()
            last_id = ids[-1]
            self.env["ir.cron"]._commit_progress(len(ids))
            begin_batch(self.env)
        while self._close_abandoned():
            self.env["ir.cron"]._commit_progress(BATCH)
            begin_batch(self.env)
        self.env["mail.tracking.late.report"]._judge_kept()
        self.env["mail.tracking.consent"]._withdraw_pending()

    def _last_mended(self):
        """Return when the repairing job ran, in UTC; a week ago when it never did."""
        job = "mail_activity_tracking.mail_tracking_email_cron_mend"
        cron = self.env.ref(job, raise_if_not_found=False)
        week_ago = fields.Datetime.now() - timedelta(days=7)
        return cron and cron.lastcall or week_ago

    def _ids_with_events(self, since, last_id, waiting=False):
        """Return the next trackings, by id, with events since a moment in UTC.

        :param datetime since: UTC without time zone
        :param int last_id: only those with a larger id
        :param bool waiting: only those that wait although something has happened
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
        """Return the trackings whose recipient is no longer in the mail that was sent.

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
