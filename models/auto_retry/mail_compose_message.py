from odoo import models


class MailComposeMessage(models.TransientModel):
    """Pass on whether the mails of the composer's template are sent only once."""

    _inherit = "mail.compose.message"

    def _action_send_mail(self, *args, **kwargs):
        # Core does not pass the template to the mails that it creates from it.
        never = any(self.template_id.mapped("tracking_never_retry"))
        composer = self.with_context(
            mail_tracking_never_retry=never, **self._mail_tracking_context()
        )
        return super(MailComposeMessage, composer)._action_send_mail(*args, **kwargs)
