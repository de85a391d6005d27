from odoo import models


class MailComposeMessage(models.TransientModel):
    """Hand on that mails of the composer's template are sent once."""

    _inherit = "mail.compose.message"

    def _action_send_mail(self, *args, **kwargs):
        # Core hands no template to the mails that it makes of one.
        never = any(self.template_id.mapped("tracking_never_retry"))
        composer = self.with_context(
            mail_tracking_never_retry=never, **self._mail_tracking_context()
        )
        return super(MailComposeMessage, composer)._action_send_mail(*args, **kwargs)
