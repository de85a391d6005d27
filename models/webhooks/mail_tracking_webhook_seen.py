from odoo import api, models
from odoo.tools import SQL

from ...providers.contract import Unreadable
from ...providers.registry import PROVIDERS
from .mail_tracking_webhook_reports import name_of

# How many requests are checked to see whether any matches.
LAST = 50


class MailTrackingWebhook(models.Model):
    """Show administrators when and how many requests came in, and why none matches."""

    # A topic of its own; in one class they would be too long to read.
    _inherit = "mail.tracking.webhook"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _last_received(self, providers):
        """Return when the last request of each provider came in.

        :param list providers: their names
        :rtype: dict
        """
        rows = self._read_group(
            [("provider", "in", providers)], ["provider"], ["received_at:max"]
        )
        return dict(rows)

    @api.model
    def _count_last(self, provider):
        """Count the last requests with reports, and those that matched.

        :param str provider: its name
        :return: tuple (number checked, number of which a report matched)
        """
        self.flush_model(["state", "event_count", "ignored_count", "matched_count"])
        self.env.cr.execute(
            SQL(
                """SELECT count(*),
                          count(*) FILTER (WHERE event_count > 0 OR matched_count > 0)
                     FROM (SELECT event_count, matched_count
                             FROM mail_tracking_webhook
                            WHERE provider = %s AND state != 'pending'
                              AND event_count + ignored_count > 0
                         ORDER BY received_at DESC LIMIT %s) last""",
                provider,
                LAST,
            )
        )
        return self.env.cr.fetchone()

    def _understand(self):
        """Return the reports in the request, and why each matches no mail.

        :return: list of tuples (report, None for one that cannot be read; why it does
            not match, "" where it does)
        """
        body = (self.body or "").encode()
        try:
            reports = list(PROVIDERS[self.provider].events(body))
        except Unreadable:
            reports = [None]
        rows_by_key, names = self._find_trackings({self: reports})
        return [
            (report, self._why_not(report, rows_by_key, names)) for report in reports
        ]

    def _why_not(self, report, rows_by_key, names):
        if not report:
            return self.env._("it cannot be read")
        if (report.reference, report.recipient) in rows_by_key:
            return ""
        name = name_of(report.reference)
        if not name:
            return self.env._(
                "it names no email of ours: choose the provider on the page of its "
                "outgoing server, and send a new email"
            )
        if name not in names:
            return self.env._("the email that it names is not in this database")
        return self.env._("the email that it names was not sent to this address")
