import hashlib
import hmac
import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..helpers.webhook_case import (
    CONTROLLER,
    NOW_SECONDS,
    REFERENCE,
    AdapterCase,
    WebhookCase,
    WebhookSecurityCase,
)


@tagged("post_install", "-at_install")
class TestWebhookMailgun(WebhookSecurityCase, AdapterCase, WebhookCase):
    provider = "mailgun"
    key = "key-of-the-mailgun-account"
    signs_body = False  # only a token, which is good once
    window = 24 * 3600

    def item(self, event, **values):
        return {
            "event-data": {
                "event": event,
                "id": "event-1",
                "recipient": "alice@example.com",
                "timestamp": NOW_SECONDS,
                "user-variables": {"odoo-tracking": REFERENCE},
                "message": {"headers": {"message-id": "1@example.com"}},
                **values,
            }
        }

    def signed(self, key, now, place="signature"):
        signature = hmac.new(
            key.encode(), f"{now}token-1".encode(), hashlib.sha256
        ).hexdigest()
        return {
            place: {"timestamp": str(now), "token": "token-1", "signature": signature}
        }

    def payload(self):
        return self.payload_at(NOW_SECONDS)

    def payload_at(self, now):
        return json.dumps(
            {**self.signed(self.key, now), **self.item("delivered")}
        ).encode()

    def sign(self, body, key, now):
        return {}  # it is in the body

    def test_bad_key(self):
        body = {**self.signed("another", NOW_SECONDS), **self.item("delivered")}
        self.assertRefused(json.dumps(body).encode())

    def test_rotation(self):
        self.set_keys(f" another , {self.key} ")
        self.assertEqual(self.post(), 200)
        self.assertEqual(len(self.stored()), 1)

    def unsigned(self):
        return json.dumps(self.item("delivered")).encode(), {}

    def test_broken_signature(self):
        for value in (None, [], "x", {"timestamp": "x"}, {**self.signed("x", 0)}):
            body = {"signature": value, **self.item("delivered")}
            self.assertRefused(json.dumps(body).encode(), {})

    def test_changed_byte(self):
        """The body is not signed: what matters is that a token is good once."""
        body = self.payload()
        self.assertEqual(self.post(body), 200)
        self.assertEqual(self.post(body.replace(b"delivered", b"complained")), 200)
        self.assertEqual(len(self.stored()), 1)
        self.assertIn("delivered", self.stored().body)

    def test_subaccount(self):
        body = {
            **self.signed("key of the subaccount", NOW_SECONDS),
            **self.signed(self.key, NOW_SECONDS, place="parent-signature"),
            **self.item("delivered"),
        }
        self.assertEqual(self.post(json.dumps(body).encode()), 200)

    def test_a_token_is_good_once_wherever_it_stands(self):
        good = self.signed(self.key, NOW_SECONDS)["signature"]
        self.assertEqual(self.post(), 200)
        for other in ({"token": "x"}, {"timestamp": "1", "signature": "", "token": ""}):
            body = {
                "signature": other,
                "parent-signature": good,
                **self.item("complained"),
            }
            with mute_logger(CONTROLLER):  # refused, or known
                self.post(json.dumps(body).encode())
        self.assertEqual(len(self.stored()), 1)
        self.assertIn("delivered", self.stored().body)

    def test_a_token_is_not_cut(self):
        """1795341600 and e0a1 are signed like 1795341600e0 and a1: a number too."""
        token = "e0a1"
        signed = f"{NOW_SECONDS}{token}".encode()
        signature = hmac.new(self.key.encode(), signed, hashlib.sha256).hexdigest()
        body = {
            "signature": {
                "timestamp": f"{NOW_SECONDS}e0",
                "token": "a1",
                "signature": signature,
            },
            **self.item("delivered"),
        }
        self.assertRefused(json.dumps(body).encode())

    # === EVENTS ===#
    def assertEvent(self, item, event, **values):
        key = f"event-1 {NOW_SECONDS}"
        self.assertReport(item, event_type=event, key=key, **values)

    def test_delivered(self):
        status = {"code": 250, "message": "OK", "mx-host": "mx.example.com"}
        self.assertEvent(
            self.item("delivered", **{"delivery-status": status}),
            "delivered",
            diagnostic="250 OK",
            server="mx.example.com",
        )

    def test_permanent_failure(self):
        status = {"code": 550, "message": "5.1.1 No such user"}
        status["enhanced-code"] = "5.1.1"
        self.assertEvent(
            self.item("failed", severity="permanent", **{"delivery-status": status}),
            "hard_bounce",
            error_type="address_unknown",
            diagnostic="550 5.1.1 No such user",
        )
        self.assertEvent(
            self.item("failed", severity="permanent"),
            "hard_bounce",
            error_type="mail_bounce",
        )

    def test_temporary_failure(self):
        status = {"code": 451, "description": "Try later"}
        self.assertEvent(
            self.item("failed", severity="temporary", **{"delivery-status": status}),
            "deferral",
            diagnostic="451 Try later",
        )

    def test_failures_by_reason(self):
        for reason, event, error_type in (
            ("suppress-bounce", "reject", "mail_bl"),
            ("suppress-complaint", "reject", "mail_bl"),
            ("suppress-unsubscribe", "reject", "mail_optout"),
            ("old", "soft_bounce", "timeout"),
        ):
            item = self.item("failed", severity="permanent", reason=reason)
            self.assertEvent(item, event, error_type=error_type)

    def test_rejected(self):
        item = self.item("rejected", reject={"reason": "Not verified"})
        self.assertEvent(item, "reject", error_type="policy", diagnostic="Not verified")

    def test_opened(self):
        for agent, evidence in (
            ("Thunderbird", ("human", "mail_program")),
            ("Mozilla/5.0", ("machine", "apple_privacy")),
            ("x (via ggpht.com GoogleImageProxy)", ("proxy", "image_proxy")),
        ):
            for given, event in (("opened", "open"), ("clicked", "click")):
                client = {"user-agent": agent, "bot": ""}
                item = self.item(given, **{"client-info": client})
                self.assertReadBy(item, event, *evidence)
                client["bot"] = "generic"
                self.assertReadBy(item, event, "machine", "provider")

    def test_signs_of_reading(self):
        for given, event in (
            ("clicked", "click"),
            ("complained", "spam"),
            ("unsubscribed", "unsub"),
        ):
            self.assertEvent(self.item(given), event)

    def test_others_are_kept(self):
        for given in ("accepted", "stored", "teleported"):
            self.assertEvent(self.item(given), "other", diagnostic=given)
