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

    def test_on_its_way(self):
        self.assertEvent(self.item("sent"), "sent")
        self.assertEvent(self.item("delivered"), "delivered")
        self.assertEvent(self.item("deferred"), "deferral")

    def test_bounces(self):
        for kind, event in (
            ("soft_bounced", "soft_bounce"),
            ("hard_bounced", "hard_bounce"),
        ):
            morph = {"object": "recipient_bounce", "reason": "Host not found"}
            self.assertEvent(
                self.item(kind, morph=morph),
                event,
                error_type="mail_bounce",
                diagnostic="Host not found",
            )

    def test_signs_of_reading(self):
        for kind in ("opened", "opened_unique"):
            self.assertReadBy(self.item(kind), "open", "human", None)
        item = self.item("clicked", morph={"user_agent": "Thunderbird"})
        self.assertReadBy(item, "click", "human", "mail_program")
        for kind in ("clicked", "clicked_unique"):
            self.assertEvent(self.item(kind), "click")
        self.assertEvent(self.item("spam_complaint"), "spam")
        morph = {"reason": "option_3", "readable_reason": "Too many"}
        item = self.item("unsubscribed", morph=morph)
        self.assertEvent(item, "unsub", diagnostic="Too many")

    def test_others_are_kept(self):
        item = self.item("teleported")
        self.assertEvent(item, "other", diagnostic="activity.teleported")

    def test_reference_in_a_header(self):
        name = "x-odoo-mail-tracking-reference"
        headers = [{"name": name, "value": REFERENCE}]
        item = self.item("sent", {"tags": None, "headers": headers})
        self.assertEvent(item, "sent")

    def test_mail_of_somebody_else(self):
        item = self.item("sent", {"tags": ["theirs"]})
        self.assertEvent(item, "sent", reference="")
