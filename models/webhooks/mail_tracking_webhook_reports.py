from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL, email_normalize_all

from ...providers.contract import REFERENCE
from ...tools.early_signs import doubt_early_signs
from ...tools.params import early_open_seconds

# Longer is no address (RFC 5321 section 4.5.3.1), and may be made to be hard to read.
LONGEST = 320

# What a provider says of times is taken within these bounds of what is possible.
BEFORE_SENDING, AFTER_NOW = timedelta(hours=1), timedelta(minutes=5)


class MailTrackingWebhook(models.Model):
    """Which mails the reports in requests are about, and which events they make."""

    # An idea of its own, and together the two would be too long to read.
    _inherit = "mail.tracking.webhook"  # pylint: disable=consider-merging-classes-inherited

    def _find_trackings(self, reports):
        """Find the trackings that reports are about, by token and recipient.

        :param dict reports: request to its reports
        :return: tuple (dict from (reference, recipient) to a row of the tracking, which
            is a dict; tokens that are known)
        """
        wanted = {
            (report.reference, report.recipient)
            for some in reports.values()
            for report in filter(None, some)
        }
        tokens = {
            matched["token"]
            for reference, _recipient in wanted
            if (matched := REFERENCE.fullmatch(reference))
        }
        self.env.cr.execute(
            SQL(
                """SELECT id, token, attempt, recipient, recipient_address, create_date,
                          other_addresses
                     FROM mail_tracking_email WHERE token = ANY(%s)""",
                list(tokens),
            )
        )
        rows = {}
        for row in self.env.cr.dictfetchall():
            addresses = {row["recipient_address"]}
            addresses.update((row["other_addresses"] or "").split(","))
            addresses.update(email_normalize_all(row["recipient"] or ""))
            rows.update({(row["token"], address): row for address in addresses})
        found = {
            (reference, recipient): {**row, "address": address}
            for reference, recipient in wanted
            for address in email_normalize_all(recipient[:LONGEST])[:1]
            if (row := rows.get((reference[:26], address)))
            and REFERENCE.fullmatch(reference)
        }
        return found, {token for token, _address in rows}

    def _lock(self, reports, found):
        """Lock the trackings, and leave out the requests about those that are locked.

        Never waiting, it cannot be part of a deadlock.

        :return: the requests that can be processed now
        """
        ids = {row["id"] for row in found.values()}
        self.env.cr.execute(
            SQL(
                """SELECT id FROM mail_tracking_email WHERE id = ANY(%s)
                      FOR NO KEY UPDATE SKIP LOCKED""",
                list(ids),
            )
        )
        locked = {row[0] for row in self.env.cr.fetchall()}

        def is_ready(request):
            rows = [
                found.get((report.reference, report.recipient))
                for report in filter(None, reports[request])
            ]
            return all(row["id"] in locked for row in rows if row)

        return self.filtered(is_ready)

    def _get_events(self, reports, found, ready):
        """Return the events of requests that are not known yet.

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
        doubt_early_signs(self.env.cr, values, early_open_seconds(self.env))
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
        """Return the values of the event that a report is about a tracking."""
        attempt = REFERENCE.fullmatch(report.reference)["attempt"]
        latest = max(fields.Datetime.now(), self.received_at) + AFTER_NOW
        earliest = row["create_date"] - BEFORE_SENDING
        moment = min(max(report.time or self.received_at, earliest), latest)
        has_several = row["other_addresses"]
        return {
            "tracking_email_id": row["id"],
            # What names no attempt, or none that there was, counts for the latest.
            "attempt": min(int(attempt or 0) or row["attempt"], row["attempt"]),
            "event_type": report.event_type,
            "time": moment.replace(microsecond=0),
            "source": f"webhook:{self.provider}",
            "recipient": row["address"] if has_several else report.recipient,
            "server": report.server,
            "diagnostic": report.diagnostic,
            "error_type": report.error_type,
            "evidence": report.evidence,
            "evidence_rule": report.evidence_rule,
            "idempotency_key": key,
        }
