from odoo import api, fields, models

from ...tools.consent import MESSAGE_TELLS


class ResUsersSettings(models.Model):
    """Keep whether the user is told of emails that are read."""

    _inherit = "res.users.settings"

    mail_tracking_tells = fields.Boolean("Tell Me When Emails Are Read")

    @api.model_create_multi
    def create(self, vals_list):
        settings = super().create(vals_list)
        if any(vals.get(MESSAGE_TELLS) for vals in vals_list):
            self.env.registry.clear_cache()
        return settings

    def write(self, vals):
        result = super().write(vals)
        if MESSAGE_TELLS in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    def _get_fields_blacklist(self):
        # The web client does not ask for it.
        return [*super()._get_fields_blacklist(), MESSAGE_TELLS]
