from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.consent import OPEN_EVENTS
from ...tools.params import OPENS_THINNED_UNTIL, retention_limit

# sudo: a parameter of this addon, read and written by its own job.

# Period that one batch covers. It also covers the one before, for late reports.
WINDOW = timedelta(days=7)
# About a second of work per commit.
MOST_THINNED = 10_000


class MailTrackingEvent(models.Model):
    """Reduce old opens to one per kind, without details."""

    _inherit = "mail.tracking.event"

    @api.autovacuum
    def _gc_open_details(self):
        """Thin out the opens and clicks that are older than their retention time.

        It continues where it last stopped, instead of reading all of them each day.

        :return: tuple (number of events, whether there may be more)
        """
        limit = retention_limit(self.env, "opens")
        since = limit and self._opens_thinned_until()
        if not since or since >= limit:
            return 0, False
        until = min(since + WINDOW, limit)
        count = self._thin_opens(since - WINDOW, until)
        is_full = count >= MOST_THINNED
        if not is_full:
            parameters = self.env["ir.config_parameter"].sudo()
            parameters.set_param(OPENS_THINNED_UNTIL, fields.Datetime.to_string(until))
        return count, is_full or until < limit

    def _opens_thinned_until(self):
        """Return up to when opens are thinned out; at first, the time of the oldest.

        :return: datetime in UTC, None without events
        """
        parameters = self.env["ir.config_parameter"].sudo()
        value = parameters.get_param(OPENS_THINNED_UNTIL)
        try:
            return fields.Datetime.to_datetime(value) or self._time_of_oldest()
        except ValueError:  # typed by hand
            return self._time_of_oldest()

    def _time_of_oldest(self):
        self.flush_model()
        oldest = SQL(
            "SELECT min(time) FROM mail_tracking_event WHERE event_type IN %s",
            OPEN_EVENTS,
        )
        return self.env.execute_query(oldest)[0][0]

    def _thin_opens(self, since, until):
        """Delete repeated opens, and clear the details of those that stay.

        The first open of each kind stays, and with it the state of the mail. It keeps
        its address, on which the state of a contact with several addresses depends.

        :param datetime since: in UTC, inclusive
        :param datetime until: in UTC, exclusive
        :return: number of events, at most a batch
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """WITH old AS (
                    SELECT id, server, diagnostic, evidence_rule, EXISTS (
                           SELECT FROM mail_tracking_event earlier
                            WHERE earlier.tracking_email_id = event.tracking_email_id
                              AND earlier.attempt = event.attempt
                              AND earlier.event_type = event.event_type
                              AND earlier.evidence IS NOT DISTINCT FROM event.evidence
                              AND earlier.recipient IS NOT DISTINCT FROM event.recipient
                              AND earlier.id < event.id) AS is_repeat
                      FROM mail_tracking_event event
                     WHERE time >= %(since)s AND time < %(until)s
                       AND event_type IN %(opens)s),
                batch AS (
                    SELECT id, is_repeat FROM old
                     WHERE is_repeat OR COALESCE(
                           server, diagnostic, evidence_rule) IS NOT NULL
                     LIMIT %(limit)s),
                deleted AS (
                    DELETE FROM mail_tracking_event
                     WHERE id IN (SELECT id FROM batch WHERE is_repeat)),
                emptied AS (
                    UPDATE mail_tracking_event
                       SET server = NULL, diagnostic = NULL, evidence_rule = NULL
                     WHERE id IN (SELECT id FROM batch WHERE NOT is_repeat))
                SELECT count(*) FROM batch""",
                since=since,
                until=until,
                opens=OPEN_EVENTS,
                limit=MOST_THINNED,
            )
        )
        count = self.env.cr.fetchone()[0]
        self.env.invalidate_all(flush=False)
        return count
