from odoo.tests import tagged

from ..helpers.password_security_case import PasswordSecurityCase
from ..helpers.webhook_case import REFERENCE, AdapterCase, WebhookCase


@tagged("post_install", "-at_install")
class TestWebhookPostmark(PasswordSecurityCase, AdapterCase, WebhookCase):
    provider = "postmark"

    def item(self, record, at, **values):
        return {
            "RecordType": record,
            "MessageID": "00000000-0000-0000-0000-000000000000",
            "Recipient": "alice@example.com",
            "Metadata": {"odoo-tracking": REFERENCE},
            at: "2026-11-22T10:00:00.0000000Z",
            **values,
        }

    def bounce(self, kind, **values):
        item = self.item("Bounce", "BouncedAt", Type=kind, ID=42, **values)
        item["Email"] = item.pop("Recipient")
        return item

    def test_delivered(self):
        item = self.item("Delivery", "DeliveredAt", Details="250 OK")
        self.assertReport(item, event_type="delivered", key="", diagnostic="250 OK")

    def test_bounces(self):
        for kind, event, error_type in (
            ("HardBounce", "hard_bounce", "mail_bounce"),
            ("SoftBounce", "soft_bounce", "mail_bounce"),
            ("Transient", "deferral", None),
            ("DnsError", "deferral", None),
            ("Blocked", "reject", "policy"),
            ("DMARCPolicy", "reject", "policy"),
            ("ManuallyDeactivated", "reject", "mail_bl"),
            ("BadEmailAddress", "reject", "mail_email_invalid"),
            ("SpamNotification", "reject", "mail_spam"),
            ("AutoResponder", "auto_reply", None),
            ("ChallengeVerification", "auto_reply", None),
            ("AddressChange", "auto_reply", None),
            ("Unsubscribe", "unsub", None),
        ):
            self.assertReport(
                self.bounce(kind, Description="Said so"),
                event_type=event,
                key="Bounce 42",
                error_type=error_type,
                diagnostic="Said so",
            )

    def test_bounce_that_explains(self):
        self.assertReport(
            self.bounce("HardBounce", Details="smtp;550 5.1.1 Unknown"),
            event_type="hard_bounce",
            key="Bounce 42",
            error_type="address_unknown",
            diagnostic="smtp;550 5.1.1 Unknown",
        )

    def test_complaint(self):
        item = self.item("SpamComplaint", "BouncedAt", Type="SpamComplaint", ID=43)
        self.assertReport(item, event_type="spam", key="SpamComplaint 43")

    def test_opened(self):
        for agent, evidence, rule in (
            ("Thunderbird", "human", "mail_program"),
            ("Mozilla/5.0", "machine", "apple_privacy"),
        ):
            item = self.item("Open", "ReceivedAt", UserAgent=agent, FirstOpen=True)
            self.assertReport(
                item,
                event_type="open",
                key="",
                evidence=evidence,
                evidence_rule=rule,
            )

    def test_clicked(self):
        item = self.item("Click", "ReceivedAt", OriginalLink="https://example.com")
        self.assertReport(item, event_type="click", key="")

    def test_subscriptions(self):
        for suppress, reason, event in (
            (True, "ManualSuppression", "unsub"),
            (True, "HardBounce", "other"),
            (False, None, "other"),
        ):
            item = self.item(
                "SubscriptionChange",
                "ChangedAt",
                SuppressSending=suppress,
                SuppressionReason=reason,
            )
            told = "SubscriptionChange" if event == "other" else ""
            self.assertReport(item, event_type=event, key="", diagnostic=told)

    def test_others_are_kept(self):
        item = self.item("Teleport", "At")
        self.assertReport(
            item, event_type="other", key="", time=None, diagnostic="Teleport"
        )
        self.assertReport(
            self.bounce("Inexplicable"),
            event_type="other",
            key="Bounce 42",
            diagnostic="Inexplicable",
        )
