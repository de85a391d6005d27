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

    def test_documented_events(self):
        agent = {"user_agent": "Thunderbird", "device_used": "DESKTOP"}
        person = {"evidence": "human", "agent": "Thunderbird"}
        machine = {**person, "evidence": "machine", "is_bot": True}
        bounced = {"reason": "550 5.1.1 unknown"}
        expected = {"diagnostic": bounced["reason"]}
        self.assertEvents(
            [
                (self.item("request"), "sent", {}),
                (self.item("delivered"), "delivered", {}),
                (
                    self.item("deferred", reason="451 later"),
                    "deferral",
                    {"diagnostic": "451 later"},
                ),
                (
                    self.item("hard_bounce", **bounced),
                    "hard_bounce",
                    {"error_type": "address_unknown", **expected},
                ),
                (
                    self.item("soft_bounce", reason="452 4.2.2 full"),
                    "soft_bounce",
                    {"error_type": "mailbox_full", "diagnostic": "452 4.2.2 full"},
                ),
                (
                    self.item("hard_bounce"),
                    "hard_bounce",
                    {"error_type": "mail_bounce"},
                ),
                (
                    self.item("invalid_email"),
                    "hard_bounce",
                    {"error_type": "mail_email_invalid"},
                ),
                (self.item("error"), "reject", {"error_type": "policy"}),
                (self.item("opened", **agent), "open", person),
                (self.item("unique_opened", **agent), "open", person),
                (self.item("proxy_open", **agent), "open", machine),
                (self.item("unique_proxy_open", **agent), "open", machine),
                (self.item("click", **agent), "click", {"agent": "Thunderbird"}),
                (self.item("spam"), "spam", {}),
                (self.item("complaint"), "spam", {}),
                (self.item("unsubscribed"), "unsub", {}),
                (self.item("unsubscribe"), "unsub", {}),
                (self.item("teleported"), "other", {"diagnostic": "teleported"}),
            ]
        )

    def test_whose_list_blocks(self):
        for reason, error_type in (
            ("blocked : due to blacklist user", "mail_bl"),
            ("blocked : due to unsubscribed user", "mail_optout"),
            ("", "mail_bl"),
        ):
            item = self.item("blocked", reason=reason)
            self.assertEvent(item, "reject", error_type=error_type, diagnostic=reason)

    def test_times(self):
        """In milliseconds as the page says, in seconds as its examples have it."""
        for values in (
            {"ts_epoch": NOW_SECONDS * 1000},
            {"ts_epoch": NOW_SECONDS},
            {"ts_epoch": None, "ts_event": NOW_SECONDS},
        ):
            self.assertEvent(self.item("delivered", **values), "delivered")

    def test_list_of_events(self):
        reports = self.reports_in(
            self.item("delivered"), {"event": "x"}, self.item("click")
        )
        self.assertEqual([bool(report) for report in reports], [True, False, True])
