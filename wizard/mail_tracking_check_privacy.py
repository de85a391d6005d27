from odoo import models

from ..tools.isolated import isolated


class MailTrackingCheck(models.TransientModel):
    """Check that companies have chosen a privacy preset where a law may require one."""

    _inherit = "mail.tracking.check"

    def _check_presets(self):
        for company in self.env.companies._needs_mail_tracking_preset():
            yield (
                self.env._("Privacy of Opens"),
                "warning",
                self.env._(
                    "%(company)s has not chosen a privacy preset, and in its country "
                    "recording opens may require the recipient's consent.",
                    company=isolated(company.name),
                ),
                self.env._(
                    "Select a preset under Settings > Email Tracking and confirm it."
                ),
                "settings",
            )
