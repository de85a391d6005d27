import hashlib
import hmac
import json

from odoo.tests import tagged

from ..helpers.webhook_case import (
    REFERENCE,
    AdapterCase,
    WebhookCase,
    WebhookSecurityCase,
)


@tagged("post_install", "-at_install")
class TestWebhookMailersend(WebhookSecurityCase, AdapterCase, WebhookCase):
    provider = "mailersend"
    key = "signing secret"

    def sign(self, body, key, now):
        return {"Signature": hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}

    def item(self, kind, email=None, **values):
        return {
            "type": f"activity.{kind}",
            "created_at": "2026-11-22T10:00:03.500000Z",
            "data": {
                "object": "activity",
                "id": "event-1",
                "type": kind,
                "created_at": "2026-11-22T10:00:00.000000Z",
                "email": {
                    "tags": ["theirs", REFERENCE],
                    "message": {"id": "message-1"},
                    "recipient": {"email": "alice@example.com"},
                    **(email or {}),
                },
                "morph": None,
                **values,
            },
        }

    def assertEvent(self, item, event, **values):
        self.assertReport(item, event_type=event, key="event-1", **values)

    def test_documented_events(self):
        bounced = {"object": "recipient_bounce", "reason": "Host not found"}
        left = {"reason": "option_3", "readable_reason": "Too many"}
        self.assertEvents(
            [
                (self.item("sent"), "sent", {}),
                (self.item("delivered"), "delivered", {}),
                (self.item("deferred"), "deferral", {}),
                (
                    self.item("soft_bounced", morph=bounced),
                    "soft_bounce",
                    {"error_type": "domain_unknown", "diagnostic": "Host not found"},
                ),
                (
                    self.item("hard_bounced", morph={"reason": "550 5.1.1 unknown"}),
                    "hard_bounce",
                    {
                        "error_type": "address_unknown",
                        "diagnostic": "550 5.1.1 unknown",
                    },
                ),
                (self.item("opened"), "open", {"evidence": "human"}),
                (self.item("opened_unique"), "open", {"evidence": "human"}),
                (self.item("clicked", morph={"object": "click"}), "click", {}),
                (self.item("clicked_unique"), "click", {}),
                (self.item("spam_complaint"), "spam", {}),
                (
                    self.item("unsubscribed", morph=left),
                    "unsub",
                    {"diagnostic": "Too many"},
                ),
                (
                    self.item("survey_opened"),
                    "other",
                    {"diagnostic": "activity.survey_opened"},
                ),
            ]
        )

    def short(self, kind, **values):
        """Return an event of a webhook of version 2."""
        return {
            "type": f"activity.{kind}",
            "created_at": "2026-11-22T10:00:00.000000Z",
            "data": {
                "id": "event-1",
                "message_id": "message-1",
                "recipient": "alice@example.com",
                "tags": ["theirs", REFERENCE],
                "meta": [],
                **values,
            },
        }

    def test_events_of_version_2(self):
        full = {"bounce_reason": "Mailbox full", "bounce_code": 452}
        gone = {"bounce_reason": "Host or domain name not found", "bounce_code": "550"}
        unclear = {"bounce_reason": "Unknown reason", "bounce_code": "550"}
        agent = {"user_agent": "Thunderbird", "ip": "192.0.2.1"}
        self.assertEvents(
            [
                (self.short("sent"), "sent", {}),
                (self.short("delivered", meta=None), "delivered", {}),
                (self.short("deferred"), "deferral", {}),
                (
                    self.short("soft_bounced", meta=full),
                    "soft_bounce",
                    {"error_type": "mailbox_full", "diagnostic": "452 Mailbox full"},
                ),
                (
                    self.short("soft_bounced", meta=unclear),
                    "soft_bounce",
                    {"error_type": "mail_bounce", "diagnostic": "550 Unknown reason"},
                ),
                (
                    self.short("hard_bounced", meta=gone),
                    "hard_bounce",
                    {
                        "error_type": "domain_unknown",
                        "diagnostic": "550 Host or domain name not found",
                    },
                ),
                (
                    self.short("suppressed", meta={"suppression_reason": "on_hold"}),
                    "reject",
                    {"error_type": "mail_bl", "diagnostic": "on_hold"},
                ),
                (
                    self.short(
                        "suppressed", meta={"suppression_reason": "unsubscribed"}
                    ),
                    "reject",
                    {"error_type": "mail_optout", "diagnostic": "unsubscribed"},
                ),
                (
                    self.short("opened", meta=agent),
                    "open",
                    {"evidence": "human", "agent": "Thunderbird"},
                ),
                (self.short("clicked", meta=agent), "click", {"agent": "Thunderbird"}),
                (self.short("spam_complaint"), "spam", {}),
                (
                    self.short("unsubscribed", meta={"unsubscribe_reason": "NO_USE"}),
                    "unsub",
                    {"diagnostic": "NO_USE"},
                ),
            ]
        )

    def test_address_under_another_name(self):
        item = self.short("sent", recipient=None, email="alice@example.com")
        self.assertEvent(item, "sent")

    def test_trial_of_a_new_webhook(self):
        """It comes before there is a secret, signed with a public one."""
        trial = json.dumps({"type": "webhook.test", "message": "A test"}).encode()
        for key in (self.key, False):
            self.set_keys(key)
            self.assertEqual(self.post(trial, key="public"), 200)
        for body in (
            json.dumps({"type": "webhook.test", "message": "x" * 1_000}).encode(),
            b'["webhook.test"]',
            b"webhook.test",
        ):
            self.assertEqual(self.post(body, key="public"), 404)
        self.assertFalse(self.stored())

    def test_events_about_no_mail(self):
        self.assertIgnored(
            {"type": "sender_identity.verified", "data": {"id": "x"}},
            {"type": "maintenance.start", "data": None},
            {"type": "inbound_forward.failed", "data": {}},
            {"type": "bulk_email.completed", "data": {}},
            {"type": "webhook.test", "message": "This is a test"},
        )

    def test_reference_in_a_header(self):
        name = "x-odoo-mail-tracking-reference"
        headers = [{"name": name, "value": REFERENCE}]
        item = self.item("sent", {"tags": None, "headers": headers})
        self.assertEvent(item, "sent")

    def test_mail_of_somebody_else(self):
        item = self.item("sent", {"tags": ["theirs"]})
        self.assertEvent(item, "sent", reference="")
