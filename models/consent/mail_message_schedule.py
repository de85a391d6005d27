from odoo import api, fields, models

from ...tools.consent import MESSAGE_CHOICES, MESSAGE_OPENS, MESSAGE_TELLS

CHOICES = (MESSAGE_OPENS, MESSAGE_TELLS)


class MailMessageSchedule(models.Model):
    """Keep the author's choice until the notifications of a message are due."""

    _inherit = "mail.message.schedule"

    mail_tracking_opens = fields.Selection(
        MESSAGE_CHOICES, "Open Tracking", readonly=True
    )
    mail_tracking_tells = fields.Selection(
        [("yes", "Yes"), ("no", "No")], "Author Is Told", readonly=True
    )

    @api.model
    def _mail_tracking_kept(self):
        choices = dict(MESSAGE_CHOICES)
        chosen = {name: self.env.context.get(name) for name in CHOICES}
        chosen = {name: value in choices and value for name, value in chosen.items()}
        return {**super()._mail_tracking_kept(), **chosen}
