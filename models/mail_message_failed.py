from odoo import models

from odoo.addons.mail.tools.discuss import Store


class MailMessage(models.Model):
    """Give the failures of messages to the web client, where it asks for them."""

    _inherit = "mail.message"

    def _mail_tracking_failures_to_store(self, store: Store):
        """Add the failures of the messages that nobody has reviewed, with one query.

        Only for internal users, who may read the messages.
        """
        failures = self.env["mail.tracking.email"]._failures_by_message(self.ids)
        store.add(
            self,
            [Store.Attr("tracking_failures", lambda message: failures[message.id])],
        )
