from odoo import fields, models

from ...tools.consent import MESSAGE_CHOICES, MESSAGE_OPENS


class MailTemplate(models.Model):
    """Templates that decide whether the opens of their mails are tracked."""

    _inherit = "mail.template"

    tracking_opens = fields.Selection(
        MESSAGE_CHOICES,
        "Open Tracking",
        help="Default for emails made from this template. Empty: as for other emails of"
        " the document. The privacy preset of the company always applies.",
    )

    def _mail_tracking_opens_context(self):
        """Return the context by which mails know whether their opens are tracked.

        :return: dict for the context, empty when the template leaves it open
        """
        return {MESSAGE_OPENS: self.tracking_opens} if self.tracking_opens else {}
