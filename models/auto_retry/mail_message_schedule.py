from odoo import api, fields, models


class MailMessageSchedule(models.Model):
    """Keep that a message is sent only once until its notifications are due."""

    _inherit = "mail.message.schedule"

    mail_tracking_never_retry = fields.Boolean("Send Once", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("mail_tracking_never_retry"):
            vals_list = [{"mail_tracking_never_retry": True, **v} for v in vals_list]
        return super().create(vals_list)

    def _send_notifications(self, default_notify_kwargs=None):
        result = True
        for never, schedules in self.grouped("mail_tracking_never_retry").items():
            own = schedules.with_context(mail_tracking_never_retry=never)
            result = super(MailMessageSchedule, own)._send_notifications(
                default_notify_kwargs=default_notify_kwargs
            )
        return result
