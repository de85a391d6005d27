from lxml import etree

from odoo.addons.mail.tests.common import mail_new_test_user

from .tracking_case import TrackingCase

FAILED = [("mail_tracking_state", "in", ["error", "noemail"])]
# What is put into the views of a model.
COLUMN = ".//field[@name='mail_tracking_state']"
FILTER = ".//filter[@name='mail_tracking_failed']"
GROUP_BY = ".//filter[@name='group_by_mail_tracking_state']"


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

    def get_view(self, model, view_type, view_id=None, user=None):
        """Return the arch of a view as the web client of a user gets it."""
        Model = self.env[model].with_user(user or self.env.user)
        return etree.fromstring(Model.get_view(view_id, view_type)["arch"])

    def new_view(self, model, arch):
        """Create a view."""
        values = {"name": "Test", "model": model, "arch": arch}
        return self.env["ir.ui.view"].create(values)
