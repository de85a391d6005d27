from odoo import api, models
from odoo.tools import SQL


class MailTrackingConsentLog(models.Model):
    """A person's request: the one thing that removes the history of an address."""

    _name = "mail.tracking.consent.log"
    _inherit = ["mail.tracking.consent.log", "mail.tracking.personal.mixin"]

    # Without the user who has entered it, who is another person.
    _personal_fields = ("address", "state", "date", "origin")

    @api.model
    def _personal_records(self, address):
        return self.search([("address", "=", address)])

    def _personal_delete(self):
        # In SQL, since the ORM refuses to delete these rows.
        self.env.cr.execute(
            SQL("DELETE FROM mail_tracking_consent_log WHERE id = ANY(%s)", self.ids)
        )
        self.invalidate_model(flush=False)
