from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..helpers.dsn_server import DsnServer
from ..helpers.smtp_server import sending
from ..helpers.tracking_case import TrackingCase

KEY = "mail_activity_tracking.webhook_key_mailgun"


@tagged("post_install", "-at_install")
class TestMailServerPage(TrackingCase):
    """The tracking tab of an outgoing mail server."""

    def look(self):
        with sending():
            self.mail_server.action_mail_tracking_look()

    def test_what_is_not_set_is_said(self):
        view = self.env.ref("mail_activity_tracking.ir_mail_server_view_form")
        arch = etree.fromstring(self.mail_server.get_view(view.inherit_id.id)["arch"])
        (provider,) = arch.xpath("//field[@name='tracking_provider']")
        self.assertEqual(provider.get("placeholder"), "None (plain SMTP)")
        (words,) = arch.xpath("//div[@invisible='dsn_offer']")
        self.assertEqual(words.text, "Not checked yet")

    def test_offer_is_looked_up_and_remembered(self):
        self.assertFalse(self.mail_server.dsn_offer)
        self.look()
        self.assertEqual(self.mail_server.dsn_offer, "no")
        self.assertTrue(self.mail_server.dsn_offer_seen_at)
        server = DsnServer().start()
        self.addCleanup(server.stop)
        self.mail_server.smtp_port = server.port
        self.assertFalse(self.mail_server.dsn_offer, "It was another server's")
        self.assertFalse(self.mail_server.dsn_offer_seen_at)
        self.look()
        self.assertEqual(self.mail_server.dsn_offer, "yes")
        self.mail_server.name = "Renamed"
        self.assertEqual(self.mail_server.dsn_offer, "yes")

    def test_server_that_cannot_be_reached(self):
        self.mail_server.smtp_port = 1
        with self.assertRaisesRegex(
            UserError, "Connection to the mail server failed.*Test Connection"
        ):
            self.look()
        self.assertFalse(self.mail_server.dsn_offer)

    def test_for_administrators_only(self):
        self.mail_server.smtp_port = 1  # nobody would answer
        server = self.mail_server.with_user(self.user_employee)
        with sending(), self.assertRaises(AccessError):
            server.action_mail_tracking_look()
        with self.assertRaises(AccessError):
            server.action_mail_tracking_provider()

    def test_webhook_of_its_provider(self):
        self.assertFalse(self.mail_server.tracking_webhook_address)
        self.assertFalse(self.mail_server.is_tracking_webhook_open)
        self.mail_server.tracking_provider = "mailgun"
        self.assertRegex(
            self.mail_server.tracking_webhook_address,
            r"^http.*/mail/tracking/webhook/mailgun/\w{10}$",
        )
        self.assertFalse(self.mail_server.is_tracking_webhook_open)
        self.assertFalse(self.mail_server.tracking_webhook_received_at)
        self.env["ir.config_parameter"].set_param(KEY, "secret")
        now = fields.Datetime.now()
        self.env["mail.tracking.webhook"].create(
            {"provider": "mailgun", "received_at": now, "request_key": "1"}
        )
        self.mail_server.invalidate_recordset()
        self.assertTrue(self.mail_server.is_tracking_webhook_open)
        self.assertEqual(self.mail_server.tracking_webhook_received_at, now)
        action = self.mail_server.action_mail_tracking_provider()
        page = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((page.provider, page.key), ("mailgun", "secret"))
