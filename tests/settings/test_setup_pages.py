from unittest.mock import patch

from lxml.html import fromstring
from polib import pofile

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.modules.module import get_module_path
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.translate import code_translations

from ...providers.registry import PROVIDERS
from ..helpers.smtp_server import sending
from ..helpers.tracking_case import TrackingCase

KEY = "mail_activity_tracking.webhook_key_mailgun"


@tagged("post_install", "-at_install")
class TestProviderPages(TrackingCase):
    def page(self, name="mailgun"):
        action = self.env["mail.tracking.provider"].action_open_pages()
        pages = self.env["mail.tracking.provider"].search(action["domain"])
        self.assertEqual(set(pages.mapped("provider")), set(PROVIDERS))
        return pages.filtered(lambda page: page.provider == name)

    def test_key_is_a_system_parameter(self):
        page = self.page()
        self.assertFalse(page.is_open)
        page.key = " one , two "
        parameters = self.env["ir.config_parameter"].sudo()
        self.assertEqual(parameters.get_param(KEY), " one , two ")
        page = self.page()
        self.assertTrue(page.is_open)
        self.assertEqual(page.key, "one, two")
        page.key = False
        self.assertFalse(parameters.get_param(KEY))
        self.assertFalse(self.page().is_open)

    def test_address_and_what_came_in(self):
        self.mail_server.tracking_provider = "mailgun"
        now = fields.Datetime.now()
        self.env["mail.tracking.webhook"].create(
            {"provider": "mailgun", "received_at": now, "request_key": "1"}
        )
        page = self.page()
        self.assertRegex(page.address, r"^http.*/mail/tracking/webhook/mailgun/\w{10}$")
        self.assertEqual(page.received_at, now)
        self.assertEqual(page.server_ids, self.mail_server)
        self.assertFalse(self.page("brevo").received_at)
        domain = page.action_open_requests()["domain"]
        self.assertEqual(self.env["mail.tracking.webhook"].search_count(domain), 1)

    def test_configured_ones_first(self):
        self.env["ir.config_parameter"].set_param(KEY, "secret")
        action = self.env["mail.tracking.provider"].action_open_pages()
        pages = self.env["mail.tracking.provider"].search(action["domain"])
        names = [name for name in PROVIDERS if name != "mailgun"]
        self.assertEqual(pages.mapped("provider"), ["mailgun", *names])

    def test_steps_with_links(self):
        """Each step has a link to the page of the provider that describes it."""
        for name, provider in PROVIDERS.items():
            with self.subTest(provider=name):
                items = list(fromstring(self.page(name).steps).iter("li"))
                shown = [item.text.strip() for item in items]
                self.assertEqual(shown[1:-1], [step.text for step in provider.steps])
                self.assertTrue(provider.steps)
                pages = [link.get("href") for item in items for link in item.iter("a")]
                expected = [provider.smtp_page, *(step.page for step in provider.steps)]
                expected = [page or provider.page for page in (*expected, "")]
                self.assertEqual(pages, expected)
                for page in pages:
                    self.assertRegex(page, r"^https://[\w.-]+/[!-~]+$")

    def test_texts_are_terms(self):
        """The texts of the adapters are exported for translators."""
        path = f"{get_module_path('mail_activity_tracking')}/i18n"
        terms = {entry.msgid for entry in pofile(f"{path}/mail_activity_tracking.pot")}
        for provider in PROVIDERS.values():
            texts = {step.text for step in provider.steps}
            self.assertLessEqual({provider.key_help, *texts}, terms)

    def test_texts_are_translated(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        provider = PROVIDERS["mailgun"]
        french = {provider.key_help: "La clé", provider.steps[0].text: "D'abord"}
        page = self.page().with_context(lang="fr_FR")
        with patch.object(
            code_translations, "get_python_translations", lambda *_args: french
        ):
            page.invalidate_recordset()
            self.assertEqual(page.key_help, "La clé")
            self.assertIn("D&#39;abord", page.steps)

    def test_send_test(self):
        with self.assertRaises(UserError):
            self.page().action_send_test()
        self.mail_server.tracking_provider = "mailgun"
        action = self.page().action_send_test()
        test = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(test.mail_server_id, self.mail_server)

    def test_for_administrators_only(self):
        for model in ("provider", "check", "test.mail"):
            pages = self.env[f"mail.tracking.{model}"].with_user(self.user_employee)
            with self.assertRaises(AccessError):
                pages.create([{}])
        employee = self.env["mail.tracking.provider"].with_user(self.user_employee)
        with self.assertRaises(AccessError):
            employee.action_open_pages()
        with self.assertRaises(AccessError):
            self.page().with_user(self.user_employee).read(["key"])
        check = self.env["mail.tracking.check"].with_user(self.user_employee)
        with self.assertRaises(AccessError):
            check.action_diagnose()


@tagged("post_install", "-at_install")
class TestTestMail(TrackingCase):
    def setUp(self):
        super().setUp()
        self.env.user.email = "me@example.com"
        self.test = self.env["mail.tracking.test.mail"].create({})

    def test_every_step(self):
        self.assertEqual((self.test.step, self.test.email), ("new", "me@example.com"))
        with sending():
            action = self.test.action_send()
        self.assertEqual(action["res_id"], self.test.id)
        self.assertEqual(self.test.step, "sent")
        self.assertIn("stays Sent until you open it", self.test.advice)
        self.mail_server.dsn_request = "all"
        self.test.invalidate_recordset()
        self.assertIn("once a delivery report arrives", self.test.advice)
        self.assertTrue(self.smtp.message_to("me@example.com"))
        tracking = self.test.tracking_id
        tracking._add_events({"event_type": "delivered", "source": "dsn"})
        tracking._update_state()
        self.test.invalidate_recordset()  # each look at the page reads anew
        self.assertEqual(self.test.step, "delivered")
        self.assertIn("images", self.test.advice)
        self.let_pass(tracking)
        tracking._register_open(tracking.token, "human")
        self.test.invalidate_recordset()
        self.assertEqual(self.test.step, "opened")
        self.assertEqual(self.test.advice, "Tracking works. The email was opened.")
        self.assertEqual(
            self.test.event_ids.sorted("id").mapped("event_type"),
            ["queued", "sent", "delivered", "open"],
        )

    def test_through_a_provider(self):
        self.mail_server.tracking_provider = "mailgun"
        self.test.mail_server_id = self.mail_server
        with sending():
            self.test.action_send()
        self.assertIn("Mailgun", self.test.advice)
        sent = self.smtp.message_to("me@example.com")
        self.assertIn("odoo-tracking", sent["X-Mailgun-Variables"])

    def test_failure_is_explained(self):
        self.smtp.refused["me@example.com"] = "550 5.1.1 No such user"
        with sending():
            self.test.action_send()
        self.assertTrue(self.test.has_failed)
        self.assertEqual(self.test.step, "error")
        self.assertEqual(self.test.reason, "Not sent. Address unknown.")
        self.assertEqual(self.test.advice, "Check the spelling of the email address.")
        self.assertIn("No such user", self.test.response)
        former = self.test.tracking_id
        self.smtp.refused.clear()
        with sending():
            self.test.action_send()
        self.assertEqual((former.state, self.test.step), ("error", "sent"))
        self.assertFalse(self.test.reason or self.test.response)

    def test_no_server_answers(self):
        self.mail_server.smtp_port = 1
        with sending(), mute_logger("odoo.addons.base.models.ir_mail_server"):
            self.test.action_send()
        self.assertEqual(self.test.step, "error")
        self.assertEqual(
            self.test.reason, "Not sent. Connection to the mail server failed."
        )
        self.assertIn("outgoing mail server", self.test.advice)
        self.assertFalse(self.test.response, "an exception is no answer")
        action = self.test.action_open_server()
        self.assertEqual(action["res_model"], "ir.mail_server")
        self.assertEqual(action["res_id"], self.mail_server.id)

    def test_image_switched_off(self):
        with sending():
            self.test.action_send()
        self.test.tracking_id._add_events({"event_type": "delivered", "source": "dsn"})
        self.test.tracking_id._update_state()
        self.env["ir.config_parameter"].set_param(
            "mail_activity_tracking.tracking_img_disabled", "True"
        )
        self.test.invalidate_recordset()
        self.assertIn("disabled", self.test.advice)

    def test_nobody_without_an_address(self):
        self.env.user.email = False
        self.test.invalidate_recordset()
        self.assertIn("Your user has no email address", self.test.advice)
        with self.assertRaisesRegex(UserError, "Enter one in My Preferences"):
            self.test.action_send()


@tagged("post_install", "-at_install")
class TestNeutralize(TrackingCase):
    def test_copies_report_to_nobody(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(KEY, "secret")
        parameters.set_param("mail_activity_tracking.base_url", "https://example.com")
        parameters.set_param("mail_activity_tracking.retention_days", "30")
        self.mail_server.write({"tracking_provider": "mailgun", "dsn_request": "all"})
        self.env["mail.tracking.webhook"].create(
            {
                "provider": "mailgun",
                "received_at": fields.Datetime.now(),
                "request_key": "1",
            }
        )
        self.env.flush_all()
        path = get_module_path("mail_activity_tracking") + "/data/neutralize.sql"
        with open(path) as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertFalse(parameters.get_param(KEY))
        self.assertFalse(parameters.get_param("mail_activity_tracking.base_url"))
        kept = parameters.get_param("mail_activity_tracking.retention_days")
        self.assertEqual(kept, "30")
        self.assertFalse(self.mail_server.tracking_provider)
        self.assertEqual(self.mail_server.dsn_request, "no")
        self.assertFalse(self.env["mail.tracking.webhook"].search_count([]))
