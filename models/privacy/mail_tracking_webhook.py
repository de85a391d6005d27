from odoo import api, models
from odoo.tools import SQL

from ...tools.personal import loose_pattern_of


class MailTrackingWebhook(models.Model):
    """A person's request: a provider's request loses its content and nothing else.

    It may be about many people, and the rest is needed to recognise it if it is resent.
    """

    _name = "mail.tracking.webhook"
    _inherit = ["mail.tracking.webhook", "mail.tracking.personal.mixin"]

    # Its content may name others.
    _personal_fields = ("provider", "received_at", "state")
    _personal_texts = ("body", "problem")

    @api.model
    def _personal_pattern(self, address):
        return loose_pattern_of(address)

    @api.model
    def _personal_records(self, address):
        self.flush_model()
        condition = self._personal_mentions(address)
        query = SQL("SELECT id FROM mail_tracking_webhook WHERE %s", condition)
        return self.browse(row[0] for row in self.env.execute_query(query))

    def _personal_anonymise(self):
        """Leave it to `_personal_blank_mentions`."""

    def _personal_delete(self):
        """Leave it to `_personal_blank_mentions`."""
