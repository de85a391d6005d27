import base64
from email import message_from_bytes

from odoo import api, models

from ...tools.personal import names_address
from ..incoming.mail_tracking_late_report import MOST_KEPT


class MailTrackingLateReport(models.Model):
    """A person's request: a late report names people in many places, so delete it."""

    _name = "mail.tracking.late.report"
    _inherit = ["mail.tracking.late.report", "mail.tracking.personal.mixin"]

    # The report itself may name others.
    _personal_fields = ("create_date",)

    @api.model
    def _personal_records(self, address):
        trackings = self.env["mail.tracking.email"]._personal_records(address)
        reports = self.search([], limit=MOST_KEPT)
        return reports.filtered(
            lambda r: r.tracking_id in trackings._ids or r._personal_names(address)
        )

    def _personal_names(self, address):
        """Return whether the report names an address, in any of its parts."""
        source = base64.b64decode(self.raw)
        contents = [source]
        for part in message_from_bytes(source).walk():
            if not part.is_multipart():
                contents.append(part.get_payload(decode=True) or b"")
        self.invalidate_recordset(["raw"])
        return any(names_address(content, address) for content in contents)
