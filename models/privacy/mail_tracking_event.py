from odoo import api, models


class MailTrackingEvent(models.Model):
    """A person's request: events are erased with the mail that they are about."""

    _name = "mail.tracking.event"
    _inherit = ["mail.tracking.event", "mail.tracking.personal.mixin"]

    _personal_fields = (
        "time",
        "event_type",
        "source",
        "recipient",
        "server",
        "diagnostic",
        "error_type",
        "evidence",
    )
    _personal_texts = ("recipient", "server", "diagnostic", "idempotency_key")

    @api.model
    def _personal_records(self, address):
        trackings = self.env["mail.tracking.email"]._personal_records(address)
        return self.search([("tracking_email_id", "in", trackings.ids)], order="id")

    def _personal_anonymise(self):
        """Do nothing: `mail.tracking.email` does it."""

    def _personal_delete(self):
        """Do nothing: events are deleted with their `mail.tracking.email`."""
