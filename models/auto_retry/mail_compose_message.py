from odoo import models


class MailComposeMessage(models.TransientModel):
    """Pass on whether the mails of the composer's template are sent only once."""

    _inherit = "mail.compose.message"

    def _action_send_mail(self, *args, **kwargs):
        composer = self.with_context(
            mail_tracking_never_retry=self._mail_tracking_is_sent_once(),
            **self._mail_tracking_context(),
        )
        return super(MailComposeMessage, composer)._action_send_mail(*args, **kwargs)

    def _prepare_schedule_message_post_values(self, post_values):
        values = super()._prepare_schedule_message_post_values(post_values)
        if not self._mail_tracking_is_sent_once():
            return values
        context = {**values["send_context"], "mail_tracking_never_retry": True}
        return {**values, "send_context": context}

    def _mail_tracking_is_sent_once(self):
        # Core does not pass the template to the mails that it creates from it.
        return any(self.template_id.mapped("tracking_never_retry"))
