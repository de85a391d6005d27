import logging
import time
from datetime import timedelta
from itertools import accumulate

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...providers.contract import Unreadable
from ...providers.registry import LABELS, PROVIDERS
from ...tools.after_commit import begin_batch
from ...tools.database_key import database_key
from ...tools.fetch import fetch
from ...tools.params import public_base_url

WEBHOOK_ROUTE = "/mail/tracking/webhook/"

REQUEST_STATES = [
    ("pending", "Pending"),
    ("done", "Processed"),
    ("failed", "Unreadable"),
]

_logger = logging.getLogger(__name__)

BATCH = 100
# At most this many bytes of content are processed together, but at least one request.
BATCH_BYTES = 2**24
# When so many requests wait, no more are accepted until the job has processed some.
MOST_PENDING = 20_000
# How often, and after how many seconds, requests about locked trackings are retried.
TRIES, PAUSE = 50, 0.1
# Requests about an email that does not exist yet are tried again after this time.
COME_BACK = timedelta(minutes=1)


class MailTrackingWebhook(models.Model):
    """A request of a provider, as received: stored first, then processed by a job.

    It is kept for some days, to see what a provider sends.
    """

    _name = "mail.tracking.webhook"
    _description = "Webhook Request"
    _order = "id desc"
    _rec_name = "provider"
    _log_access = False

    provider = fields.Selection(LABELS, required=True, readonly=True)
    received_at = fields.Datetime("Received On", required=True, readonly=True)
    body = fields.Text("Payload", readonly=True)
    # The same if the provider repeats the request.
    request_key = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        REQUEST_STATES, required=True, default="pending", readonly=True, index=False
    )
    event_count = fields.Integer("New Events", readonly=True)
    ignored_count = fields.Integer(
        "Ignored",
        readonly=True,
        help="Events already known, or not about an email sent by this database",
    )
    matched_count = fields.Integer(
        "Matched",
        readonly=True,
        help="About an email and a recipient of this database, already known or not",
    )
    problem = fields.Char("Error", readonly=True)

    _request_key = models.UniqueIndex("(provider, request_key)")
    _pending = models.Index("(id) WHERE state = 'pending'")
    # Finds the last request of a provider, and old requests.
    _received_at = models.Index("(provider, received_at)")

    @api.depends("provider")
    def _compute_display_name(self):
        labels = dict(self._fields["provider"]._description_selection(self.env))
        for request in self:
            request.display_name = labels.get(request.provider)

    @api.model
    def _get_address(self, provider):
        """Return the URL of the webhook, to enter at a provider.

        :param str provider: its name
        """
        path = f"{WEBHOOK_ROUTE}{provider}/{database_key(self.env)}"
        return public_base_url(self.env) + path

    @api.model
    def _store(self, provider, keys, call):
        """Store an authentic request, and trigger the job that processes it.

        One statement, made for READ COMMITTED: a request that is sent twice at the
        same moment is stored once.

        :param str provider: its name
        :param list keys: keys of its webhook
        :param Call call: the request
        :return: whether it is stored, now or earlier; not if too many wait already
        """
        if self._is_full():
            return False
        body = call.body.decode("utf-8", "replace").replace("\x00", "")
        self.env.cr.execute(
            SQL(
                """INSERT INTO mail_tracking_webhook
                               (provider, received_at, body, request_key, state)
                        VALUES (%s, %s, %s, %s, 'pending')
                   ON CONFLICT (provider, request_key) DO NOTHING RETURNING id""",
                provider,
                fields.Datetime.now(),
                body,
                PROVIDERS[provider].key_of(keys, call),
            )
        )
        job = "mail_activity_tracking.mail_tracking_webhook_cron"
        # Without the job, which somebody may have deleted, it is kept all the same.
        if self.env.cr.rowcount and (cron := self.env.ref(job, False)):
            cron._trigger()
        return True

    def _is_full(self):
        """Return whether too many requests wait for the job."""
        self.env.cr.execute(
            SQL(
                """SELECT count(*) FROM (SELECT FROM mail_tracking_webhook
                    WHERE state = 'pending' LIMIT %s) waiting""",
                MOST_PENDING,
            )
        )
        return self.env.cr.fetchone()[0] >= MOST_PENDING

    @api.model
    def _cron_process(self):
        """Process the received requests, in batches that are committed.

        It uses READ COMMITTED and never waits for a lock: opens and sending write the
        same trackings, and must not fail because of it.
        """
        after, tries = 0, TRIES
        while tries:
            begin_batch(self.env)
            requests = self._next_batch(after)
            settled = requests._process_safely()
            confirmations = settled._get_confirmations()
            locked = len(requests - settled)
            self.env["ir.cron"]._commit_progress(len(settled), remaining=locked)
            self._confirm(confirmations)
            if locked:
                tries -= 1
                time.sleep(PAUSE)
            elif requests:
                after = requests[-1].id
            else:
                break
        self._come_back()

    def _next_batch(self, after):
        """Return the next requests to process, locked.

        :param int after: only requests with a larger id
        """
        self.env.cr.execute(
            SQL(
                """SELECT id, octet_length(body) FROM mail_tracking_webhook
                    WHERE state = 'pending' AND id > %s
                 ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED""",
                after,
                BATCH,
            )
        )
        rows = self.env.cr.fetchall()
        sizes = accumulate(size or 0 for _id, size in rows)
        fitting = sum(1 for size in sizes if size <= BATCH_BYTES)
        return self.browse(row[0] for row in rows[: max(fitting, 1)])

    def _come_back(self):
        """Schedule the job again for requests whose mail does not exist yet."""
        if self.search_count([("state", "=", "pending")], limit=1):
            cron = self.env.ref("mail_activity_tracking.mail_tracking_webhook_cron")
            cron._trigger(fields.Datetime.now() + COME_BACK)

    def _process_safely(self):
        """Process the requests together, or each alone when that fails.

        An unforeseen request must not stop those behind it.

        :return: the requests that need not be tried again in this run
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
            problem = self.env._(
                "Odoo could not process it: see the log of the server."
            )
            self.write({"state": "failed", "problem": problem})
            return self

    def _process(self):
        reports = {request: request._get_reports() for request in self}
        rows_by_key, tokens = self._find_trackings(reports)
        ready = self._lock(reports, rows_by_key)
        values, counts = self._get_events(reports, rows_by_key, ready)
        self.env["mail.tracking.event"]._insert(values)
        trackings = self.env["mail.tracking.email"].browse(
            {event["tracking_email_id"] for event in values}
        )
        trackings._count_opens(values)
        trackings._update_state()
        for request in ready.filtered(lambda request: request.state == "pending"):
            readable = len(list(filter(None, reports[request])))
            total = request.event_count + counts[request]
            request.write(
                {
                    "event_count": total,
                    "ignored_count": readable - total,
                    "matched_count": request._count_matched(
                        reports[request], rows_by_key
                    ),
                }
            )
            if not request._is_early(reports[request], tokens):
                request.state = "done"
                if request._is_to_blank(reports[request], rows_by_key):
                    request.body = False
        return ready

    def _get_reports(self):
        """Read the request, and mark it as failed when nothing can be read.

        :return: list of `Report`, None for items that cannot be read
        """
        provider = PROVIDERS[self.provider]
        try:
            reports = list(provider.events((self.body or "").encode()))
        except Unreadable as error:
            self.write({"state": "failed", "problem": self.env._(str(error))})
            return []
        unread = reports.count(None)
        if unread:
            problem = self.env._(
                "%(count)s of %(total)s items cannot be read",
                count=unread,
                total=len(reports),
            )
            failed = {"state": "failed"} if unread == len(reports) else {}
            self.write({"problem": problem, **failed})
        return reports

    def _get_confirmations(self):
        """Return the addresses that confirm subscriptions, by request.

        :return: dict from request to a tuple (provider, address)
        """
        subscriptions = {
            request: (PROVIDERS[request.provider], (request.body or "").encode())
            for request in self
        }
        return {
            request: (provider, address)
            for request, (provider, body) in subscriptions.items()
            if (address := provider.confirmation(body))
        }

    @api.model
    def _confirm(self, confirmations):
        """Confirm subscriptions at addresses that an adapter has checked.

        Called after the commit, and nothing is read between two of them: no transaction
        is open while another server takes its time.

        :param dict confirmations: of `_get_confirmations`
        """
        failed = self.browse()
        for request, (provider, address) in confirmations.items():
            try:
                fetch(address, provider.hosts)
            except OSError as error:
                _logger.warning(
                    "A subscription of %s is not confirmed: %s", provider.name, error
                )
                failed += request
        if failed:
            failed.problem = self.env._(
                "Not confirmed: open the address of the subscription that the content "
                "names"
            )
