from odoo.tests import tagged

from ..helpers.password_security_case import PasswordSecurityCase
from ..helpers.webhook_case import NOW_SECONDS, REFERENCE, AdapterCase, WebhookCase


@tagged("post_install", "-at_install")
class TestWebhookMailjet(PasswordSecurityCase, AdapterCase, WebhookCase):
    provider = "mailjet"

    def item(self, event, **values):
        return {
            "event": event,
            "time": NOW_SECONDS,
            "MessageID": 19421777835146490,
            "email": "alice@example.com",
            "CustomID": REFERENCE,
            "Payload": "",
            **values,
        }

    def assertEvent(self, item, event, **values):
        self.assertReport(item, event_type=event, key="", **values)

    def test_documented_events(self):
        unknown = {"error_related_to": "recipient", "error": "user unknown"}
        self.assertEvents(
            [
                (
                    self.item("sent", smtp_reply="250 OK"),
                    "delivered",
                    {"diagnostic": "250 OK"},
                ),
                (
                    self.item("bounce", hard_bounce=True, blocked=False, **unknown),
                    "hard_bounce",
                    {"error_type": "address_unknown", "diagnostic": "user unknown"},
                ),
                (
                    self.item("bounce", hard_bounce=False, comment="552 5.3.4 size"),
                    "soft_bounce",
                    {"error_type": "too_big", "diagnostic": "552 5.3.4 size"},
                ),
                (
                    self.item("bounce", hard_bounce=False),
                    "soft_bounce",
                    {"error_type": "mail_bounce"},
                ),
                (
                    self.item("bounce", hard_bounce=False, error="greylisted"),
                    "deferral",
                    {"diagnostic": "greylisted"},
                ),
                (
                    self.item("open", agent="Thunderbird", ip="127.0.0.1"),
                    "open",
                    {"evidence": "human", "agent": "Thunderbird"},
                ),
                (
                    self.item("click", agent="Thunderbird", url="x"),
                    "click",
                    {"agent": "Thunderbird"},
                ),
                (self.item("spam", source="JMRPP"), "spam", {}),
                (self.item("unsub", mj_list_id=1), "unsub", {}),
                (self.item("teleported"), "other", {"diagnostic": "teleported"}),
            ]
        )

    def test_documented_errors(self):
        for error, error_type in (
            ("user unknown", "address_unknown"),
            ("mailbox inactive", "mailbox_disabled"),
            ("quota exceeded", "mailbox_full"),
            ("blacklisted", "mail_bl"),
            ("spam reporter", "mail_bl"),
            ("invalid domain", "domain_unknown"),
            ("no mail host", "domain_unknown"),
            ("relay/access denied", "policy"),
            ("relay denied", "policy"),
            ("typofix", "mail_email_invalid"),
            ("bad or empty template", "content_refused"),
            ("sender blocked", "blocklisted"),
            ("content blocked", "mail_spam"),
            ("policy issue", "policy"),
            ("system issue", "server_problem"),
            ("protocol issue", "server_problem"),
            ("connection issue", "timeout"),
            ("preblocked", "mail_bl"),
            ("duplicate in campaign", "mail_dup"),
            ("something new", "policy"),
        ):
            with self.subTest(error=error):
                item = self.item("blocked", error=error)
                expected = {"error_type": error_type, "diagnostic": error}
                self.assertEvent(item, "reject", **expected)
        for area, event, error_type in (
            ("content", "reject", "content_refused"),
            ("spam", "reject", "mail_spam"),
            ("system", "soft_bounce", "server_problem"),
            ("recipient", "hard_bounce", "mail_bounce"),
        ):
            with self.subTest(area=area):
                item = self.item("bounce", hard_bounce=True, error_related_to=area)
                self.assertEvent(item, event, error_type=error_type)
