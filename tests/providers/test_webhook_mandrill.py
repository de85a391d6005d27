import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qsl, urlencode

from odoo.tests import tagged

from ..helpers.webhook_case import (
    NOW_SECONDS,
    REFERENCE,
    AdapterCase,
    WebhookCase,
    WebhookSecurityCase,
)


@tagged("post_install", "-at_install")
class TestWebhookMandrill(WebhookSecurityCase, AdapterCase, WebhookCase):
    provider = "mandrill"
    key = "key-of-the-webhook"

    def item(self, event, message=None, **values):
        return {
            "event": event,
            "_id": "event-1",
            "ts": NOW_SECONDS,
            "msg": {
                "email": "alice@example.com",
                "metadata": {"odoo-tracking": REFERENCE},
                **(message or {}),
            },
            **values,
        }

    def body_of(self, *items):
        return urlencode({"mandrill_events": json.dumps(items)}).encode()

    def payload(self):
        # Characters that a form writes in its own way.
        item = self.item("send", {"subject": "été + 100 % & more"})
        return self.body_of(item).replace(b"%40", b"@")

    def address(self):
        return self.env["mail.tracking.webhook"]._get_address("mandrill")

    def sign(self, body, key, now):
        fields = sorted(parse_qsl(body.decode(), keep_blank_values=True))
        signed = self.address() + "".join(name + value for name, value in fields)
        digest = hmac.new(key.encode(), signed.encode(), hashlib.sha1).digest()
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Mandrill-Signature": base64.b64encode(digest).decode(),
        }

    def test_signed_for_the_public_address(self):
        """Behind a proxy, the request has another URL."""
        self.env["ir.config_parameter"].set_param(
            "mail_activity_tracking.base_url", "https://odoo.example.com"
        )
        self.assertTrue(self.address().startswith("https://odoo.example.com/mail/"))
        self.assertEqual(self.post(), 200)
        (report,) = self.read_anything(self.stored().body.encode())
        self.assertEqual(report.event_type, "sent")
        self.assertEqual(report.recipient, "alice@example.com")

    # === EVENTS ===#
    def assertEvent(self, item, event, **values):
        key = f"event-1 {item['event']} {NOW_SECONDS}"
        self.assertReport(item, event_type=event, key=key, **values)

    def test_documented_events(self):
        parsed = {"type": "Email Client", "ua_family": "Thunderbird"}
        robot = {"type": "Robot", "ua_family": "Somebot"}
        tries = [{"diag": "450 first"}, {"diag": "451 4.3.5 later", "type": "deferred"}]
        self.assertEvents(
            [
                (self.item("send"), "sent", {}),
                (self.item("delivered"), "delivered", {}),
                (
                    self.item("deferral", {"diag": "451 later"}),
                    "deferral",
                    {"diagnostic": "451 later"},
                ),
                (
                    self.item("deferral", {"smtp_events": tries}),
                    "deferral",
                    {"diagnostic": "451 4.3.5 later"},
                ),
                (
                    self.item("hard_bounce", {"bounce_description": "bad_mailbox"}),
                    "hard_bounce",
                    {"error_type": "address_unknown", "diagnostic": "bad_mailbox"},
                ),
                (
                    self.item("hard_bounce", {"bounce_description": "invalid_domain"}),
                    "hard_bounce",
                    {"error_type": "domain_unknown", "diagnostic": "invalid_domain"},
                ),
                (
                    self.item(
                        "soft_bounce",
                        {
                            "bounce_description": "general",
                            "diag": "smtp;452 4.2.2 over quota",
                        },
                    ),
                    "soft_bounce",
                    {
                        "error_type": "mailbox_full",
                        "diagnostic": "smtp;452 4.2.2 over quota",
                    },
                ),
                (self.item("spam"), "spam", {}),
                (self.item("unsub"), "unsub", {}),
                (
                    self.item(
                        "open", user_agent="Thunderbird", user_agent_parsed=parsed
                    ),
                    "open",
                    {"evidence": "human", "agent": "Thunderbird", "is_bot": False},
                ),
                (
                    self.item("open", user_agent="Somebot", user_agent_parsed=robot),
                    "open",
                    {"evidence": "machine", "agent": "Somebot", "is_bot": True},
                ),
                (
                    self.item("click", user_agent="Thunderbird", url="x"),
                    "click",
                    {"agent": "Thunderbird"},
                ),
                (self.item("teleported"), "other", {"diagnostic": "teleported"}),
            ]
        )

    def test_names_of_bounces(self):
        """Both spellings are read, since the pages differ."""
        for event in ("hard_bounce", "soft_bounce"):
            for name in (event, event.replace("_", "-")):
                (report,) = self.reports_in(self.item(name))
                self.assertEqual(report.event_type, event)

    def test_rejections(self):
        for reject, error_type in (
            ("hard-bounce", "mail_bl"),
            ("soft-bounce", "mail_bl"),
            ("spam", "mail_bl"),
            ("custom", "mail_bl"),
            ("unsub", "mail_optout"),
            ("invalid", "mail_email_invalid"),
            ("invalid-sender", "mail_from_invalid"),
            ("unsigned", "sender_unverified"),
            ("test-mode-limit", "policy"),
            ("rule", "policy"),
        ):
            for value in (reject, {"reason": reject}):
                item = self.item("reject", {"reject": value})
                expected = {"error_type": error_type, "diagnostic": reject}
                self.assertEvent(item, "reject", **expected)
        self.assertEvent(
            self.item("reject", {"reject": None}), "reject", error_type="policy"
        )

    def test_events_about_no_mail(self):
        entry = {"email": "alice@example.com", "reason": "hard-bounce"}
        self.assertIgnored(
            {"type": "blacklist", "action": "add", "reject": entry, "ts": NOW_SECONDS},
            {"type": "whitelist", "action": "remove", "entry": {}},
            {"type": "denylist", "action": "change", "reject": entry},
            self.item("inbound", {"raw_msg": "x", "metadata": None}),
        )

    def test_what_is_posted_to_try_the_address(self):
        """The test is an empty list, signed with a public key."""
        body = urlencode({"mandrill_events": "[]"}).encode()
        self.assertEqual(self.read_anything(body), [])
        self.assertRefused(body, self.sign(body, "test-webhook", NOW_SECONDS))

    def test_mails_of_the_same_second(self):
        """Two mails have two events, even if Mandrill gives no id."""
        items = [
            self.item("send", {"email": "alice@example.com", **message}, _id=None)
            for message in (
                {},
                {"email": "bob@example.com"},
                {"_id": "7"},
                {"_id": "8"},
            )
        ]
        keys = {
            report.idempotency_key("mandrill") for report in self.reports_in(*items)
        }
        self.assertEqual(len(keys), 4)

    def test_batch_as_large_as_documented(self):
        """Each item of the largest batch is read."""
        body = self.body_of(*[self.item("send", {"subject": "é" * 200})] * 1000)
        self.assertGreater(len(body), 2**20)
        self.assertEqual(self.post(body), 200)
        self.assertEqual(len(self.read_anything(self.stored().body.encode())), 1000)
