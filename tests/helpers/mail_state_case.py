from odoo.addons.mail.tests.common import mail_new_test_user

from .tracking_case import TrackingCase

FAILED = [("mail_tracking_state", "in", ["error", "noemail"])]


class MailStateCase(TrackingCase):
    """Documents whose messages have trackings, made without sending."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Partner = cls.env["res.partner"]
        cls.employee = mail_new_test_user(cls.env, "mail_state_employee")

    def new_document(self, *states, **values):
        """Create a contact whose only message has recipients in the states."""
        document = self.Partner.create({"name": "Document", **values})
        self.add_message(document, *states)
        return document

    def add_message(self, document, *states, message_type="comment"):
        """Add a message to a document, with a recipient for each of the states."""
        message = self.env["mail.message"].create(
            {
                "model": document._name,
                "res_id": document.id,
                "message_type": message_type,
            }
        )
        for state in states:
            error_type = "mail_email_missing" if state == "noemail" else False
            self.Tracking.sudo().create(
                {
                    "mail_message_id": message.id,
                    "model": document._name,
                    "res_id": document.id,
                    "state": "error" if state == "noemail" else state,
                    "error_type": error_type,
                    "notifies_only": message_type == "user_notification",
                }
            )
        document.invalidate_recordset()
        return message
