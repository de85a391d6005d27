from urllib.parse import urlencode

from odoo.tests import tagged

from ..helpers.password_security_case import PasswordSecurityCase
from ..helpers.webhook_case import REFERENCE, AdapterCase, WebhookCase

NAME = "X-Odoo-Mail-Tracking-Reference"


@tagged("post_install", "-at_install")
class TestWebhookSmtp2go(PasswordSecurityCase, AdapterCase, WebhookCase):
    provider = "smtp2go"

    def item(self, event, **values):
        return {
            "event": event,
            "time": "2026-11-22T10:00:00Z",
            "sendtime": "2026-11-22T09:59:58Z",
            "sender": "me@example.com",
            "rcpt": "alice@example.com",
            "email_id": "1er8bV-6Tw0Mi-7h",
            "subject": "Hello",
            "Message-Id": "<1@example.com>",
            NAME: REFERENCE,
            **values,
        }

    def assertEvent(self, item, event, **values):
        self.assertReport(item, event_type=event, key="", **values)

    def test_documented_events(self):
        agent = {"user-agent": "Thunderbird", "client": "Thunderbird", "read-secs": 5}
        bounced = {
            "host": "mx.example.com",
            "message": "550 5.1.1 No such user",
            "context": "RCPT TO",
        }
        expected = {
            "server": "mx.example.com",
            "error_type": "address_unknown",
            "diagnostic": "550 5.1.1 No such user RCPT TO",
        }
        self.assertEvents(
            [
                (self.item("processed"), "other", {"diagnostic": "processed"}),
                (
                    self.item("delivered", message="250 OK"),
                    "delivered",
                    {"diagnostic": "250 OK"},
                ),
                (
                    self.item("open", **agent),
                    "open",
                    {"evidence": "human", "agent": "Thunderbird"},
                ),
                (
                    self.item("click", url="x", **agent),
                    "click",
                    {"agent": "Thunderbird"},
                ),
                (
                    self.item("bounce", bounce="hard", **bounced),
                    "hard_bounce",
                    expected,
                ),
                # What the server has said counts, not what it is called.
                (
                    self.item("bounce", bounce="soft", **bounced),
                    "hard_bounce",
                    expected,
                ),
                (
                    self.item("bounce", bounce="hard"),
                    "hard_bounce",
                    {"error_type": "mail_bounce"},
                ),
                (
                    self.item("reject", message="550 suppressed"),
                    "reject",
                    {"error_type": "mail_bl", "diagnostic": "550 suppressed"},
                ),
                (self.item("spam"), "spam", {}),
                (self.item("unsubscribe"), "unsub", {}),
                (self.item("resubscribe"), "other", {"diagnostic": "resubscribe"}),
                (self.item("teleported"), "other", {"diagnostic": "teleported"}),
            ]
        )

    def test_where_the_reference_stands(self):
        lower = self.item("delivered", **{NAME.lower(): REFERENCE})
        del lower[NAME]
        self.assertEvent(lower, "delivered")
        # The header is not named in the settings of the webhook.
        without = self.item("delivered")
        del without[NAME]
        self.assertEvent(without, "delivered", reference="<1@example.com>")
        without["Message-Id"] = "1@example.com"
        self.assertEvent(without, "delivered", reference="<1@example.com>")

    def test_form(self):
        """Requests can also be forms, SMTP2GO's default."""
        body = urlencode(self.item("delivered", message="250 é")).encode()
        (report,) = self.read_anything(body)
        self.assertEqual(
            (report.event_type, report.reference), ("delivered", REFERENCE)
        )
        self.assertEqual(report.diagnostic, "250 é")
        headers = self.sign(body, self.key, 0)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.assertEqual(self.post(body, headers), 200)
        (stored,) = self.read_anything(self.stored().body.encode())
        self.assertEqual(stored, report)

    def test_several_recipients(self):
        item = self.item("processed", recipients=["a@example.com", "b@example.com"])
        del item["rcpt"]
        recipients = [report.recipient for report in self.reports_in(item)]
        self.assertEqual(recipients, ["a@example.com", "b@example.com"])

    def test_several_recipients_in_a_form(self):
        item = self.item("processed", recipients="a@example.com, b@example.com")
        del item["rcpt"]
        (one, two) = self.read_anything(urlencode(item).encode())
        self.assertEqual(
            [one.recipient, two.recipient], ["a@example.com", "b@example.com"]
        )

    def test_why_it_was_rejected(self):
        for words, error_type in (
            ("550 sender domain not verified", "mail_from_invalid"),
            ("550 the recipient has unsubscribed", "mail_optout"),
            ("550 spam complaint", "mail_bl"),
        ):
            item = self.item("reject", message=words)
            self.assertEvent(item, "reject", error_type=error_type, diagnostic=words)

    def test_headers_in_an_object(self):
        item = self.item("spam", custom_headers={NAME: REFERENCE})
        del item[NAME]
        self.assertEvent(item, "spam")

    def test_short_messages_are_no_mails(self):
        self.assertIgnored({"event": "delivered", "destination": "+4512345678"})
