from odoo.tests import tagged

from ...providers.standard_webhooks import sign
from ..helpers.webhook_case import (
    REFERENCE,
    AdapterCase,
    WebhookCase,
    WebhookSecurityCase,
)


@tagged("post_install", "-at_install")
class TestWebhookResend(WebhookSecurityCase, AdapterCase, WebhookCase):
    provider = "resend"
    window = 300

    def sign(self, body, key, now):
        return {
            "svix-id": "msg_1",
            "svix-timestamp": str(int(now)),
            "svix-signature": sign(key, "msg_1", int(now), body),
        }

    def other_key(self):
        return "whsec_b3RoZXIgc2VjcmV0IG9mIHRoZSB0ZXN0cw=="

    def item(self, kind, **values):
        return {
            "type": kind,
            "created_at": "2026-11-22T10:00:00.000Z",
            "data": {
                "email_id": "00000000-0000-0000-0000-000000000000",
                "to": ["alice@example.com"],
                "headers": [
                    {"name": "X-Odoo-Mail-Tracking-Reference", "value": REFERENCE}
                ],
                **values,
            },
        }

    def assertEvent(self, item, event, **values):
        self.assertReport(item, event_type=event, key="", **values)

    def test_documented_events(self):
        opened = {"ipAddress": "192.0.2.1", "userAgent": "Mozilla/5.0"}
        clicked = {"link": "https://example.com", "userAgent": "Thunderbird"}
        failed = {"reason": "reached_daily_quota"}
        suppressed = {
            "message": "Resend has suppressed sending to this address.",
            "type": "OnAccountSuppressionList",
        }
        self.assertEvents(
            [
                (self.item("email.sent"), "sent", {}),
                (self.item("email.delivered"), "delivered", {}),
                (self.item("email.delivery_delayed"), "deferral", {}),
                (self.item("email.complained"), "spam", {}),
                (
                    self.item("email.opened", open=opened),
                    "open",
                    {"evidence": "machine", "agent": "Mozilla/5.0"},
                ),
                (self.item("email.opened"), "open", {"evidence": "human"}),
                (
                    self.item("email.clicked", click=clicked),
                    "click",
                    {"agent": "Thunderbird"},
                ),
                (
                    self.item("email.failed", failed=failed),
                    "reject",
                    {"error_type": "postponed", "diagnostic": "reached_daily_quota"},
                ),
                (
                    self.item("email.suppressed", suppressed=suppressed),
                    "reject",
                    {"error_type": "mail_bl", "diagnostic": suppressed["message"]},
                ),
                (
                    self.item("email.scheduled"),
                    "other",
                    {"diagnostic": "email.scheduled"},
                ),
            ]
        )

    def test_documented_bounces(self):
        for kind, subtype, event, error_type in (
            ("Permanent", "General", "hard_bounce", "mail_bounce"),
            ("Permanent", "NoEmail", "hard_bounce", "address_unknown"),
            ("Permanent", "Suppressed", "reject", "mail_bl"),
            ("Permanent", "OnAccountSuppressionList", "reject", "mail_bl"),
            ("Transient", "General", "soft_bounce", "mail_bounce"),
            ("Transient", "MailboxFull", "soft_bounce", "mailbox_full"),
            ("Transient", "MessageTooLarge", "soft_bounce", "too_big"),
            ("Transient", "ContentRejected", "reject", "content_refused"),
            ("Transient", "AttachmentRejected", "reject", "content_refused"),
            ("Temporary", "General", "soft_bounce", "mail_bounce"),
            ("Undetermined", "Undetermined", "soft_bounce", "mail_bounce"),
        ):
            with self.subTest(kind=kind, subtype=subtype):
                bounce = {"type": kind, "subType": subtype, "message": "It bounced."}
                self.assertEvent(
                    self.item("email.bounced", bounce=bounce),
                    event,
                    error_type=error_type,
                    diagnostic="It bounced.",
                )

    def test_answer_of_the_server(self):
        bounce = {
            "type": "Permanent",
            "subType": "General",
            "message": "The recipient's email provider sent a hard bounce message.",
            "diagnosticCode": ["smtp; 552 5.2.2 Over quota"],
        }
        self.assertEvent(
            self.item("email.bounced", bounce=bounce),
            "soft_bounce",
            error_type="mailbox_full",
            diagnostic="smtp; 552 5.2.2 Over quota",
        )
        bounce["diagnosticCode"] = "smtp; 550 5.1.1 No such user"
        self.assertEvent(
            self.item("email.bounced", bounce=bounce),
            "hard_bounce",
            error_type="address_unknown",
            diagnostic="smtp; 550 5.1.1 No such user",
        )

    def test_words_of_resend(self):
        """Older events have no type; no server has written these sentences."""
        for message, event, error_type in (
            (
                "It bounced hard. Further mails harm your reputation as a sender.",
                "hard_bounce",
                "mail_bounce",
            ),
            (
                "Resend has suppressed sending: on the account-level suppression list.",
                "reject",
                "mail_bl",
            ),
            ("550 5.1.1 No such user", "hard_bounce", "address_unknown"),
            ("smtp; 552 Mailbox full", "soft_bounce", "mailbox_full"),
        ):
            with self.subTest(message=message):
                item = self.item("email.bounced", bounce={"message": message})
                self.assertEvent(item, event, error_type=error_type, diagnostic=message)

    def test_why_resend_has_not_sent(self):
        for reason, error_type in (
            ("reached_monthly_quota", "postponed"),
            ("The example.com domain is not verified.", "mail_from_invalid"),
            ("Something else happened", "policy"),
        ):
            item = self.item("email.failed", failed={"reason": reason})
            self.assertEvent(item, "reject", error_type=error_type, diagnostic=reason)
        suppression = {"message": "Suppressed: your domain has a list. Learn more."}
        item = self.item("email.suppressed", suppressed=suppression)
        self.assertEvent(
            item, "reject", error_type="mail_bl", diagnostic=suppression["message"]
        )

    def test_recipient_with_a_name(self):
        item = self.item("email.delivered", to=["Alice <alice@example.com>"])
        self.assertEvent(item, "delivered")

    def test_where_the_reference_stands(self):
        for values in (
            {"tags": {"odoo-tracking": REFERENCE}},
            {"tags": [{"name": "odoo-tracking", "value": REFERENCE}]},
        ):
            item = self.item("email.sent", headers=None, **values)
            self.assertEvent(item, "sent")
        for value in ("<1@example.com>", "1@example.com"):
            item = self.item("email.sent", headers=None, message_id=value)
            self.assertEvent(item, "sent", reference="<1@example.com>")
        # Nothing tells which mail it is.
        item = self.item("email.sent", headers=None, tags={"category": "confirm"})
        self.assertEvent(item, "sent", reference="")

    def test_events_about_no_mail(self):
        self.assertIgnored(
            {"type": "email.received", "data": {"to": ["alice@example.com"]}},
            {"type": "contact.created", "data": {"email": "alice@example.com"}},
            {"type": "domain.updated", "data": {"name": "example.com"}},
        )

    def test_several_recipients(self):
        """Most events hold for one of several recipients, which is not named."""
        to = ["alice@example.com", "bob@example.com"]
        for kind, event, evidence in (
            ("email.sent", "sent", None),
            ("email.failed", "reject", None),
            ("email.delivered", "other", None),
            ("email.bounced", "other", None),
            ("email.complained", "other", None),
            ("email.opened", "open", "shared"),
            ("email.clicked", "click", "shared"),
        ):
            with self.subTest(kind=kind):
                reports = self.reports_in(self.item(kind, to=to))
                self.assertEqual([report.recipient for report in reports], to)
                self.assertEqual({report.event_type for report in reports}, {event})
                self.assertEqual({report.evidence for report in reports}, {evidence})
