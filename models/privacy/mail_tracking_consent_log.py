from odoo import api, models
from odoo.tools import SQL


class MailTrackingConsentLog(models.Model):
    """A person's request: the one thing that removes the history of an address."""

    _name = "mail.tracking.consent.log"
    _inherit = ["mail.tracking.consent.log", "mail.tracking.personal.mixin"]

    # Who has entered it is somebody else.
    _personal_fields = ("address", "state", "date", "origin")

    @api.model
    def _personal_records(self, address):
        return self.search([("address", "=", address)])

    def _personal_delete(self):
        # The ORM is told that nobody deletes here.
        self.env.cr.execute(
            SQL("DELETE FROM mail_tracking_consent_log WHERE id = ANY(%s)", self.ids)
        )
        self.invalidate_model(flush=False)
