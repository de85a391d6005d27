from odoo import api, fields, models

from ...tools.consent import MESSAGE_OPENS, MESSAGE_TELLS, NO_OPENS
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

    mail_tracking_tells = fields.Boolean(
        "Tell Me When Read",
        compute="_compute_mail_tracking_tells",
        readonly=False,
        store=True,
        help="Show me a notification when a recipient outside the company first opens"
        " or replies to this message",
    )
    has_mail_tracking_tells = fields.Boolean(
        "Author Can Be Told", compute="_compute_has_mail_tracking_tells"
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

    @api.depends("author_id")
    def _compute_mail_tracking_tells(self):
        self.mail_tracking_tells = self.env.user._mail_tracking_is_told()

    @api.depends("author_id", "has_mail_tracking_choice", "mail_tracking_opens")
    def _compute_has_mail_tracking_tells(self):
        for composer in self:
            # Only users who write in their own name can be told.
            composer.has_mail_tracking_tells = (
                composer.has_mail_tracking_choice
                and composer.mail_tracking_opens
                and composer.author_id == self.env.user.partner_id
            )

    def _mail_tracking_choices(self):
        """Return the user's choices, by the context keys that pass them on.

        A choice that equals the default is left out: it follows the settings.

        :rtype: dict
        """
        choices = {}
        is_tracked = all(self.mapped("mail_tracking_opens"))
        untracked = models_without_opens(self.env)
        is_usual = set(self.mapped("model")).isdisjoint(untracked)
        if is_tracked != is_usual or MESSAGE_OPENS in self.env.context:
            choices[MESSAGE_OPENS] = "yes" if is_tracked else "no"
        is_told = self.env.user._mail_tracking_is_told()
        changed = self.filtered(lambda composer: composer[MESSAGE_TELLS] != is_told)
        if changed.filtered("has_mail_tracking_tells"):
            choices[MESSAGE_TELLS] = "no" if is_told else "yes"
        return choices
