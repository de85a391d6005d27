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

    def test_documented_events(self):
        agent = {"user_agent": "Thunderbird"}
        person = {"evidence": "human", "agent": "Thunderbird", "is_bot": False}
        machine = {"evidence": "machine", "agent": "Thunderbird", "is_bot": True}
        rows = [
            (
                self.item("delivery", ip_address="192.0.2.1"),
                "delivered",
                {"server": "192.0.2.1"},
            ),
            (
                self.item("delay", raw_reason="451 later", error_code="451"),
                "deferral",
                {"diagnostic": "451 later"},
            ),
            (self.item("spam_complaint", fbtype="abuse"), "spam", {}),
            (self.item("list_unsubscribe", "unsubscribe_event"), "unsub", {}),
            (self.item("link_unsubscribe", "unsubscribe_event"), "unsub", {}),
            (self.item("injection"), "other", {"diagnostic": "injection"}),
            (self.item("sms_status"), "other", {"diagnostic": "sms_status"}),
            (self.item("teleported"), "other", {"diagnostic": "teleported"}),
        ]
        for kind in ("open", "initial_open", "amp_open", "amp_initial_open"):
            for prefetched, expected in ((False, person), (True, machine)):
                values = {"is_prefetched": prefetched, **agent}
                rows.append(
                    (self.item(kind, "track_event", **values), "open", expected)
                )
        for kind in ("click", "amp_click"):
            item = self.item(kind, "track_event", is_prefetched="true", **agent)
            expected = {"agent": "Thunderbird", "is_bot": True}
            rows.append((item, "click", expected))
        self.assertEvents(rows)

    def test_documented_classes_of_bounces(self):
        for number, event, error_type in (
            ("1", "soft_bounce", "unknown"),
            ("10", "hard_bounce", "address_unknown"),
            ("20", "soft_bounce", "mail_bounce"),
            ("21", "soft_bounce", "domain_unknown"),
            ("22", "soft_bounce", "mailbox_full"),
            ("23", "soft_bounce", "too_big"),
            ("24", "soft_bounce", "timeout"),
            ("25", "reject", "policy"),
            ("26", "reject", "mail_bl"),
            ("30", "hard_bounce", "mail_bounce"),
            ("40", "soft_bounce", "mail_bounce"),
            ("50", "reject", "policy"),
            ("51", "reject", "mail_spam"),
            ("52", "reject", "mail_spam"),
            ("53", "reject", "content_refused"),
            ("54", "reject", "policy"),
            ("60", "auto_reply", None),
            ("70", "soft_bounce", "mail_bounce"),
            ("90", "unsub", None),
            ("100", "auto_reply", None),
            ("999", "soft_bounce", "mail_bounce"),
        ):
            for kind in ("bounce", "out_of_band"):
                with self.subTest(number=number, kind=kind):
                    item = self.item(kind, bounce_class=number, raw_reason="No")
                    self.assertEvent(
                        item, event, error_type=error_type, diagnostic="No"
                    )
        item = self.item("bounce", bounce_class="80")
        self.assertEvent(item, "other", diagnostic="bounce")

    def test_answer_of_the_server(self):
        for number, answer, event, error_type in (
            ("10", "550 5.1.2 No such domain", "hard_bounce", "domain_unknown"),
            ("40", "552 5.2.2 Over quota", "soft_bounce", "mailbox_full"),
            ("25", "554 5.7.1 recipient address suppressed", "reject", "mail_bl"),
        ):
            item = self.item("bounce", bounce_class=number, raw_reason=answer)
            self.assertEvent(item, event, error_type=error_type, diagnostic=answer)

    def test_rejections(self):
        for kind in ("policy_rejection", "generation_failure", "generation_rejection"):
            item = self.item(kind, "gen_event")
            self.assertEvent(item, "reject", error_type="policy")
            answer = "554 5.7.1 recipient address was suppressed due to policy"
            item = self.item(kind, "gen_event", raw_reason=answer)
            self.assertEvent(item, "reject", error_type="mail_bl", diagnostic=answer)

    def test_events_about_no_mail(self):
        self.assertIgnored(
            {"msys": {}},  # a ping
            {"msys": {"relay_message": {"rcpt_to": "a@b.test", "content": {}}}},
            {"msys": {"relay_event": {"type": "relay_delivery", "rcpt_to": "x"}}},
            {"msys": {"ab_test_event": {"type": "ab_test_completed"}}},
        )
