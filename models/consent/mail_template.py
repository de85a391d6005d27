from odoo import fields, models

from ...tools.consent import MESSAGE_CHOICES, MESSAGE_OPENS


class MailTemplate(models.Model):
    """Mails of a template whose opens are tracked, or are not."""

    _inherit = "mail.template"

    tracking_opens = fields.Selection(
        MESSAGE_CHOICES,
        "Open Tracking",
        help="Default for emails made from this template. Empty: as for other emails of"
        " the document. The privacy preset of the company always applies.",
    )

    def _mail_tracking_opens_context(self):
        """Return what tells the mails of a template whether their opens are tracked.

        :return: dict for the context, empty when the template does not say
        """
        return {MESSAGE_OPENS: self.tracking_opens} if self.tracking_opens else {}
