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
        """Tell whether the user may send the mail: who may post on its document.

        Mails without a document are for administrators, as core's queue is.
        """
        if self.env.user._is_system():
            return True
        # sudo: what the tracking is of, which its message then decides about
        message_sudo = self.sudo().mail_message_id
        if not message_sudo.with_env(self.env).has_access("read"):
            return False
        model, res_id = message_sudo.model, message_sudo.res_id
        if not res_id or model not in self.env:
            return False
        document = self.env[model].browse(res_id).exists()
        by_operation = document._mail_group_by_operation_for_mail_message_operation(
            "create"
        )
        return any(
            records.has_access(operation) for operation, records in by_operation.items()
        )

    def _send_now(self):
        """Send the mail after the commit, as core sends what is posted.

        The same mail for all of its recipients: core has one in the queue for several.

        :raise AccessError: when the user may not send it
        """
        self.ensure_one()
        if not self._may_send_now():
            raise AccessError(self.env._("You are not allowed to send this mail."))
        mail_sudo = self._waiting_mail_sudo()
        if mail_sudo:
            mail_sudo.send_after_commit()
