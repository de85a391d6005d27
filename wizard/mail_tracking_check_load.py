from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL, format_datetime
from odoo.tools.misc import human_size

# A webhook request is processed within seconds if the jobs keep up.
MOST_LAG = timedelta(minutes=15)


class MailTrackingCheck(models.TransientModel):
    """Check for delays, and tell the size of the tables.

    Sizes are PostgreSQL's estimates: counting a million rows takes a second.
    """

    _inherit = "mail.tracking.check"

    def _check_load(self):
        yield self._check_webhook_lag()
        what = self.env._("Size")
        yield what, "ok", " ".join((*self._sizes(), *self._oldest_waiting())), ""

    def _check_webhook_lag(self):
        """Return the finding on webhook requests that are not processed yet."""
        what = self.env._("Webhook Requests")
        since = self._oldest(
            SQL(
                """SELECT received_at FROM mail_tracking_webhook
                    WHERE state = 'pending' ORDER BY id LIMIT 1"""
            )
        )
        if not since:
            return what, "ok", self.env._("All requests are processed."), "", "jobs"
        words = self.env._(
            "Requests have been waiting since %(moment)s.",
            moment=format_datetime(self.env, since),
        )
        if fields.Datetime.now() - since < MOST_LAG:
            return what, "ok", words, "", "jobs"
        advice = self.env._(
            "Check that scheduled actions run. Add cron workers "
            "(--max-cron-threads) when they cannot keep up."
        )
        return what, "warning", words, advice, "jobs"

    def _sizes(self):
        """Return one sentence for each table, as PostgreSQL estimates it.

        Its partitions count, too: each is a child of the next, see docs/scaling.rst.
        """
        tables = {
            "mail_tracking_email": self.env._("Tracking emails"),
            "mail_tracking_event": self.env._("Tracking events"),
        }
        self.env.cr.execute(
            SQL(
                """WITH RECURSIVE parts AS (
                       SELECT relname AS name, oid
                         FROM pg_class WHERE oid = ANY(%s::regclass[])
                        UNION ALL
                       SELECT name, inhrelid
                         FROM parts JOIN pg_inherits ON inhparent = parts.oid)
                   SELECT name, sum(greatest(reltuples, 0))::bigint,
                          sum(pg_total_relation_size(oid))::bigint
                     FROM parts JOIN pg_class USING (oid)
                 GROUP BY name ORDER BY name""",
                list(tables),
            )
        )
        for table, count, size in self.env.cr.fetchall():
            yield self.env._(
                "%(table)s: about %(count)s rows, %(size)s.",
                table=tables[table],
                count=count,
                size=human_size(size),
            )

    def _oldest_waiting(self):
        """Yield a sentence on the email that has waited longest, none without one."""
        since = self._oldest(
            SQL(
                """SELECT min(state_time) FROM mail_tracking_email
                    WHERE state = 'waiting'"""
            )
        )
        if since:
            yield self.env._(
                "The oldest email in the queue has been waiting since %(moment)s.",
                moment=format_datetime(self.env, since),
            )

    def _oldest(self, query):
        """Return the only value of a query, which uses an index; None without one."""
        self.env.flush_all()
        self.env.cr.execute(query)
        row = self.env.cr.fetchone()
        return row and row[0]
