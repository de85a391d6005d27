from odoo import models

from ...tools.consent import MESSAGE_OPENS


class ResUsers(models.Model):
    """Security alerts carry no pixel."""

    _inherit = "res.users"

    def _notify_security_setting_update(
        self, subject, content, mail_values=None, **kwargs
    ):
        # They have no document by which to recognise them.
        users = self.with_context(**{MESSAGE_OPENS: "no"})
        return super(ResUsers, users)._notify_security_setting_update(
            subject, content, mail_values=mail_values, **kwargs
        )
