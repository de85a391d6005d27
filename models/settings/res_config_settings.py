from odoo import Command, api, fields, models
from odoo.tools import format_list

from ...tools.params import (
    ADDRESS,
    FLAG,
    FOLLOW_UP_MODELS,
    FOLLOW_UP_SINCE,
    MODELS_WITHOUT_OPENS,
    ON_PAGE,
    PIXEL_DISABLED,
    follow_up_models,
    is_pixel_disabled,
    models_without_opens,
    value_of,
)

# sudo: parameters of this addon only; the page itself is administrators'.

FOLLOW_UP_JOB = "mail_activity_tracking.mail_tracking_email_cron_follow_up"
# Kind of a parameter to the type of its field; the others are numbers.
FIELD_TYPES = {FLAG: fields.Boolean, ADDRESS: fields.Char}


class ResConfigSettings(models.TransientModel):
    """The settings of the addon.

    They are read and written here, not by `config_parameter`, for which a "False"
    typed by hand is true.
    """

    _inherit = "res.config.settings"

    # One for each parameter of `tools.params` that is on the page.
    vars().update(
        (row.field, FIELD_TYPES.get(row.kind, fields.Integer)(row.label))
        for row in ON_PAGE
    )
    mail_tracking_to_check = fields.Char("Left to Set Up", readonly=True)
    mail_tracking_preset = fields.Selection(
        related="company_id.mail_tracking_preset", readonly=False
    )
    needs_mail_tracking_preset = fields.Boolean(
        "Privacy Choice Missing", compute="_compute_needs_mail_tracking_preset"
    )
    mail_tracking_open = fields.Boolean("Track Opens")
    mail_tracking_model_without_ids = fields.Many2many(
        "ir.model",
        "mail_tracking_settings_without_rel",
        string="Except",
        help="Documents whose emails are not tracked, unless a template or the sender "
        "chooses otherwise",
        domain=[("is_mail_thread", "=", True)],
    )
    # Stored as the active flag of the job.
    mail_tracking_follow_up = fields.Boolean("Follow Up on Emails")
    mail_tracking_follow_up_model_ids = fields.Many2many(
        "ir.model",
        string="Documents",
        domain=[("is_mail_thread", "=", True), ("is_mail_activity", "=", True)],
    )

    @api.depends("company_id", "mail_tracking_preset")
    def _compute_needs_mail_tracking_preset(self):
        for settings in self:
            needing = settings.company_id._needs_mail_tracking_preset()
            settings.needs_mail_tracking_preset = bool(needing)

    def action_choose_mail_tracking_preset(self):
        """Confirm the preset that is shown: saving the page alone is not a choice.

        :return: action that shows the settings again
        """
        self.ensure_one()
        self.company_id.mail_tracking_preset = self.mail_tracking_preset
        return {"type": "ir.actions.client", "tag": "reload"}

    @api.model
    def get_values(self):
        Models = self.env["ir.model"].sudo()
        followed = Models.search([("model", "in", follow_up_models(self.env))])
        without = Models.search([("model", "in", models_without_opens(self.env))])
        return {
            **super().get_values(),
            "mail_tracking_to_check": self._mail_tracking_to_check(),
            "mail_tracking_open": not is_pixel_disabled(self.env),
            "mail_tracking_model_without_ids": [Command.set(without.ids)],
            "mail_tracking_follow_up": self._mail_tracking_follow_up_job().active,
            "mail_tracking_follow_up_model_ids": [Command.set(followed.ids)],
            **{row.field: value_of(self.env, row.key) for row in ON_PAGE},
        }

    def set_values(self):
        result = super().set_values()
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(PIXEL_DISABLED, not self.mail_tracking_open)
        without = self.mail_tracking_model_without_ids.sudo().mapped("model")
        parameters.set_param(MODELS_WITHOUT_OPENS, ",".join(sorted(without)))
        for row in ON_PAGE:
            value = self[row.field]
            # As text: `set_param` deletes a parameter for False.
            is_kept = bool(value or row.default)
            parameters.set_param(row.key, is_kept and str(value))
        self._mail_tracking_set_follow_up(parameters)
        return result

    def _mail_tracking_to_check(self):
        """Return a sentence on what is left to set up, empty when nothing is."""
        names = self.env["mail.tracking.check"]._get_problems()
        values = {"count": len(names), "names": format_list(self.env, names)}
        if len(names) == 1:
            return self.env._("1 thing to check: %(names)s", **values)
        return names and self.env._("%(count)s things to check: %(names)s", **values)

    def _mail_tracking_set_follow_up(self, parameters):
        followed = self.mail_tracking_follow_up_model_ids.sudo().mapped("model")
        parameters.set_param(FOLLOW_UP_MODELS, ",".join(sorted(followed)))
        job = self._mail_tracking_follow_up_job()
        # Written only for a change: a job cannot be written while it runs.
        if job.active != self.mail_tracking_follow_up:
            job.active = self.mail_tracking_follow_up
            now = fields.Datetime.to_string(self.env.cr.now())
            parameters.set_param(FOLLOW_UP_SINCE, job.active and now)

    @api.model
    def _mail_tracking_follow_up_job(self):
        """Return the job that follows up on emails, in sudo; empty when deleted."""
        job = self.env.ref(FOLLOW_UP_JOB, raise_if_not_found=False)
        return job.sudo() if job else self.env["ir.cron"].sudo()
