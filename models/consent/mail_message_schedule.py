from odoo import api, fields, models

from ...tools.consent import MESSAGE_CHOICES, MESSAGE_OPENS, MESSAGE_TELLS

CONTEXT_KEYS = (MESSAGE_OPENS, MESSAGE_TELLS)


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
    def _mail_tracking_choices(self):
        """Return the author's choices in the context, by field; False for none."""
        choices = list(dict(MESSAGE_CHOICES))  # RPC may bring any context
        chosen = {name: self.env.context.get(name) for name in CONTEXT_KEYS}
        return {name: value in choices and value for name, value in chosen.items()}
