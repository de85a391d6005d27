import logging
import time
from datetime import timedelta

from odoo import api, fields, models, modules
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..providers.registry import PROVIDERS
from ..providers.webhook import REFERENCE, Unreadable
from .fetch import fetch
from .pending_states import READ_COMMITTED

_logger = logging.getLogger(__name__)

BATCH = 100
# Trackings that another transaction is writing: looked at again, this often.
TRIES, PAUSE = 50, 0.1

# What a provider says of times is taken within these bounds of what is possible.
BEFORE_SENDING, AFTER_NOW = timedelta(hours=1), timedelta(minutes=5)


class MailTrackingWebhook(models.Model):
    """Turn the requests of providers into events."""

    _inherit = "mail.tracking.webhook"

    @api.model
    def _cron_process(self):
        """Process what has come in, in batches that are committed.

        READ COMMITTED, and never waiting for a row: openings and sending write the same
        trackings, and must not make each other fail.
        """
        tries = TRIES
        while tries:
            self._begin_batch()
            done, pending = self._process_batch()
            self.env["ir.cron"]._commit_progress(done, remaining=pending)
            if not pending:
                return
            if not done:
                tries -= 1
                time.sleep(PAUSE)

    def _begin_batch(self):
        if not modules.module.current_test:  # a test's cursor has no isolation level
            self.env.cr.commit()  # pylint: disable=invalid-commit
            self.env.cr.execute(READ_COMMITTED)
        self.env.invalidate_all()

    def _process_batch(self):
        """Process the next requests.

        :return: tuple (number processed, number that could be or are still to do)
        """
        self.env.cr.execute(
            SQL(
                """SELECT id FROM mail_tracking_webhook WHERE state = 'pending'
                 ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED""",
                BATCH,
            )
        )
        requests = self.browse(row[0] for row in self.env.cr.fetchall())
        done = requests._process_safely()
        return len(done), len(requests) - len(done) or self.search_count(
            [("state", "=", "pending")], limit=1
        )

    def _process_safely(self):
        """Process the requests together, or each alone when that fails.

        One that nobody has foreseen must not stop those behind it.

        :return: those that need not be looked at again
        """
        try:
            with self.env.cr.savepoint():
                return self._process()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            if len(self) > 1:
                _logger.warning("Webhook requests are processed one by one")
                return self.browse().union(*(one._process_safely() for one in self))
            _logger.exception("Webhook request %s cannot be processed", self.id)
            self.write({"state": "failed", "problem": "See the log of the server"})
            return self

    def _process(self):
        reports = {request: request._get_reports() for request in self}
        found = self._find_trackings(reports)
        ready = self._lock(reports, found)
        values, counts = self._get_events(reports, found, ready)
        self.env["mail.tracking.event"]._insert(values)
        trackings = self.env["mail.tracking.email"].browse(
            {event["tracking_email_id"] for event in values}
        )
        trackings._count_opens(values)
        trackings._update_state()
        for request in ready.filtered(lambda request: request.state == "pending"):
            new, ignored = counts[request]
            request.write(
                {"state": "done", "event_count": new, "ignored_count": ignored}
            )
        return ready

    def _get_reports(self):
        """Read the request; what cannot be read at all is marked as failed.

        :return: list of `Report`, None for what cannot be read
        """
        provider = PROVIDERS[self.provider]
        body = (self.body or "").encode()
        if address := provider.confirmation(body):
            self._confirm(address)
        try:
            reports = list(provider.events(body))
        except Unreadable as error:
            self.write({"state": "failed", "problem": str(error)})
            return []
        unread = reports.count(None)
        if unread:
            problem = f"{unread} of {len(reports)} items cannot be read"
            failed = {"state": "failed"} if unread == len(reports) else {}
            self.write({"problem": problem, **failed})
        return reports

    def _confirm(self, address):
        """Confirm a subscription at the address that an adapter has checked."""
        try:
            fetch(address)
        except OSError as error:
            _logger.warning(
                "A subscription of %s is not confirmed: %s", self.provider, error
            )
            self.problem = "Open the address SubscribeURL to confirm the subscription"

    # === WHAT IT MEANS ===#
    def _get_events(self, reports, found, ready):
        """Give the events of requests that are not known yet.

        :return: tuple (list of values, dict from request to tuple (number of events,
            number of reports that are ignored))
        """
        keyed = [
            (request, report, report.idempotency_key(request.provider))
            for request in ready
            for report in filter(None, reports[request])
        ]
        known = self._known_keys({key for _request, _report, key in keyed})
        values, counts = [], dict.fromkeys(ready, (0, 0))
        for request, report, key in keyed:
            row = found.get((report.reference, report.recipient))
            new, ignored = counts[request]
            if not row or key in known:
                counts[request] = (new, ignored + 1)
                continue
            known.add(key)
            counts[request] = (new + 1, ignored)
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
