from odoo import api, fields, models

from ...tools.consent import MESSAGE_CHOICES, MESSAGE_OPENS


class MailMessageSchedule(models.Model):
    """Keep what the author has chosen until the notifications of a message are due."""

    _inherit = "mail.message.schedule"

    mail_tracking_opens = fields.Selection(
        MESSAGE_CHOICES, "Open Tracking", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        choice = self.env.context.get(MESSAGE_OPENS)
        if choice in dict(MESSAGE_CHOICES):
            vals_list = [{MESSAGE_OPENS: choice, **vals} for vals in vals_list]
        return super().create(vals_list)

    def _send_notifications(self, default_notify_kwargs=None):
        result = True
        for choice, schedules in self.grouped(MESSAGE_OPENS).items():
            # What the present user has chosen is of another message.
            own = schedules.with_context(**{MESSAGE_OPENS: choice})
            result = super(MailMessageSchedule, own)._send_notifications(
                default_notify_kwargs=default_notify_kwargs
            )
        return result
