import re
from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import config

from ...tools.fetch import Fetched
from ...wizard import mail_tracking_check_address as address
from ..helpers.dsn_server import DsnServer
from ..helpers.smtp_server import sending
from ..helpers.tracking_case import TrackingCase

KEY = "mail_activity_tracking.webhook_key_mailgun"


@tagged("post_install", "-at_install")
class TestDiagnosis(TrackingCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.env["fetchmail.server"].search([]).unlink()

    def findings(self):
        """Return the first finding of each check: (result, all its texts)."""
        action = self.env["mail.tracking.check"].action_diagnose()
        checks = self.env["mail.tracking.check"].search(action["domain"])
        return {
            check.name: (check.result, f"{check.finding} {check.advice or ''}")
            for check in reversed(checks)
        }

    def answer(self, status=200, content_type="image/gif", error=None):
        """Fake the answer of the public URL."""

        def load(_url):
            if error:
                raise error
            return Fetched(status, content_type, b"")

        self.enterContext(patch.object(address, "load", load))

    def assertFound(self, name, result, *words):
        verdict = self.findings()[name]
        self.assertEqual(verdict[0], result, verdict)
        for word in words:
            self.assertIn(word, verdict[1])

    def set_address(self, value):
        self.env["ir.config_parameter"].set_param(
            "mail_activity_tracking.base_url", value
        )

    def test_public_address(self):
        self.set_address("https://odoo.example.com")
        self.answer()
        self.assertFound("Public URL", "ok", "https://odoo.example.com")
        self.answer(404, "text/html")
        self.assertFound("Public URL", "error", "404", "--load=base,rpc,web,mail,")
        self.answer(error=requests.ConnectionError("no"))
        self.assertFound("Public URL", "error", "does not respond")

    def test_address_that_others_cannot_use(self):
        self.answer()
        for value, result in (
            ("http://localhost:8069", "error"),
            ("http://127.0.0.1", "error"),
            ("http://odoo.example.com", "warning"),
        ):
            self.set_address(value)
            results = [
                row[1]
                for row in self.env["mail.tracking.check"]._check_public_address()
            ]
            self.assertEqual(results, [result], f"{value}: said once")

    def test_why_the_address_does_not_answer(self):
        self.set_address("https://odoo.example.com")
        for error, words in (
            (requests.exceptions.SSLError("x"), "certificate of https://odoo.ex"),
            (requests.Timeout("x"), "did not respond in time"),
            (requests.ConnectionError("x"), "does not respond"),
        ):
            self.answer(error=error)
            self.assertFound("Public URL", "error", words)
            self.assertNotIn("Error", self.findings()["Public URL"][1])

    def test_problems_first(self):
        self.answer(error=requests.ConnectionError("no"))
        self.set_address("https://odoo.example.com")
        action = self.env["mail.tracking.check"].action_diagnose()
        checks = self.env["mail.tracking.check"].search(action["domain"])
        ranks = [("error", "warning", "ok").index(check.result) for check in checks]
        self.assertEqual(ranks, sorted(ranks))
        self.assertEqual(checks[0].result, "error")
        for check in checks.filtered(lambda check: check.result != "ok"):
            self.assertTrue(check.finding.endswith("."), check.finding)
            self.assertTrue(check.advice, check.finding)

    def test_pages_that_mend(self):
        self.answer()
        self.env["ir.config_parameter"].set_param(KEY, "secret")
        self.env.companies.alias_domain_id = self.mail_alias_domain
        with patch.dict(config.options, {"max_cron_threads": 2}):
            action = self.env["mail.tracking.check"].action_diagnose()
        checks = self.env["mail.tracking.check"].search(action["domain"])
        opened = {
            check.name: check.action_open_page() for check in checks if check.page
        }
        for name, model in {
            "Public URL": "res.config.settings",
            "Bounce Address": "mail.alias.domain",
            "Incoming Email": "fetchmail.server",
            "Scheduled Actions": "ir.cron",
            "Outgoing Mail Server: Test server": "ir.mail_server",
            "Webhook: Mailgun": "mail.tracking.provider",
        }.items():
            self.assertEqual(opened[name]["res_model"], model)
        server = opened["Outgoing Mail Server: Test server"]
        self.assertEqual(server["res_id"], self.mail_server.id)
        page = self.env["mail.tracking.provider"].browse(
            opened["Webhook: Mailgun"]["res_id"]
        )
        self.assertEqual(page.provider, "mailgun")

    def test_what_is_left_to_set_up(self):
        """The settings show what is left to set up, without any connection."""
        self.answer(error=AssertionError("nobody is asked"))
        self.set_address("http://localhost:8069")
        Settings = self.env["res.config.settings"]
        words = Settings.default_get(["mail_tracking_to_check"])
        self.assertRegex(
            words["mail_tracking_to_check"],
            r"^\d+ things to check: Public URL, .*Outgoing Mail Server: Test server",
        )
        Check = type(self.env["mail.tracking.check"])
        for findings, expected in (
            ([("Public URL", "error", "", "")], "1 thing to check: Public URL"),
            ([("Public URL", "ok", "", "")], False),
        ):
            self.patch(
                Check,
                "_get_findings",
                lambda _self, verdict=findings: verdict,
            )
            words = Settings.default_get(["mail_tracking_to_check"])
            self.assertEqual(words["mail_tracking_to_check"] or False, expected)

    def test_real_pixel(self):
        """The URL that is loaded is one that the route answers."""
        self.set_address(self.base_url())
        with self.allow_requests(all_requests=True):
            verdict = self.env["mail.tracking.check"]._try_pixel(self.base_url())
        self.assertEqual(verdict[0], "ok")

    def test_several_databases(self):
        self.answer()
        names = patch.object(address.http, "db_list", lambda **_kw: ["a", "b"])
        with names, patch.dict(config.options, {"server_wide_modules": ["base"]}):
            self.assertFound("Database", "warning", "--load")
        loaded = {"server_wide_modules": ["base", "mail_activity_tracking"]}
        with names, patch.dict(config.options, loaded):
            self.assertFound("Database", "ok")

    def test_jobs(self):
        self.answer()
        with patch.dict(config.options, {"max_cron_threads": 0}):
            self.assertFound("Scheduled Actions", "error", "--max-cron-threads")
        with patch.dict(config.options, {"max_cron_threads": 2}):
            self.assertFound("Scheduled Actions", "ok")
            cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
            cron.active = False
            self.assertFound("Scheduled Actions", "error", cron.name)

    def test_image_switched_off(self):
        self.answer()
        self.assertNotIn("Track Opens", self.findings())
        self.env["ir.config_parameter"].set_param(
            "mail_activity_tracking.tracking_img_disabled", "True"
        )
        self.assertFound("Track Opens", "warning")

    def test_bounce_address(self):
        self.answer()
        self.env.companies.alias_domain_id = False
        self.assertFound("Bounce Address", "warning", "alias domain")
        self.env.companies.alias_domain_id = self.mail_alias_domain
        self.assertFound("Bounce Address", "ok", self.mail_alias_domain.bounce_email)

    def test_incoming(self):
        self.answer()
        self.assertFound("Incoming Email", "warning", "No incoming mail server")
        self.env["fetchmail.server"].create({"name": "POP", "state": "done"})
        self.assertFound("Incoming Email", "warning", "no report or reply")
        tracking = self.trackings_of(self.post(self.alice))
        tracking._add_events({"event_type": "delivered", "source": "dsn"})
        self.assertFound("Incoming Email", "ok", "last report")

    def test_servers(self):
        self.answer()
        name = "Outgoing Mail Server: Test server"
        with sending():
            self.assertFound(name, "warning", "does not support delivery reports")
        self.mail_server.smtp_port = 1
        with sending():
            self.assertFound(
                name, "error", "Connection to the mail server failed", "Test Connection"
            )
            self.assertNotIn("Errno", self.findings()[name][1])
        self.mail_server.tracking_provider = "mailgun"
        self.assertFound(name, "error", "Mailgun", "key")
        self.env["ir.config_parameter"].set_param(KEY, "secret")
        self.assertFound(name, "ok", "Mailgun")
        self.mail_server.active = False
        self.assertFound("Outgoing Mail Server", "warning", "No outgoing mail server")

    def test_server_that_offers_reports(self):
        self.answer()
        name = "Outgoing Mail Server: Test server"

        server = DsnServer().start()
        self.addCleanup(server.stop)
        self.mail_server.smtp_port = server.port
        with sending():
            self.assertFound(name, "warning", "not requested")
            self.mail_server.dsn_request = "all"
            self.assertFound(name, "ok")
        self.assertEqual(self.mail_server.dsn_offer, "yes")

    def test_webhooks(self):
        self.answer()
        name = "Webhook: Mailgun"
        self.assertNotIn(name, self.findings())
        self.env["ir.config_parameter"].set_param(KEY, "secret")
        self.assertFound(name, "warning", "/mail/tracking/webhook/mailgun/")
        stored = self.env["mail.tracking.webhook"].create(
            {
                "provider": "mailgun",
                "received_at": fields.Datetime.now() - timedelta(hours=1),
                "request_key": "1",
            }
        )
        self.assertFound(name, "error", "1 webhook requests are pending")
        stored.state = "done"
        self.assertFound(name, "ok", "last request was received")

    def test_webhook_requests_that_wait(self):
        self.assertFound("Webhook Requests", "ok", "All requests")
        waiting = self.env["mail.tracking.webhook"].create(
            {
                "provider": "mailgun",
                "received_at": fields.Datetime.now(),
                "request_key": "waiting",
            }
        )
        self.assertFound("Webhook Requests", "ok", "waiting since")
        waiting.received_at -= timedelta(minutes=20)
        self.assertFound("Webhook Requests", "warning", "--max-cron-threads")
        waiting.state = "done"
        self.assertFound("Webhook Requests", "ok", "All requests")

    def test_size_is_an_estimate(self):
        """Three queries, which read no trackings but the waiting ones."""
        self.Tracking.search([("state", "=", "waiting")]).state = "sent"
        self.assertFound("Size", "ok", "Tracking events: about")
        self.assertNotIn("oldest", self.findings()["Size"][1])
        values = {"recipient": "a@example.com", "state_time": "2026-01-02 10:00:00"}
        self.Tracking.create(values)
        self.assertFound("Size", "ok", "The oldest email", "2026")
        # An email that is tried again waits from then on, whenever it was created.
        self.Tracking.create({**values, "state_time": "2025-01-02 10:00:00"})
        self.assertFound("Size", "ok", "The oldest email", "2025")
        self.env.flush_all()
        with self.assertQueryCount(3):
            list(self.env["mail.tracking.check"]._check_load())

    def test_size_with_partitions(self):
        """Events of former months are in tables of their own, each below the last."""
        self.env.cr.execute(
            """
            CREATE TABLE event_of_may () INHERITS (mail_tracking_event);
            CREATE TABLE event_of_april () INHERITS (event_of_may);
            INSERT INTO event_of_april
                   (id, tracking_email_id, attempt, event_type, source, time)
            SELECT -i, 0, 1, 'sent', 'smtp', now() FROM generate_series(1, 12345) i;
            ANALYZE event_of_april
            """
        )
        [events] = re.findall(r"events: about (\d+) rows", self.findings()["Size"][1])
        self.assertGreaterEqual(int(events), 12345)
