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

    @api.model_create_multi
    def create(self, vals_list):
        choices = dict(MESSAGE_CHOICES)
        chosen = {name: self.env.context.get(name) for name in CHOICES}
        chosen = {name: choice for name, choice in chosen.items() if choice in choices}
        return super().create([{**chosen, **vals} for vals in vals_list])

    def _send_notifications(self, default_notify_kwargs=None):
        result = True
        by_choice = self.grouped(lambda schedule: tuple(schedule[n] for n in CHOICES))
        for choices, schedules in by_choice.items():
            # What the present user has chosen is of another message.
            own = schedules.with_context(**dict(zip(CHOICES, choices, strict=True)))
            result = super(MailMessageSchedule, own)._send_notifications(
                default_notify_kwargs=default_notify_kwargs
            )
        return result
