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

    def test_events_without_an_id(self):
        """Events without an id are told apart by their content."""
        items = [
            self.item(event, id=None, timestamp=None, **{"user-variables": variables})
            for event in ("delivered", "opened")
            for variables in ({"odoo-tracking": REFERENCE}, {})
        ]
        keys = {
            report.idempotency_key("mailgun")
            for item in items
            for report in self.reports_in(item)
        }
        self.assertEqual(len(keys), 4)

    def test_changed_byte(self):
        """The body is not signed, so a token is accepted only once."""
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
        key = f"event-1 {NOW_SECONDS} alice@example.com"
        self.assertReport(item, event_type=event, key=key, **values)

    def test_documented_events(self):
        def client(agent, **values):
            return {"client-info": {"user-agent": agent, **values}}

        def failed(severity, reason="generic", **status):
            return self.item(
                "failed",
                severity=severity,
                reason=reason,
                **{"delivery-status": status},
            )

        gmail = "x (via ggpht.com GoogleImageProxy)"
        self.assertEvents(
            [
                (
                    self.item(
                        "delivered",
                        **{
                            "delivery-status": {
                                "code": 250,
                                "message": "OK",
                                "mx-host": "mx.example.com",
                            }
                        },
                    ),
                    "delivered",
                    {"diagnostic": "250 OK", "server": "mx.example.com"},
                ),
                (
                    failed(
                        "permanent",
                        "bounce",
                        code=550,
                        message="5.1.1 No such user",
                        **{"enhanced-code": "5.1.1"},
                    ),
                    "hard_bounce",
                    {
                        "error_type": "address_unknown",
                        "diagnostic": "550 5.1.1 No such user",
                    },
                ),
                (
                    failed("permanent"),
                    "hard_bounce",
                    {"error_type": "mail_bounce"},
                ),
                (
                    failed("temporary", code=451, description="Try later"),
                    "deferral",
                    {"diagnostic": "451 Try later"},
                ),
                (
                    self.item("opened", **client("Thunderbird", bot="")),
                    "open",
                    {"evidence": "human", "agent": "Thunderbird", "is_bot": False},
                ),
                (
                    self.item("opened", **client("Thunderbird")),
                    "open",
                    {"evidence": "human", "agent": "Thunderbird"},
                ),
                (
                    self.item("opened", **client("Thunderbird", bot="generic")),
                    "open",
                    {"evidence": "machine", "agent": "Thunderbird", "is_bot": True},
                ),
                (
                    self.item("opened", **client("Mozilla/5.0", bot="apple")),
                    "open",
                    {"evidence": "machine", "agent": "Mozilla/5.0", "is_bot": True},
                ),
                (
                    # Loaded for a reader, or in advance: its name tells.
                    self.item("opened", **client(gmail, bot="gmail")),
                    "open",
                    {"evidence": "proxy", "agent": gmail},
                ),
                (
                    self.item("clicked", **client("Thunderbird", bot="generic")),
                    "click",
                    {"agent": "Thunderbird", "is_bot": True},
                ),
                (self.item("complained"), "spam", {}),
                (self.item("unsubscribed"), "unsub", {}),
                (self.item("accepted"), "other", {"diagnostic": "accepted"}),
                (self.item("stored"), "other", {"diagnostic": "stored"}),
                (self.item("teleported"), "other", {"diagnostic": "teleported"}),
            ]
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

    def test_mail_that_was_not_tried_by_its_code(self):
        for code, error_type in (
            (605, "mail_bl"),
            (606, "mail_optout"),
            (607, "mail_bl"),
        ):
            words = "Not delivering to who marked your messages as spam"
            item = self.item("failed", severity="permanent", reason="hardfail")
            item["event-data"]["delivery-status"] = {"code": code, "description": words}
            report = self.reports_in(item)[0]
            self.assertEqual(report.event_type, "reject")
            self.assertEqual(report.error_type, error_type)

    def rejected(self, to):
        """Return a rejection by Mailgun, in which only the headers name a recipient."""
        item = self.item("rejected", reject={"reason": "Sandbox", "description": "No"})
        item["event-data"].pop("recipient")
        item["event-data"]["message"]["headers"]["to"] = to
        return item

    def test_rejected(self):
        self.assertEvent(
            self.rejected("Alice <alice@example.com>"),
            "reject",
            error_type="policy",
            diagnostic="Sandbox No",
        )

    def test_rejected_for_the_account(self):
        item = self.rejected("alice@example.com")
        item["event-data"]["reject"] = {"reason": "Customer account is disabled"}
        self.assertEvent(
            item,
            "reject",
            error_type="policy",
            diagnostic="Customer account is disabled",
        )

    def test_rejected_for_several(self):
        reports = self.reports_in(self.rejected("alice@example.com, B <b@example.com>"))
        recipients = [report.recipient for report in reports]
        self.assertEqual(recipients, ["alice@example.com", "b@example.com"])
        keys = {report.idempotency_key("mailgun") for report in reports}
        self.assertEqual(len(keys), 2)

    def test_requests_about_no_mail(self):
        uploaded = {"event": "list_uploaded", "id": "1", "timestamp": NOW_SECONDS}
        self.assertIgnored(
            self.signed(self.key, NOW_SECONDS),
            {**self.signed(self.key, NOW_SECONDS), "event-data": uploaded},
        )

    def test_unreadable(self):
        nobody = self.item("delivered")
        del nobody["event-data"]["recipient"]
        severe = self.item("failed", severity="strange")
        self.assertUnreadable(nobody, severe)
