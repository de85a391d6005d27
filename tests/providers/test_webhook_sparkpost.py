from odoo.tests import tagged

from ..helpers.password_security_case import PasswordSecurityCase
from ..helpers.webhook_case import NOW_SECONDS, REFERENCE, AdapterCase, WebhookCase


@tagged("post_install", "-at_install")
class TestWebhookSparkpost(PasswordSecurityCase, AdapterCase, WebhookCase):
    provider = "sparkpost"

    def item(self, kind, group="message_event", **values):
        return {
            "msys": {
                group: {
                    "type": kind,
                    "event_id": "event-1",
                    "rcpt_to": "alice@example.com",
                    "raw_rcpt_to": "Alice@example.com",
                    "rcpt_meta": {"odoo-tracking": REFERENCE},
                    "timestamp": f"{NOW_SECONDS}",
                    **values,
                }
            }
        }

    def assertEvent(self, item, event, **values):
        values = {"recipient": "Alice@example.com", "key": "event-1", **values}
        self.assertReport(item, event_type=event, **values)

    def test_delivery(self):
        self.assertEvent(
            self.item("delivery", ip_address="192.0.2.1"),
            "delivered",
            server="192.0.2.1",
        )
        item = self.item("delay", raw_reason="451 later", error_code="451")
        self.assertEvent(item, "deferral", diagnostic="451 later")

    def test_bounces(self):
        for number, event, error_type in (
            ("1", "soft_bounce", "unknown"),
            ("10", "hard_bounce", "address_unknown"),
            ("30", "hard_bounce", "mail_bounce"),
            ("20", "soft_bounce", "mail_bounce"),
            ("22", "soft_bounce", "mailbox_full"),
            ("40", "soft_bounce", "mail_bounce"),
            ("70", "soft_bounce", "mail_bounce"),
            ("25", "reject", "policy"),
            ("50", "reject", "policy"),
            ("51", "reject", "mail_spam"),
            ("60", "auto_reply", None),
            ("100", "auto_reply", None),
            ("90", "unsub", None),
        ):
            for kind in ("bounce", "out_of_band"):
                item = self.item(kind, bounce_class=number, raw_reason="No")
                self.assertEvent(item, event, error_type=error_type, diagnostic="No")

    def test_rejections(self):
        for kind in ("policy_rejection", "generation_failure", "generation_rejection"):
            item = self.item(kind, "gen_event")
            self.assertEvent(item, "reject", error_type="policy")

    def test_opened(self):
        for kind, prefetched, evidence in (
            ("open", False, ("human", None)),
            ("initial_open", False, ("human", None)),
            ("open", True, ("machine", "provider")),
        ):
            item = self.item(kind, "track_event", is_prefetched=prefetched)
            self.assertReadBy(item, "open", *evidence)

    def test_signs_of_reading(self):
        for kind, group, event in (
            ("click", "track_event", "click"),
            ("spam_complaint", "message_event", "spam"),
            ("list_unsubscribe", "unsubscribe_event", "unsub"),
            ("link_unsubscribe", "unsubscribe_event", "unsub"),
        ):
            self.assertEvent(self.item(kind, group), event)

    def test_others_are_kept(self):
        for kind in ("injection", "teleported"):
            self.assertEvent(self.item(kind), "other", diagnostic=kind)

    def test_ping(self):
        self.assertEqual(self.reports_in({"msys": {}}), [])
