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

    def assertEvent(self, item, event, **values):
        self.assertReport(item, event_type=event, **{"key": "", **values})

    def test_documented_records(self):
        mozilla = {"UserAgent": "Mozilla/5.0", "FirstOpen": True}
        thunderbird = {"UserAgent": "Thunderbird", "Platform": "Desktop"}
        self.assertEvents(
            [
                (
                    self.item("Delivery", "DeliveredAt", Details="250 OK"),
                    "delivered",
                    {"diagnostic": "250 OK"},
                ),
                (
                    self.item("Open", "ReceivedAt", **mozilla),
                    "open",
                    {"evidence": "machine", "agent": "Mozilla/5.0"},
                ),
                (
                    self.item("Open", "ReceivedAt", **thunderbird),
                    "open",
                    {"evidence": "human", "agent": "Thunderbird"},
                ),
                (
                    self.item("Click", "ReceivedAt", OriginalLink="x", **thunderbird),
                    "click",
                    {"agent": "Thunderbird"},
                ),
                (
                    self.item("SpamComplaint", "BouncedAt", Type="SpamComplaint", ID=4),
                    "spam",
                    {"key": "SpamComplaint 4"},
                ),
                (
                    self.item("SMTPApiError", "BouncedAt", ID=5, Type="SMTPApiError"),
                    "reject",
                    {"key": "SMTPApiError 5", "error_type": "mail_bl"},
                ),
                (
                    self.item("Teleport", "At"),
                    "other",
                    {"time": None, "diagnostic": "Teleport"},
                ),
            ]
        )
        self.assertIgnored({"RecordType": "Inbound", "FromName": "x"})

    def test_without_a_record_type(self):
        """As the page "Webhook notifications" has it."""
        for record, at, values, event, expected in (
            ("Delivery", "DeliveredAt", {}, "delivered", {}),
            ("Open", "ReceivedAt", {"FirstOpen": True}, "open", {"evidence": "human"}),
            ("Click", "ReceivedAt", {"OriginalLink": "x"}, "click", {}),
        ):
            with self.subTest(record=record):
                item = self.item(record, at, **values)
                del item["RecordType"]
                self.assertEvent(item, event, **expected)
        bounce = self.bounce("HardBounce", Description="Said so")
        del bounce["RecordType"]
        expected = {"error_type": "mail_bounce", "diagnostic": "Said so"}
        self.assertEvent(bounce, "hard_bounce", key="Bounce 42", **expected)
        self.assertUnreadable({"Recipient": "alice@example.com"})

    def test_documented_types_of_bounces(self):
        for kind, event, error_type in (
            ("HardBounce", "hard_bounce", "mail_bounce"),
            ("SoftBounce", "soft_bounce", "mail_bounce"),
            ("Unknown", "soft_bounce", "mail_bounce"),
            ("Transient", "deferral", None),
            ("DnsError", "deferral", None),
            ("Blocked", "reject", "policy"),
            ("DMARCPolicy", "reject", "policy"),
            ("Unconfirmed", "reject", "policy"),
            ("TemplateRenderingFailed", "reject", "policy"),
            ("ManuallyDeactivated", "reject", "mail_bl"),
            ("SMTPApiError", "reject", "mail_bl"),
            ("BadEmailAddress", "reject", "mail_email_invalid"),
            ("SpamNotification", "reject", "mail_spam"),
            ("VirusNotification", "reject", "content_refused"),
            ("SpamComplaint", "spam", None),
            ("AutoResponder", "auto_reply", None),
            ("ChallengeVerification", "auto_reply", None),
            ("AddressChange", "auto_reply", None),
            ("Unsubscribe", "unsub", None),
        ):
            with self.subTest(kind=kind):
                self.assertEvent(
                    self.bounce(kind, Description="Said so"),
                    event,
                    key="Bounce 42",
                    error_type=error_type,
                    diagnostic="Said so",
                )
        for kind in ("Subscribe", "OpenRelayTest", "InboundError", "Inexplicable"):
            with self.subTest(kind=kind):
                self.assertEvent(
                    self.bounce(kind), "other", key="Bounce 42", diagnostic=kind
                )

    def test_bounce_that_explains(self):
        for kind, details, event, error_type in (
            (
                "HardBounce",
                "smtp;550 5.1.1 Unknown",
                "hard_bounce",
                "address_unknown",
            ),
            ("SoftBounce", "smtp;552 5.2.2 Full", "soft_bounce", "mailbox_full"),
            ("SpamNotification", "smtp;550 5.7.1 No", "reject", "mail_spam"),
            # Nobody was asked: whatever stands there is of an older mail.
            ("SMTPApiError", "smtp;550 5.1.1 Unknown", "reject", "mail_bl"),
        ):
            with self.subTest(kind=kind):
                self.assertEvent(
                    self.bounce(kind, Details=details),
                    event,
                    key="Bounce 42",
                    error_type=error_type,
                    diagnostic=details,
                )

    def test_subscriptions(self):
        for suppress, reason, origin, event in (
            (True, "ManualSuppression", "Recipient", "unsub"),
            (True, "ManualSuppression", None, "unsub"),
            # By ourselves, or by Postmark: not the recipient's wish.
            (True, "ManualSuppression", "Customer", "other"),
            (True, "ManualSuppression", "Admin", "other"),
            (True, "HardBounce", "Recipient", "other"),
            (True, "SpamComplaint", "Recipient", "other"),
            (False, None, "Recipient", "other"),
        ):
            with self.subTest(reason=reason, origin=origin):
                item = self.item(
                    "SubscriptionChange",
                    "ChangedAt",
                    SuppressSending=suppress,
                    SuppressionReason=reason,
                    Origin=origin,
                )
                text = "SubscriptionChange" if event == "other" else ""
                self.assertEvent(item, event, diagnostic=text)
