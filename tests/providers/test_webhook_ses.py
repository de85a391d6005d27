from odoo.tests import tagged

from ...providers.ses import SNS
from ..helpers.webhook_case import REFERENCE, AdapterCase, WebhookCase
from ..helpers.webhook_sns import SnsSecurityCase

HOST = "https://sns.eu-west-1.amazonaws.com"


@tagged("post_install", "-at_install")
class TestWebhookSes(SnsSecurityCase, AdapterCase, WebhookCase):
    provider = "ses"
    key = "arn:aws:sns:eu-west-1:123456789012:mails"
    service = SNS
    certificate_url = f"{HOST}/SimpleNotificationService-0a1b2c.pem"
    confirmation_url = f"{HOST}/?Action=ConfirmSubscription&Token=x"
    bad_certificate_urls = (
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com.example.com/SimpleNotificationService-0.pem",
        "https://sns.eu-west-1.amazonaws.com@example.com/SimpleNotificationService-0.pem",
        "https://example.com/SimpleNotificationService-0a.pem",
        f"https://example.com/?{HOST}/SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com/x/../SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem?x",
        "https://bucket.s3.amazonaws.com/SimpleNotificationService-0a.pem",
        f"{HOST}/SimpleNotificationService-0a.pem\n",
        "file:///etc/passwd",
    )

    # === EVENTS ===#
    def item(self, kind, name=None, **details):
        details = {"timestamp": "2026-11-22T10:00:00.000Z", **details}
        return {
            "eventType": kind,
            "mail": {
                "timestamp": "2026-11-22T09:59:00.000Z",
                "messageId": "message-of-ses",
                "destination": ["alice@example.com"],
                "tags": {"odoo-tracking": [REFERENCE], "ses:from-domain": ["x.test"]},
            },
            name or kind.lower(): details,
        }

    def assertEvent(self, item, event, **values):
        self.assertReport(item, event_type=event, key="", **values)

    def test_on_its_way(self):
        self.assertEvent(self.item("Send"), "sent")
        item = self.item(
            "Delivery",
            recipients=["alice@example.com"],
            smtpResponse="250 OK",
            reportingMTA="a1.smtp-out.amazonses.com",
        )
        self.assertEvent(
            item,
            "delivered",
            diagnostic="250 OK",
            server="a1.smtp-out.amazonses.com",
        )
        delayed = {"emailAddress": "alice@example.com", "diagnosticCode": "451 later"}
        item = self.item(
            "DeliveryDelay",
            "deliveryDelay",
            delayType="MailboxFull",
            delayedRecipients=[delayed],
        )
        self.assertEvent(item, "deferral", diagnostic="451 later")

    def bounce(self, kind, subtype="General", **recipient):
        return self.item(
            "Bounce",
            bounceType=kind,
            bounceSubType=subtype,
            bouncedRecipients=[{"emailAddress": "alice@example.com", **recipient}],
        )

    def test_bounces(self):
        self.assertEvent(
            self.bounce("Permanent", status="5.1.1", diagnosticCode="smtp; 550 No"),
            "hard_bounce",
            error_type="address_unknown",
            diagnostic="5.1.1 smtp; 550 No",
        )
        for kind in ("Transient", "Undetermined"):
            self.assertEvent(self.bounce(kind), "soft_bounce", error_type="mail_bounce")
        for subtype in ("Suppressed", "OnAccountSuppressionList"):
            self.assertEvent(
                self.bounce("Permanent", subtype), "reject", error_type="mail_bl"
            )

    def test_rejections(self):
        self.assertEvent(
            self.item("Reject", reason="Bad content"),
            "reject",
            error_type="policy",
            diagnostic="Bad content",
        )
        self.assertEvent(
            self.item("Rendering Failure", "failure", errorMessage="No name"),
            "reject",
            error_type="policy",
            diagnostic="No name",
        )

    def test_signs_of_reading(self):
        item = self.item("Open", userAgent="Mozilla/5.0")
        self.assertReadBy(item, "open", "machine", "apple_privacy")
        item = self.item("Open", userAgent="Thunderbird")
        self.assertReadBy(item, "open", "human", "mail_program")
        item = self.item("Click", userAgent="Barracuda Sentinel (EE)")
        self.assertReadBy(item, "click", "machine", "scanner")
        self.assertEvent(self.item("Click"), "click")
        self.assertEvent(self.item("Subscription"), "unsub")
        complained = [{"emailAddress": "alice@example.com"}]
        item = self.item("Complaint", complainedRecipients=complained)
        self.assertEvent(item, "spam")

    def test_others_are_kept(self):
        item = self.item("Teleport")
        del item["teleport"]
        item["mail"]["timestamp"] = "2026-11-22T10:00:00Z"
        self.assertEvent(item, "other", diagnostic="Teleport")

    def test_several_recipients(self):
        item = self.item("Delivery", recipients=["a@example.com", "b@example.com"])
        addresses = [report.recipient for report in self.reports_in(item)]
        self.assertEqual(addresses, ["a@example.com", "b@example.com"])

    def test_notification_of_an_identity(self):
        """The older way, which has no tags but the headers of the mail."""
        item = self.item("Delivery", recipients=["alice@example.com"])
        item["notificationType"] = item.pop("eventType")
        del item["mail"]["tags"]
        item["mail"]["headers"] = [
            {"name": "X-Odoo-Mail-Tracking-Reference", "value": REFERENCE}
        ]
        self.assertEvent(item, "delivered")

    def test_bounce_of_an_unexpected_shape(self):
        item = self.item("Bounce", bounceType="Permanent", bouncedRecipients=[7])
        self.assertEqual(self.reports_in(item), [None])
