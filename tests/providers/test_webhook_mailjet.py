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

    def test_sent_is_delivered(self):
        item = self.item("sent", smtp_reply="250 OK")
        self.assertEvent(item, "delivered", diagnostic="250 OK")

    def test_bounces(self):
        values = {"error_related_to": "recipient", "error": "user unknown"}
        self.assertEvent(
            self.item("bounce", hard_bounce=True, blocked=False, **values),
            "hard_bounce",
            error_type="address_unknown",
            diagnostic="user unknown",
        )
        self.assertEvent(
            self.item("bounce", hard_bounce=False, comment="552 full"),
            "soft_bounce",
            error_type="too_big",
            diagnostic="552 full",
        )
        self.assertEvent(
            self.item("bounce", hard_bounce=False),
            "soft_bounce",
            error_type="mail_bounce",
        )
        self.assertEvent(
            self.item("bounce", hard_bounce=False, error="greylisted"),
            "deferral",
            diagnostic="greylisted",
        )

    def test_blocked(self):
        for error, error_type in (
            ("preblocked", "mail_bl"),
            ("quota exceeded", "mailbox_full"),
            ("typofix", "mail_email_invalid"),
            ("content blocked", "mail_spam"),
            ("sender blocked", "policy"),
        ):
            item = self.item("blocked", error=error)
            self.assertEvent(item, "reject", error_type=error_type, diagnostic=error)

    def test_signs_of_reading(self):
        item = self.item("open", agent="Thunderbird", ip="127.0.0.1")
        self.assertReadBy(item, "open", "human", "mail_program")
        for given, event in (("click", "click"), ("spam", "spam"), ("unsub", "unsub")):
            self.assertEvent(self.item(given), event)

    def test_others_are_kept(self):
        self.assertEvent(self.item("teleported"), "other", diagnostic="teleported")
