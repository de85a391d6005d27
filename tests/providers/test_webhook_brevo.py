from odoo.tests import tagged

from ..helpers.password_security_case import PasswordSecurityCase
from ..helpers.webhook_case import NOW_SECONDS, REFERENCE, AdapterCase, WebhookCase


@tagged("post_install", "-at_install")
class TestWebhookBrevo(PasswordSecurityCase, AdapterCase, WebhookCase):
    provider = "brevo"

    def item(self, event, **values):
        return {
            "event": event,
            "email": "alice@example.com",
            "id": 26224,
            "date": "2026-11-22 11:00:00",
            "ts": NOW_SECONDS + 3600,
            "ts_event": NOW_SECONDS + 3600,
            "ts_epoch": NOW_SECONDS * 1000,
            "message-id": "<1@example.com>",
            "X-Mailin-custom": REFERENCE,
            **values,
        }

    def assertEvent(self, item, event, **values):
        # No id of the event: the same content is the same event.
        self.assertReport(item, event_type=event, key="", **values)

    def test_sent_and_delivered(self):
        self.assertEvent(self.item("request"), "other", diagnostic="request")
        self.assertEvent(self.item("delivered"), "delivered")
        item = self.item("deferred", reason="451 later")
        self.assertEvent(item, "deferral", diagnostic="451 later")

    def test_failures(self):
        for given, event, error_type in (
            ("hard_bounce", "hard_bounce", "mail_bounce"),
            ("soft_bounce", "soft_bounce", "mail_bounce"),
            ("invalid_email", "hard_bounce", "mail_email_invalid"),
            ("blocked", "reject", "mail_bl"),
            ("error", "reject", "policy"),
        ):
            self.assertEvent(self.item(given), event, error_type=error_type)
        self.assertEvent(
            self.item("hard_bounce", reason="550 5.1.1 unknown"),
            "hard_bounce",
            error_type="address_unknown",
            diagnostic="550 5.1.1 unknown",
        )

    def test_opened(self):
        for given, evidence in (
            ("opened", ("human", None)),
            ("unique_opened", ("human", None)),
            ("proxy_open", ("machine", "provider")),
            ("unique_proxy_open", ("machine", "provider")),
        ):
            self.assertReadBy(self.item(given), "open", *evidence)
        item = self.item("click", user_agent="curl/8.5.0")
        self.assertReadBy(item, "click", "machine", "library")

    def test_signs_of_reading(self):
        for given, event in (
            ("click", "click"),
            ("spam", "spam"),
            ("complaint", "spam"),
            ("unsubscribed", "unsub"),
        ):
            self.assertEvent(self.item(given), event)

    def test_others_are_kept(self):
        self.assertEvent(self.item("teleported"), "other", diagnostic="teleported")

    def test_list_of_events(self):
        reports = self.reports_in(
            self.item("delivered"), {"event": "x"}, self.item("click")
        )
        self.assertEqual([bool(report) for report in reports], [True, False, True])
