from odoo import fields, models


class IrMailServer(models.Model):
    """Which delivery reports to ask of the server, and what they prove."""

    _inherit = "ir.mail_server"

    dsn_request = fields.Selection(
        [
            ("no", "Nothing"),
            ("failure", "Failures and delays"),
            ("all", "Failures, delays and deliveries"),
        ],
        "Delivery Reports",
        default="failure",
        required=True,
        help="Which reports to ask of this server (RFC 3461). They come back to the "
        "bounce address. With deliveries there is one report for each recipient.",
    )
    direct_mx = fields.Boolean(
        "Delivers to Recipients' Servers",
        help="This server hands mails straight to the servers of their recipients, not "
        "to another relay: what it reports as relayed has arrived there.",
    )
