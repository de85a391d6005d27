from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize_all

from ...providers.contract import MESSAGE_ID, REFERENCE, Unreadable
from ...providers.registry import PROVIDERS
from ...tools.consent import OPEN_EVENTS

# Longer text is no address (RFC 5321 section 4.5.3.1), and may have been made to be
# slow to parse.
LONGEST = 320

# For how long requests about an email that does not exist yet are tried again.
EARLY = timedelta(minutes=10)
# A time that a provider reports is moved into this period: from so long before the
# tracking was created until so long after now.
BEFORE_SENDING, AFTER_NOW = timedelta(hours=1), timedelta(minutes=5)

# How many of the last requests are counted to see whether any matches.
LAST = 50


def name_of(reference):
    """Return what names the mail in a reference: a token, a Message-Id or None."""
    if matched := REFERENCE.fullmatch(reference):
        return matched["token"]
    return reference if MESSAGE_ID.fullmatch(reference) else None


class MailTrackingWebhook(models.Model):
    """Find the mails that the reports in requests are about, and derive the events.

    Administrators are shown how many requests came in and match, and why others do not.
    """

    _inherit = "mail.tracking.webhook"

    # === MATCHING ===#
    def _find_trackings(self, reports):
        """Find the trackings that reports are about, by reference and recipient.

        :param dict reports: request to its reports
        :return: tuple (dict from (reference, recipient) to a row of the tracking, which
            is a dict; tokens and Message-Ids that are known)
        """
        wanted = {
            (report.reference, report.recipient, name_of(report.reference))
            for some in reports.values()
            for report in filter(None, some)
        }
        names = {name for _reference, _recipient, name in wanted if name}
        rows = {}
        for row in self._get_rows(names):
            addresses = {row["recipient_address"]}
            addresses.update((row["other_addresses"] or "").split(","))
            addresses.update(email_normalize_all(row["recipient"] or ""))
            rows.update({(row["name"], address): row for address in addresses})
        rows_by_key = {
            (reference, recipient): {**row, "address": address}
            for reference, recipient, name in wanted
            for address in email_normalize_all(recipient[:LONGEST])[:1]
            if (row := rows.get((name, address)))
        }
        return rows_by_key, {name for name, _address in rows}

    def _get_rows(self, names):
        """Return the trackings of some mails, each with the name that has found it.

        :param set names: tokens, and Message-Ids in angle brackets
        :return: list of dicts
        """
        ids = [name for name in names if name.startswith("<")]
        self.env.cr.execute(
            SQL(
                """SELECT id, token AS name, %(columns)s
                     FROM mail_tracking_email tracking WHERE token = ANY(%(tokens)s)
                UNION ALL
                   SELECT tracking.id, message.message_id, %(columns)s
                     FROM mail_tracking_email tracking
                     JOIN mail_message message ON message.id = tracking.mail_message_id
                    WHERE message.message_id = ANY(%(ids)s)""",
                columns=SQL(
                    "tracking.attempt, tracking.recipient, tracking.recipient_address,"
                    " tracking.create_date, tracking.other_addresses, tracking.opens,"
                    " tracking.company_id"
                ),
                tokens=list(names.difference(ids)),
                ids=ids,
            )
        )
        return self.env.cr.dictfetchall()

    def _count_matched(self, reports, rows_by_key):
        """Return how many reports of the request are about a tracking."""
        return sum(
            (report.reference, report.recipient) in rows_by_key
            for report in filter(None, reports)
        )

    def _is_early(self, reports, tokens):
        """Return whether a report may be about a mail that is not committed yet.

        A provider can be faster than the commit of the sending transaction.
        """
        if fields.Datetime.now() - self.received_at > EARLY:
            return False
        matched = [
            REFERENCE.fullmatch(report.reference) for report in reports if report
        ]
        return any(row["token"] not in tokens for row in matched if row)

    def _lock(self, reports, rows_by_key):
        """Lock the trackings, except those that another transaction has locked.

        It never waits, so it cannot be part of a deadlock.

        :return: the requests that can be processed now: all their trackings are locked
        """
        ids = {row["id"] for row in rows_by_key.values()}
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
                rows_by_key.get((report.reference, report.recipient))
                for report in filter(None, reports[request])
            ]
            return all(row["id"] in locked for row in rows if row)

        return self.filtered(is_ready)

    # === EVENTS ===#
    def _get_events(self, reports, rows_by_key, ready):
        """Return the events of requests, without those that are known already.

        :return: tuple (list of values, dict from request to the number of its events)
        """
        self._note_may_record(rows_by_key)
        keyed = [
            (request, report, row, request._get_key(report, row))
            for request in ready
            for report in filter(None, reports[request])
            if (row := rows_by_key.get((report.reference, report.recipient)))
            and (row["may_record"] or report.event_type not in OPEN_EVENTS)
        ]
        known_keys = self._known_keys({key for _request, _report, _row, key in keyed})
        values, counts = [], dict.fromkeys(ready, 0)
        for request, report, row, key in keyed:
            if key not in known_keys:
                known_keys.add(key)
                counts[request] += 1
                values.append(request._get_event(report, row, key))
        self.env["mail.tracking.email"]._doubt_early_signs(values)
        return values, counts

    def _get_key(self, report, row):
        """Return the key of the event that a report means for a tracking.

        A report about one of several recipients is one event of each tracking, however
        many addresses the tracking has.
        """
        if report.evidence == "shared":
            report = report._replace(recipient=str(row["id"]))
        return report.idempotency_key(self.provider)

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
        """Return the values of the event that a report means for a tracking."""
        matched = REFERENCE.fullmatch(report.reference)
        attempt = matched and matched["attempt"]
        latest = max(fields.Datetime.now(), self.received_at) + AFTER_NOW
        earliest = row["create_date"] - BEFORE_SENDING
        moment = min(max(report.time or self.received_at, earliest), latest)
        has_several = row["other_addresses"]
        return {
            "tracking_email_id": row["id"],
            # A report without an attempt, or with a later one, counts for the latest.
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

    # === FOR ADMINISTRATORS ===#
    @api.model
    def _last_received(self, providers):
        """Return when the last request of each provider came in.

        :param list providers: their names
        :return: dict from name to datetime, without those that have sent nothing
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
                "it names no email of this database: select the provider on the "
                "Tracking tab of its outgoing mail server, then send a test email"
            )
        if name not in names:
            return self.env._("the email that it names is not in this database")
        return self.env._("the email that it names was not sent to this address")
