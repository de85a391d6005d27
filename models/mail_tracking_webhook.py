from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.constants import GC_UNLINK_LIMIT

from ..providers.registry import LABELS, PROVIDERS
from ..tools.database_key import database_hash
from ..tools.params import public_base_url

WEBHOOK_ROUTE = "/mail/tracking/webhook/"
# Longer than any provider's signature is good for: what is sent again is known again.
DAYS_KEPT = 14

STATES = [("pending", "To process"), ("done", "Processed"), ("failed", "Not readable")]


class MailTrackingWebhook(models.Model):
    """A request of a provider, as it came in: stored first, processed by a job.

    Kept for some days, to see what a provider sends.
    """

    _name = "mail.tracking.webhook"
    _description = "Provider Webhook Request"
    _order = "id desc"
    _rec_name = "provider"
    _log_access = False

    provider = fields.Selection(LABELS, required=True, readonly=True)
    received_at = fields.Datetime("Received", required=True, readonly=True)
    body = fields.Text("Content", readonly=True)
    # The same when the provider sends it again.
    request_key = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        STATES, required=True, default="pending", readonly=True, index=False
    )
    event_count = fields.Integer("New Events", readonly=True)
    ignored_count = fields.Integer(
        "Ignored",
        readonly=True,
        help="Known already, or not about a mail and a recipient of this database",
    )
    problem = fields.Char(readonly=True)

    _request_key = models.UniqueIndex("(provider, request_key)")
    _pending = models.Index("(id) WHERE state = 'pending'")
    # Finds the last one of a provider, and what is old.
    _received_at = models.Index("(provider, received_at)")

    @api.model
    def _get_address(self, provider):
        """Give the address to enter at a provider.

        :param str provider: its name
        """
        path = f"{WEBHOOK_ROUTE}{provider}/{database_hash(self.env.cr.dbname)}"
        return public_base_url(self.env) + path

    @api.model
    def _last_received(self, providers):
        """Give when the last request of each provider came in.

        :param list providers: their names
        :rtype: dict
        """
        rows = self._read_group(
            [("provider", "in", providers)], ["provider"], ["received_at:max"]
        )
        return dict(rows)

    @api.model
    def _store(self, provider, keys, call):
        """Keep an authentic request, and have it processed at once.

        One statement, made for READ COMMITTED: a request that is sent twice at the
        same moment is stored once.

        :param str provider: its name
        :param list keys: of its webhook
        :param Call call: what it has sent
        """
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

    @api.autovacuum
    def _gc_requests(self):
        """Delete old requests in batches.

        Of the last one of each provider only its content goes: that there was one, and
        when, the page of the provider tells.

        :return: tuple (number deleted, whether there may be more)
        """
        last = self._read_group([], ["provider"], ["id:max"])
        limit = fields.Datetime.now() - timedelta(days=DAYS_KEPT)
        is_old = Domain("received_at", "<", limit) & Domain("state", "!=", "pending")
        is_last = Domain("id", "in", [row[1] for row in last])
        old = self.search(is_old & ~is_last, order="id", limit=GC_UNLINK_LIMIT)
        old.unlink()
        self.search(is_old & is_last & Domain("body", "!=", False)).body = False
        return len(old), len(old) == GC_UNLINK_LIMIT
