from odoo import fields, models


class MailTemplate(models.Model):
    """Let a template exclude its mails from automatic retries."""

    _inherit = "mail.template"

    tracking_never_retry = fields.Boolean(
        "Send Once",
        help="Emails from this template are not retried automatically when the mail"
        " server temporarily refuses them",
    )

    def send_mail_batch(
        self,
        res_ids,
        force_send=False,
        raise_exception=False,
        email_values=None,
        email_layout_xmlid=False,
    ):
        # Core does not pass the template to the mails that it creates from it.
        template = self.with_context(
            mail_tracking_never_retry=self.tracking_never_retry,
            **self._mail_tracking_opens_context(),
        )
        return super(MailTemplate, template).send_mail_batch(
            res_ids,
            force_send=force_send,
            raise_exception=raise_exception,
            email_values=email_values,
            email_layout_xmlid=email_layout_xmlid,
        )
