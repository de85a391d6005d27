from odoo import Command, api, fields, models

from ..tools.params import (
    FOLLOW_UP_DAYS,
    FOLLOW_UP_MODELS,
    FOLLOW_UP_SINCE,
    follow_up_days,
    follow_up_models,
)

CRON = "mail_activity_tracking.mail_tracking_email_cron_follow_up"


class ResConfigSettings(models.TransientModel):
    """Follow-up: the switch is whether its job is active."""

    _inherit = "res.config.settings"

    mail_tracking_follow_up = fields.Boolean("Follow Up Emails")
    mail_tracking_follow_up_model_ids = fields.Many2many(
        "ir.model",
        string="Emails sent from",
        domain=[("is_mail_thread", "=", True), ("is_mail_activity", "=", True)],
    )
    mail_tracking_follow_up_days = fields.Integer("Not opened after")

    @api.model
    def get_values(self):
        followed = self.env["ir.model"].sudo()
        followed = followed.search([("model", "in", follow_up_models(self.env))])
        return {
            **super().get_values(),
            "mail_tracking_follow_up": self._mail_tracking_follow_up_job().active,
            "mail_tracking_follow_up_model_ids": [Command.set(followed.ids)],
            "mail_tracking_follow_up_days": follow_up_days(self.env),
        }

    def set_values(self):
        result = super().set_values()
        parameters = self.env["ir.config_parameter"].sudo()
        followed = self.mail_tracking_follow_up_model_ids.sudo().mapped("model")
        parameters.set_param(FOLLOW_UP_MODELS, ",".join(sorted(followed)))
        parameters.set_param(FOLLOW_UP_DAYS, str(self.mail_tracking_follow_up_days))
        job = self._mail_tracking_follow_up_job()
        # A job that runs cannot be written: only when there is something to write.
        if job.active != self.mail_tracking_follow_up:
            job.active = self.mail_tracking_follow_up
            now = fields.Datetime.to_string(self.env.cr.now())
            parameters.set_param(FOLLOW_UP_SINCE, job.active and now)
        return result

    @api.model
    def _mail_tracking_follow_up_job(self):
        """Give the job in sudo, empty when somebody has deleted it."""
        job = self.env.ref(CRON, raise_if_not_found=False)
        return job.sudo() if job else self.env["ir.cron"].sudo()
