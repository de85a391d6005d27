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
        """Behind a proxy the request comes in under another one."""
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

    def test_on_its_way(self):
        self.assertEvent(self.item("send"), "sent")
        self.assertEvent(self.item("delivered"), "delivered")
        item = self.item("deferral", {"diag": "451 later"})
        self.assertEvent(item, "deferral", diagnostic="451 later")

    def test_failures(self):
        self.assertEvent(
            self.item("hard_bounce", {"bounce_description": "bad_mailbox"}),
            "hard_bounce",
            error_type="address_unknown",
            diagnostic="bad_mailbox",
        )
        self.assertEvent(
            self.item("soft_bounce", {"diag": "smtp;452 4.2.2 over quota"}),
            "soft_bounce",
            error_type="mailbox_full",
            diagnostic="smtp;452 4.2.2 over quota",
        )
        self.assertEvent(self.item("reject"), "reject", error_type="policy")

    def test_signs_of_reading(self):
        item = self.item("open", user_agent="Thunderbird")
        self.assertReadBy(item, "open", "human", "mail_program")
        item = self.item("click", user_agent="Twitterbot/1.0")
        self.assertReadBy(item, "click", "machine", "bot")
        for event in ("click", "spam", "unsub"):
            self.assertEvent(self.item(event), event)

    def test_others_are_kept(self):
        self.assertEvent(self.item("inbound"), "other", diagnostic="inbound")

    def test_synchronisation_is_no_event(self):
        item = {"type": "blacklist", "action": "add", "reject": {"email": "a@b.test"}}
        self.assertEqual(self.reports_in(item), [None])
