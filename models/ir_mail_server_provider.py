from odoo import fields, models

from ..providers.registry import LABELS


class IrMailServer(models.Model):
    """Which provider the server is: its mails get the headers of that provider."""

    _inherit = "ir.mail_server"

    tracking_provider = fields.Selection(
        LABELS,
        "Provider",
        help="The service behind this server. Mails get a header with which it names "
        "them when it reports what became of them. Its webhook is set up under "
        "Settings, Tracking.",
    )
