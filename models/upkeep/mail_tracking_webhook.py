from odoo import api, models
from odoo.fields import Domain
from odoo.tools.constants import GC_UNLINK_LIMIT

from ...tools.params import retention_limit

# Longer than any provider's signature is valid, so that repetitions are recognised.
DAYS_KEPT = 14


class MailTrackingWebhook(models.Model):
    """Delete old requests of providers."""

    _inherit = "mail.tracking.webhook"

    # Finds requests whose content is to be deleted.
    _full = models.Index("(received_at) WHERE body IS NOT NULL AND state <> 'pending'")

    @api.autovacuum
    def _gc_requests(self):
        """Delete old requests, and the content of those that stay, in batches.

        A request stays as long as the provider may repeat it. The last one of each
        provider stays forever: the provider's page shows when it came.

        :return: tuple (number deleted, whether there may be more)
        """
        limit = retention_limit(self.env, "requests")
        if not limit:
            return 0, False
        last = self._read_group([], ["provider"], ["id:max"])
        kept_limit = retention_limit(self.env, "requests", least=DAYS_KEPT)
        is_processed = Domain("state", "!=", "pending")
        is_old = Domain("received_at", "<", kept_limit) & is_processed
        is_last = Domain("id", "in", [row[1] for row in last])
        old = self.search(is_old & ~is_last, order="id", limit=GC_UNLINK_LIMIT)
        old.unlink()
        is_full = Domain("received_at", "<", limit) & Domain("body", "!=", False)
        full = self.search(is_full & is_processed, order="id", limit=GC_UNLINK_LIMIT)
        full.body = False
        return len(old), GC_UNLINK_LIMIT in (len(old), len(full))
