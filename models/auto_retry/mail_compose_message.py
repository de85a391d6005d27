from odoo import models


class MailComposeMessage(models.TransientModel):
    """Pass on what the composer and its template say of the mails."""

    _inherit = "mail.compose.message"

    def _action_send_mail(self, *args, **kwargs):
        composer = self.with_context(**self._mail_tracking_context())
        return super(MailComposeMessage, composer)._action_send_mail(*args, **kwargs)

    def _prepare_schedule_message_post_values(self, post_values):
        values = super()._prepare_schedule_message_post_values(post_values)
        context = {**values["send_context"], **self._mail_tracking_context()}
        return {**values, "send_context": context}

    def _mail_tracking_context(self):
        """Return the context that says how the mails of the message are to be treated.

        Core does not pass the template to the mails that it creates from it.

        :rtype: dict
        """
        context = self._mail_tracking_choices()
        is_sent_once = any(self.template_id.mapped("tracking_never_retry"))
        if is_sent_once or "mail_tracking_never_retry" in self.env.context:
            context["mail_tracking_never_retry"] = is_sent_once
        return context
