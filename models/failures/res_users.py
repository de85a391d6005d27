from odoo import models

from odoo.addons.mail.tools.discuss import Store


class ResUsers(models.Model):
    """Return the mailbox of failed messages with the other ones, for internal users."""

    _inherit = "res.users"

    def _init_messaging(self, store: Store):
        result = super()._init_messaging(store)
        if self._is_internal():
            store.add_global_values(failed=self._mail_tracking_failed_box(store))
        return result

    def _mail_tracking_failed_box(self, store=None):
        """Return the mailbox of the user as the web client knows it.

        :param Store store: has the last id of the bus when core has added its mailboxes
        """
        core_box = store and store.data.get("Store", {}).get("inbox")
        bus_last_id = (
            core_box["counter_bus_id"]
            if core_box
            # sudo: bus.bus: reading non-sensitive last id
            else self.env["bus.bus"].sudo()._bus_last_id()
        )
        author_id = self.partner_id.id
        Tracking = self.env["mail.tracking.email"]
        return Tracking._failed_boxes([author_id], bus_last_id)[author_id]
