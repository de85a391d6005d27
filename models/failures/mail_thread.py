from odoo import models

from odoo.addons.mail.tools.discuss import Store


class MailThread(models.AbstractModel):
    """Return a document's number of failures, with what the chatter asks for."""

    _inherit = "mail.thread"

    def _thread_to_store(self, store: Store, fields, *, request_list=None):
        super()._thread_to_store(store, fields, request_list=request_list)
        if "trackingFailures" not in (request_list or []):
            return
        if not store.target.is_internal(self.env):
            return
        counts = self.env["mail.tracking.email"]._failed_counts(self._name, self.ids)
        for thread in self:
            values = {"tracking_failed_count": counts[thread.id]}
            store.add(thread, values, as_thread=True)
