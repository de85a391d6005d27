from odoo.tests import tagged

from ...providers.standard_webhooks import sign
from ..helpers.webhook_case import (
    REFERENCE,
    AdapterCase,
    WebhookCase,
    WebhookSecurityCase,
)


@tagged("post_install", "-at_install")
class TestWebhookResend(WebhookSecurityCase, AdapterCase, WebhookCase):
    provider = "resend"
    window = 300

    def sign(self, body, key, now):
        return {
            "svix-id": "msg_1",
            "svix-timestamp": str(int(now)),
            "svix-signature": sign(key, "msg_1", int(now), body),
        }

    def other_key(self):
        return "whsec_b3RoZXIgc2VjcmV0IG9mIHRoZSB0ZXN0cw=="

    def item(self, kind, **values):
        return {
            "type": kind,
            "created_at": "2026-11-22T10:00:00.000Z",
            "data": {
                "email_id": "00000000-0000-0000-0000-000000000000",
                "to": ["alice@example.com"],
                "headers": [
                    {"name": "X-Odoo-Mail-Tracking-Reference", "value": REFERENCE}
                ],
                **values,
            },
        }

    def assertEvent(self, item, event, **values):
        self.assertReport(item, event_type=event, key="", **values)

    def test_on_its_way(self):
        self.assertEvent(self.item("email.sent"), "sent")
        self.assertEvent(self.item("email.delivered"), "delivered")
        self.assertEvent(self.item("email.delivery_delayed"), "deferral")

    def test_bounces(self):
        for kind, event in (
            ("Permanent", "hard_bounce"),
            ("Transient", "soft_bounce"),
            ("Undetermined", "soft_bounce"),
        ):
            bounce = {"type": kind, "subType": "General", "message": "550 5.1.1 No"}
            self.assertEvent(
                self.item("email.bounced", bounce=bounce),
                event,
                error_type="address_unknown",
                diagnostic="550 5.1.1 No",
            )

    def test_rejections(self):
        item = self.item("email.failed", failed={"reason": "quota"})
        self.assertEvent(item, "reject", error_type="policy", diagnostic="quota")
        item = self.item("email.suppressed", suppressed={"message": "on the list"})
        self.assertEvent(item, "reject", error_type="policy", diagnostic="on the list")

    def test_signs_of_reading(self):
        item = self.item("email.opened", open={"userAgent": "Mozilla/5.0"})
        self.assertReadBy(item, "open", "machine", "apple_privacy")
        self.assertReadBy(self.item("email.opened"), "open", "human", None)
        item = self.item("email.clicked", click={"userAgent": "curl/8.5.0"})
        self.assertReadBy(item, "click", "machine", "library")
        self.assertEvent(self.item("email.clicked"), "click")
        self.assertEvent(self.item("email.complained"), "spam")

    def test_others_are_kept(self):
        item = self.item("email.scheduled")
        self.assertEvent(item, "other", diagnostic="email.scheduled")

    def test_several_recipients(self):
        """It is true of one of them, and nobody says of which."""
        item = self.item("email.bounced", to=["alice@example.com", "bob@example.com"])
        reports = self.reports_in(item)
        self.assertEqual([report.event_type for report in reports], ["other"] * 2)
        self.assertEqual([report.recipient for report in reports], item["data"]["to"])
