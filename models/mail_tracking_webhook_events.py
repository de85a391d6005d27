from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..providers.contract import REFERENCE

# What a provider says of times is taken within these bounds of what is possible.
BEFORE_SENDING, AFTER_NOW = timedelta(hours=1), timedelta(minutes=5)


class MailTrackingWebhook(models.Model):
    """What the reports in requests mean, as events."""

    _inherit = "mail.tracking.webhook"

    def _get_events(self, reports, found, ready):
        """Give the events of requests that are not known yet.

        :return: tuple (list of values, dict from request to the number of its events)
        """
        keyed = [
            (request, report, report.idempotency_key(request.provider))
            for request in ready
            for report in filter(None, reports[request])
        ]
        known = self._known_keys({key for _request, _report, key in keyed})
        values, counts = [], dict.fromkeys(ready, 0)
        for request, report, key in keyed:
            row = found.get((report.reference, report.recipient))
            if row and key not in known:
                known.add(key)
                counts[request] += 1
                values.append(request._get_event(report, row, key))
        return values, counts

    def _known_keys(self, keys):
        self.env.cr.execute(
            SQL(
                """SELECT idempotency_key FROM mail_tracking_event
                    WHERE idempotency_key = ANY(%s)""",
                list(keys),
            )
        )
        return {row[0] for row in self.env.cr.fetchall()}

    def _get_event(self, report, row, key):
        """Give the values of the event that a report is about a tracking."""
        attempt = REFERENCE.fullmatch(report.reference)["attempt"]
        latest = max(fields.Datetime.now(), self.received_at) + AFTER_NOW
        earliest = row["create_date"] - BEFORE_SENDING
        moment = min(max(report.time or self.received_at, earliest), latest)
        return {
            "tracking_email_id": row["id"],
            # What names no attempt, or none that there was, counts for the latest.
            "attempt": min(int(attempt or 0) or row["attempt"], row["attempt"]),
            "event_type": report.event_type,
            "time": moment.replace(microsecond=0),
            "source": f"webhook:{self.provider}",
            "recipient": report.recipient,
            "server": report.server,
            "diagnostic": report.diagnostic,
            "error_type": report.error_type,
            "evidence": report.evidence,
            "idempotency_key": key,
        }
