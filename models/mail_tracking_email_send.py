from odoo import models
from odoo.exceptions import AccessError


class MailTrackingEmail(models.Model):
    """Send a mail at once that still waits in the queue."""

    _inherit = "mail.tracking.email"

    def _waiting_mail_sudo(self):
        """Give the mail that carries the tracking while it is in the queue.

        :return: `mail.mail` as superuser, empty when it is not in the queue
        """
        # sudo: only administrators have access to mails, see `_may_send_now`
        mail_sudo = self.env["mail.mail"].sudo().browse(self.mail_id or ()).exists()
        return mail_sudo.filtered(lambda mail: mail.state == "outgoing")

    def _may_send_now(self):
        """Tell whether the user may send the mail: by the same rule as sending again.

        Who may post on its document may; mails without one are for administrators.
        """
        tracking_sudo = self.sudo()
        words = self._words_by_document(tracking_sudo.model, [tracking_sudo.res_id])
        return not any(words.values())

    def _send_now(self):
        """Send the mail after the commit, as core sends what is posted.

        The same mail for all of its recipients: core has one in the queue for several.

        :raise AccessError: when the user may not send it
        """
        self.ensure_one()
        if not self._may_send_now():
            raise AccessError(self.env._("You are not allowed to send this mail."))
        self.sudo()._waiting_mail_sudo().send_after_commit()
