from odoo import api, models
from odoo.tools import SQL

from ...providers.contract import Unreadable
from ...providers.registry import PROVIDERS
from .mail_tracking_webhook_reports import name_of

# How many requests are looked at to see whether any matches.
LAST = 50


class MailTrackingWebhook(models.Model):
    """What administrators see of the requests: when, how many, and why none matches."""

    # An idea of its own, and together they would be too long to read.
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
        """Return how many of the last requests with reports there were, and matched.

        :param str provider: its name
        :return: tuple (number looked at, number of which a report matched)
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
        """Return what is understood of the request, and why it matches no mail.

        :return: list of tuples (report, or None for what cannot be read; why not, ""
            where it matches)
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
