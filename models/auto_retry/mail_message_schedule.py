from odoo import api, fields, models


class MailMessageSchedule(models.Model):
    """Keep what the context says of a message until its notifications are due."""

    _inherit = "mail.message.schedule"

    mail_tracking_never_retry = fields.Boolean("Send Once", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        kept = self._mail_tracking_kept()
        return super().create([{**kept, **vals} for vals in vals_list])

    @api.model
    def _mail_tracking_kept(self):
        """Return what the context says of a message.

        :return: dict from the name of a field, which is that of its context key, to the
            value
        """
        never = "mail_tracking_never_retry"
        is_sent_once = bool(self.env.context.get(never))
        return {never: is_sent_once, **self._mail_tracking_choices()}

    def _send_notifications(self, default_notify_kwargs=None):
        result = True
        names = list(self._mail_tracking_kept())
        by_values = self.grouped(lambda schedule: tuple(schedule[n] for n in names))
        for values, schedules in by_values.items():
            # What the present context says is of another message.
            own = schedules.with_context(**dict(zip(names, values, strict=True)))
            result = super(MailMessageSchedule, own)._send_notifications(
                default_notify_kwargs=default_notify_kwargs
            )
        return result
