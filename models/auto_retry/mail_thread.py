from odoo import models

from ...tools.guard import never_break_mail


class MailThread(models.AbstractModel):
    """Stop the retries of messages that are removed from the chatter."""

    _inherit = "mail.thread"

    def _clean_empty_message(self, message):
        result = super()._clean_empty_message(message)
        with never_break_mail("stop the retries of a removed message"):
            # sudo: whoever may remove the message also stops its mails
            Tracking = self.env["mail.tracking.email"].sudo()
            Tracking._stop_retries(message)
        return result
