from odoo import api, models

from ...tools.consent import REFUSED


class MailTrackingConsent(models.Model):
    """A person's request: a refusal stays, since it has to be respected afterwards."""

    _name = "mail.tracking.consent"
    _inherit = ["mail.tracking.consent", "mail.tracking.personal.mixin"]

    _personal_fields = ("address", "state", "date", "origin")

    @api.model
    def _personal_records(self, address):
        return self.search([("address", "=", address)])

    def _personal_delete(self):
        self._personal_erasable().unlink()
        self.env["res.partner"].invalidate_model(["mail_tracking_consent"])

    def _personal_erasable(self):
        """Return the rows that need not be kept: all but refusals."""
        return self.filtered(lambda consent: consent.state != REFUSED)
