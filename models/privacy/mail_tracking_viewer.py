from odoo import api, models


class MailTrackingViewer(models.Model):
    """A person's request: the documents that a user has open at this moment."""

    _name = "mail.tracking.viewer"
    _inherit = ["mail.tracking.viewer", "mail.tracking.personal.mixin"]

    _personal_fields = ("model", "res_id", "since")

    @api.model
    def _personal_records(self, address):
        return self.search([("user_id.partner_id.email_normalized", "=", address)])
