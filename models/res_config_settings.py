from odoo import api, fields, models

from ..tools.params import (
    BASE_URL,
    PIXEL_DISABLED,
    READ_RECEIPT,
    RETENTION_DAYS,
    asks_read_receipt,
    is_pixel_disabled,
    retention_days,
)


class ResConfigSettings(models.TransientModel):
    """The addon's switches.

    Read and written here and not by `config_parameter`, for which a "False" typed by
    hand is true.
    """

    _inherit = "res.config.settings"

    mail_tracking_open = fields.Boolean("Tracking Image")
    mail_tracking_read_receipt = fields.Boolean("Read Receipts")
    mail_tracking_base_url = fields.Char("Public Address of Tracking")
    mail_tracking_retention_days = fields.Integer("Keep Tracking for")

    @api.model
    def get_values(self):
        parameters = self.env["ir.config_parameter"].sudo()
        return {
            **super().get_values(),
            "mail_tracking_open": not is_pixel_disabled(self.env),
            "mail_tracking_read_receipt": asks_read_receipt(self.env),
            "mail_tracking_base_url": parameters.get_param(BASE_URL),
            "mail_tracking_retention_days": retention_days(self.env),
        }

    def set_values(self):
        result = super().set_values()
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(PIXEL_DISABLED, not self.mail_tracking_open)
        parameters.set_param(READ_RECEIPT, self.mail_tracking_read_receipt)
        parameters.set_param(BASE_URL, self.mail_tracking_base_url)
        parameters.set_param(RETENTION_DAYS, str(self.mail_tracking_retention_days))
        return result
