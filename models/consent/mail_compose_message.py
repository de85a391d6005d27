from odoo import api, fields, models

from ...tools.consent import MESSAGE_OPENS, NO_OPENS
from ...tools.params import is_pixel_disabled, models_without_opens


class MailComposeMessage(models.TransientModel):
    """The switch of the full composer: whether opens of this message are tracked."""

    _inherit = "mail.compose.message"

    mail_tracking_opens = fields.Boolean(
        "Track Opens",
        compute="_compute_mail_tracking_opens",
        readonly=False,
        store=True,
        help="Add an invisible image to detect opens, as far as the privacy preset of "
        "the company allows it",
    )
    has_mail_tracking_choice = fields.Boolean(
        "Opens Can Be Chosen", compute="_compute_has_mail_tracking_choice"
    )

    @api.depends("model", "template_id")
    def _compute_mail_tracking_opens(self):
        untracked = models_without_opens(self.env)
        for composer in self:
            chosen = composer.template_id.tracking_opens
            is_tracked = composer.model not in untracked
            composer.mail_tracking_opens = chosen == "yes" if chosen else is_tracked

    @api.depends("record_company_id")
    def _compute_has_mail_tracking_choice(self):
        presets = self.env["res.company"]._mail_tracking_presets()
        is_disabled = is_pixel_disabled(self.env)
        for composer in self:
            company = composer.record_company_id or composer.env.user.company_id
            is_open = presets.get(company.id) != NO_OPENS
            composer.has_mail_tracking_choice = is_open and not is_disabled

    def _mail_tracking_opens_context(self):
        """Return what tells the mails of composers whether their opens are tracked.

        :return: dict for the context
        """
        is_tracked = all(self.mapped("mail_tracking_opens"))
        return {MESSAGE_OPENS: "yes" if is_tracked else "no"}

    def _prepare_schedule_message_post_values(self, post_values):
        values = super()._prepare_schedule_message_post_values(post_values)
        context = {**values["send_context"], **self._mail_tracking_opens_context()}
        return {**values, "send_context": context}
