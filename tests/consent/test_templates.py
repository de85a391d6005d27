from odoo.tests import tagged

from ..helpers.consent_case import ConsentCase
from ..helpers.smtp_server import sending
from .test_message_choice import PARAMETER


@tagged("post_install", "-at_install")
class TestTemplates(ConsentCase):
    """Every way to send by a template respects the template's choice."""

    def setUp(self):
        super().setUp()
        self.template = self.env["mail.template"].create(
            {
                "name": "Template",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "Hello",
                "body_html": "<p>Hello</p>",
                "partner_to": str(self.alice.id),
                "use_default_to": False,
                "auto_delete": False,
            }
        )

    def ways(self):
        """Return, by name, functions that send to Alice."""
        document, template = self.document, self.template
        batch = {"composition_mode": "mass_mail", "template_id": template.id}
        note = {"subtype_xmlid": "mail.mt_comment"}
        return {
            "message_post_with_source": (
                lambda: document.message_post_with_source(template, **note)
            ),
            "message_mail_with_source": (
                lambda: document.message_mail_with_source(template)
            ),
            "send_mail": lambda: template.send_mail(document.id),
            "send_mail_batch": lambda: template.send_mail_batch(document.ids),
            "composer": (
                lambda: self.composer(template_id=template.id)._action_send_mail()
            ),
            "composer, many documents": (
                lambda: self.composer(**batch)._action_send_mail()
            ),
            "server action, message": lambda: self.run_action("comment"),
            "server action, email": lambda: self.run_action("email"),
        }

    def run_action(self, mail_post_method):
        """Run a server action that sends the template."""
        action = self.env["ir.actions.server"].create(
            {
                "name": "Send",
                "model_id": self.template.model_id.id,
                "state": "mail_post",
                "template_id": self.template.id,
                "mail_post_method": mail_post_method,
            }
        )
        context = {"active_model": "res.partner", "active_ids": self.document.ids}
        action.with_context(**context, active_id=self.document.id).run()

    def assertEachWay(self, opens, has_pixel):
        for name, send in self.ways().items():
            with self.subTest(way=name):
                self.smtp.messages.clear()
                with sending():
                    send()
                    self.env["mail.mail"].process_email_queue()
                domain = [("partner_id", "=", self.alice.id)]
                tracking = self.Tracking.search(domain, limit=1)
                self.assertEqual(tracking.opens, opens)
                self.assertEqual(self.has_pixel(self.alice.email), has_pixel)

    def test_template_without_opens(self):
        self.template.tracking_opens = "no"
        self.assertEachWay("never", False)

    def test_template_of_a_model_without_opens(self):
        self.env["ir.config_parameter"].set_param(PARAMETER, "res.partner")
        self.template.tracking_opens = "yes"
        self.assertEachWay(False, True)

    def test_model_without_opens(self):
        self.env["ir.config_parameter"].set_param(PARAMETER, "res.partner")
        self.assertEachWay("never", False)

    def test_nothing_said(self):
        self.assertEachWay(False, True)
