import base64
import hashlib
import hmac
import json
from urllib.parse import quote, urlencode

from odoo.tests import tagged

from ..helpers.webhook_case import (
    NOW_SECONDS,
    REFERENCE,
    AdapterCase,
    WebhookCase,
    WebhookSecurityCase,
)


@tagged("post_install", "-at_install")
class TestWebhookZeptomail(WebhookSecurityCase, AdapterCase, WebhookCase):
    provider = "zeptomail"
    key = "authentication key"

    def sign(self, body, key, now):
        digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
        coded = quote(base64.b64encode(digest).decode(), safe="")
        signature = f"ts={now * 1000};s={coded};s-algorithm=HmacSHA256"
        return {"producer-signature": signature}

    def test_form(self):
        content = json.dumps(self.item("hardbounce", subject="100 % & é")).encode()
        body = urlencode({"data": content.decode()}).encode()
        headers = self.sign(content, self.key, NOW_SECONDS)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.assertEqual(self.post(body, headers), 200)
        (report,) = self.read_anything(self.stored().body.encode())
        self.assertEqual(report.event_type, "hard_bounce")
        changed = body.replace(b"alice", b"alina")
        self.stored().sudo().unlink()
        self.assertRefused(changed, headers)

    def test_authorization(self):
        """The authentication that newer settings pages offer."""
        headers = {"Authorization": f"Bearer {self.key}"}
        self.assertEqual(self.post(headers=headers), 200)
        self.stored().sudo().unlink()
        self.assertRefused(headers={"Authorization": "Bearer another"})

    # === EVENTS ===#
    def item(self, name, details=None, to=("alice@example.com",), **info):
        addressed = [{"email_address": {"address": one, "name": ""}} for one in to]
        message = {
            "email_info": {
                "client_reference": REFERENCE,
                "email_reference": "2518b.ref",
                "is_smtp_trigger": True,
                "from": {"address": "me@example.com"},
                "to": addressed,
                "processed_time": "2026-11-22T10:00:00Z",
                "object": "email",
                **info,
            },
            "event_data": [{"object": name, "details": [details or {}]}],
            "request_id": "request-1",
        }
        return {
            "event_name": [name],
            "event_message": [message],
            "mailagent_key": "agent-1",
            "webhook_request_id": "webhook-1",
        }

    def assertEvent(self, item, event, **values):
        self.assertReport(item, event_type=event, key="", **values)

    def test_documented_events(self):
        bounced = {
            "reason": "unknown recipient",
            "bounced_recipient": "alice@example.com",
            "time": "2026-11-22T10:00:00+00:00",
            "diagnostic_message": "smtp; 550 5.1.1 User unknown",
        }
        expected = {
            "error_type": "address_unknown",
            "diagnostic": "unknown recipient smtp; 550 5.1.1 User unknown",
        }
        opened = {"time": "2026-11-22T10:00:00Z", "user_agent": "Thunderbird"}
        self.assertEvents(
            [
                (self.item("hardbounce", bounced), "hard_bounce", expected),
                (self.item("softbounce", bounced), "hard_bounce", expected),
                (
                    self.item("email_open", opened),
                    "open",
                    {"evidence": "human", "agent": "Thunderbird"},
                ),
                (
                    self.item("email_link_click", opened),
                    "click",
                    {"agent": "Thunderbird"},
                ),
                (self.item("feedback_loop"), "spam", {}),
                (self.item("Feedback loop"), "spam", {}),
                (self.item("delivered"), "delivered", {}),
                (self.item("teleported"), "other", {"diagnostic": "teleported"}),
            ]
        )

    def test_several_recipients(self):
        to = ("alice@example.com", "bob@example.com")
        for name, event, evidence in (
            ("email_open", "open", "shared"),
            ("email_link_click", "click", "shared"),
            ("feedback_loop", "other", None),
            ("delivered", "delivered", None),
        ):
            reports = self.reports_in(self.item(name, to=to))
            self.assertEqual(tuple(report.recipient for report in reports), to)
            self.assertEqual({report.event_type for report in reports}, {event})
            self.assertEqual({report.evidence for report in reports}, {evidence})
        # A bounce names the one who has not got it.
        bounced = {"bounced_recipient": "bob@example.com"}
        (report,) = self.reports_in(self.item("hardbounce", bounced, to=to))
        self.assertEqual(report.recipient, "bob@example.com")

    def test_unreadable(self):
        item = self.item("hardbounce")
        del item["event_message"][0]["email_info"]
        self.assertUnreadable(item, {"event_name": ["hardbounce"]})
