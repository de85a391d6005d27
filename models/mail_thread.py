import re

from odoo import models

from ..tools.database_key import database_hash
from .mail_tracking_email_pixel import PIXEL_ROUTE


class MailThread(models.AbstractModel):
    """Keep the own pixel out of what Odoo shows."""

    _inherit = "mail.thread"

    def _message_parse_extract_payload_postprocess(self, message, payload_dict):
        """Strip the own pixel from a reply that quotes the mail: Odoo would load it."""
        result = super()._message_parse_extract_payload_postprocess(
            message, payload_dict
        )
        own_pixel = PIXEL_ROUTE + database_hash(self.env.cr.dbname)
        if own_pixel in (result["body"] or ""):
            image = re.compile(
                rf"<img\b[^>]*{re.escape(own_pixel)}[^>]*>", re.IGNORECASE
            )
            result["body"] = image.sub("", result["body"])
        return result
