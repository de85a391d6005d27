from odoo import models

from ...tools.consent import MESSAGE_TELLS, OPENS_NEVER, TELLS_ALWAYS, TELLS_ASKED


class MailMail(models.Model):
    """Whether the author of a mail wants to be told when it is read."""

    _inherit = "mail.mail"

    def _mail_tracking_tells(self, opens):
        """Return why the author is told when the mail is read, None for not at all.

        :param opens: how the opens of the mail are treated, of `OPENS` or None
        """
        self.ensure_one()
        choice = self.env.context.get(MESSAGE_TELLS)
        if choice == "no" or opens == OPENS_NEVER:
            return None
        if choice == "yes":
            return TELLS_ASKED
        author_ids = self.env["res.users"]._mail_tracking_told_authors()
        # sudo: as the mail's related field does
        author_id = self.sudo().mail_message_id.author_id.id
        return TELLS_ALWAYS if author_id in author_ids else None
