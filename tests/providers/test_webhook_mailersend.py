import hashlib
import hmac

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

    def test_events_about_no_mail(self):
        self.assertIgnored(
            {"type": "sender_identity.verified", "data": {"id": "x"}},
            {"type": "maintenance.start", "data": None},
            {"type": "inbound_forward.failed", "data": {}},
            {"type": "bulk_email.completed", "data": {}},
        )

    def test_reference_in_a_header(self):
        name = "x-odoo-mail-tracking-reference"
        headers = [{"name": name, "value": REFERENCE}]
        item = self.item("sent", {"tags": None, "headers": headers})
        self.assertEvent(item, "sent")

    def test_mail_of_somebody_else(self):
        item = self.item("sent", {"tags": ["theirs"]})
        self.assertEvent(item, "sent", reference="")
