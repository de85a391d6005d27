import json

from odoo.tests import BaseCase, tagged

from ...providers.ses import SNS
from ..helpers.webhook_case import REFERENCE, AdapterCase, WebhookCase
from ..helpers.webhook_sns import SnsSecurityCase

HOST = "https://sns.eu-west-1.amazonaws.com"


@tagged("post_install", "-at_install")
class TestWebhookSesHosts(BaseCase):
    """Where certificates may be, by the name of the topic."""

    def test_partitions(self):
        for arn, host in (
            ("arn:aws:sns:eu-west-1:1:x", "sns.eu-west-1.amazonaws.com"),
            ("arn:aws:sns:ap-southeast-7:1:x", "sns.ap-southeast-7.amazonaws.com"),
            ("arn:aws-us-gov:sns:us-gov-west-1:1:x", "sns.us-gov-west-1.amazonaws.com"),
            ("arn:aws-cn:sns:cn-north-1:1:x", "sns.cn-north-1.amazonaws.com.cn"),
        ):
            with self.subTest(arn=arn):
                url = f"https://{host}/SimpleNotificationService-0a.pem"
                self.assertTrue(SNS._is_address(url, arn, 0))
                self.assertFalse(SNS._is_address(url.replace("sns.", "sqs."), arn, 0))

    def test_what_is_no_topic(self):
        url = "https://sns.s3.amazonaws.com/SimpleNotificationService-0a.pem"
        for arn in ("arn:aws:sns:s3:1:x", "arn:aws:sns:.*:1:x", "arn:scw:sns:s3:1:x"):
            self.assertFalse(SNS._is_address(url, arn, 0))


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
        # The bucket of somebody who has called it "sns".
        "https://sns.s3.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com.cn/SimpleNotificationService-0a.pem",
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

    def test_documented_events(self):
        delayed = {
            "emailAddress": "alice@example.com",
            "status": "4.4.1",
            "diagnosticCode": "smtp; 421 4.4.1 Unable to connect",
        }
        self.assertEvents(
            [
                (self.item("Send"), "sent", {}),
                (
                    self.item(
                        "Delivery",
                        recipients=["alice@example.com"],
                        smtpResponse="250 OK",
                        reportingMTA="a1.smtp-out.amazonses.com",
                    ),
                    "delivered",
                    {"diagnostic": "250 OK", "server": "a1.smtp-out.amazonses.com"},
                ),
                (
                    self.item(
                        "DeliveryDelay",
                        "deliveryDelay",
                        delayType="TransientCommunicationFailure",
                        delayedRecipients=[delayed],
                    ),
                    "deferral",
                    {"diagnostic": "smtp; 421 4.4.1 Unable to connect"},
                ),
                (
                    self.item(
                        "DeliveryDelay",
                        "deliveryDelay",
                        delayType="MailboxFull",
                        delayedRecipients=[{"emailAddress": "alice@example.com"}],
                    ),
                    "deferral",
                    {"diagnostic": "MailboxFull"},
                ),
                (
                    self.item("Reject", reason="Bad content"),
                    "reject",
                    {"error_type": "policy", "diagnostic": "Bad content"},
                ),
                (
                    self.item("Rendering Failure", "failure", errorMessage="No name"),
                    "reject",
                    {"error_type": "policy", "diagnostic": "No name"},
                ),
                (
                    self.item("Open", userAgent="Mozilla/5.0"),
                    "open",
                    {"evidence": "machine", "agent": "Mozilla/5.0"},
                ),
                (
                    self.item("Open", userAgent="Thunderbird"),
                    "open",
                    {"evidence": "human", "agent": "Thunderbird"},
                ),
                (
                    self.item("Click", userAgent="Thunderbird", link="x"),
                    "click",
                    {"agent": "Thunderbird"},
                ),
            ]
        )

    def bounce(self, kind, subtype="General", **recipient):
        return self.item(
            "Bounce",
            bounceType=kind,
            bounceSubType=subtype,
            bouncedRecipients=[{"emailAddress": "alice@example.com", **recipient}],
            reportingMTA="dsn; a1.example.com",
        )

    def test_documented_bounces(self):
        for kind, subtype, event, error_type in (
            ("Undetermined", "Undetermined", "soft_bounce", "mail_bounce"),
            ("Permanent", "General", "hard_bounce", "mail_bounce"),
            ("Permanent", "NoEmail", "hard_bounce", "address_unknown"),
            ("Permanent", "Suppressed", "reject", "mail_bl"),
            ("Permanent", "OnAccountSuppressionList", "reject", "mail_bl"),
            ("Permanent", "UnsubscribedRecipient", "reject", "mail_optout"),
            ("Transient", "General", "soft_bounce", "mail_bounce"),
            ("Transient", "MailboxFull", "soft_bounce", "mailbox_full"),
            ("Transient", "MessageTooLarge", "soft_bounce", "too_big"),
            ("Transient", "CustomTimeoutExceeded", "soft_bounce", "timeout"),
            ("Transient", "ContentRejected", "reject", "content_refused"),
            ("Transient", "AttachmentRejected", "reject", "content_refused"),
        ):
            with self.subTest(kind=kind, subtype=subtype):
                same = kind == subtype
                self.assertEvent(
                    self.bounce(kind, subtype),
                    event,
                    error_type=error_type,
                    diagnostic=subtype if same else f"{kind} {subtype}",
                    server="a1.example.com",
                )

    def test_answer_of_the_server(self):
        self.assertEvent(
            self.bounce("Permanent", status="5.1.1", diagnosticCode="smtp; 550 No"),
            "hard_bounce",
            error_type="address_unknown",
            diagnostic="5.1.1 smtp; 550 No",
            server="a1.example.com",
        )

    def complaint(self, **values):
        complained = [{"emailAddress": "alice@example.com"}]
        return self.item("Complaint", complainedRecipients=complained, **values)

    def test_documented_complaints(self):
        for kind in ("abuse", "fraud", "other", None):
            item = self.complaint(complaintFeedbackType=kind)
            self.assertEvent(item, "spam", diagnostic=kind or "")
        for kind in ("not-spam", "auth-failure", "virus"):
            item = self.complaint(complaintFeedbackType=kind)
            self.assertEvent(item, "other", diagnostic=f"Complaint {kind}")
        item = self.complaint(complaintSubType="OnAccountSuppressionList")
        self.assertEvent(
            item,
            "reject",
            error_type="mail_bl",
            diagnostic="OnAccountSuppressionList",
        )

    def test_subscriptions(self):
        def topics(**statuses):
            return {
                "topicSubscriptionStatus": [
                    {"topicName": name, "subscriptionStatus": status}
                    for name, status in statuses.items()
                ]
            }

        left, stayed = topics(news="OptOut"), topics(news="OptIn")
        for new, old, event in (
            ({"unsubscribeAll": True}, {"unsubscribeAll": False}, "unsub"),
            ({**left, "unsubscribeAll": False}, stayed, "unsub"),
            (left, left, "other"),
            (stayed, left, "other"),
            ({"unsubscribeAll": False}, {"unsubscribeAll": True}, "other"),
            (None, None, "other"),
        ):
            with self.subTest(new=new, old=old):
                item = self.item(
                    "Subscription", newTopicPreferences=new, oldTopicPreferences=old
                )
                text = "Subscription" if event == "other" else ""
                self.assertEvent(item, event, diagnostic=text)

    def test_others_are_kept(self):
        item = self.item("Teleport")
        del item["teleport"]
        item["mail"]["timestamp"] = "2026-11-22T10:00:00Z"
        self.assertEvent(item, "other", diagnostic="Teleport")

    def test_messages_about_no_mail(self):
        self.assertIgnored(
            {"notificationType": "AmazonSnsSubscriptionSucceeded", "message": "You"},
            {"notificationType": "Received", "mail": {}, "receipt": {}},
        )
        for words in ("Successfully validated SNS topic for Amazon SES.", "Hello"):
            body = json.dumps(self.message({}, Message=words)).encode()
            self.assertEqual(self.read_anything(body), [])

    # === RECIPIENTS ===#
    def test_several_recipients(self):
        item = self.item("Delivery", recipients=["a@example.com", "b@example.com"])
        addresses = [report.recipient for report in self.reports_in(item)]
        self.assertEqual(addresses, ["a@example.com", "b@example.com"])

    def test_one_of_several_has_read_it(self):
        """These events name no recipient, so it is unknown who opened the mail."""
        to = ["alice@example.com", "bob@example.com"]
        unsubscribed = {"newTopicPreferences": {"unsubscribeAll": True}}
        for kind, values, event, evidence in (
            ("Send", {}, "sent", None),
            ("Open", {"userAgent": "Thunderbird"}, "open", "shared"),
            ("Click", {"userAgent": "Thunderbird"}, "click", "shared"),
            ("Subscription", unsubscribed, "other", None),
        ):
            with self.subTest(kind=kind):
                item = self.item(kind, **values)
                item["mail"]["destination"] = to
                reports = self.reports_in(item)
                self.assertEqual([report.recipient for report in reports], to)
                self.assertEqual({report.event_type for report in reports}, {event})
                self.assertEqual({report.evidence for report in reports}, {evidence})

    def test_half_a_character_in_an_address(self):
        """The event is kept despite a lone surrogate, which PostgreSQL refuses."""
        item = self.item("Send")
        item["mail"]["destination"] = ["al\ud800ice@example.com"]
        (report,) = self.reports_in(item)
        self.assertEqual(report.recipient, "al?ice@example.com")

    def test_notification_of_an_identity(self):
        """Older notifications have the headers of the mail instead of tags."""
        item = self.item("Delivery", recipients=["alice@example.com"])
        item["notificationType"] = item.pop("eventType")
        del item["mail"]["tags"]
        item["mail"]["headers"] = [
            {"name": "X-Odoo-Mail-Tracking-Reference", "value": REFERENCE}
        ]
        self.assertEvent(item, "delivered")

    def test_truncated_headers(self):
        item = self.item("Delivery")
        del item["mail"]["tags"]
        for message_id, expected in (("<m1@our.test>", "<m1@our.test>"), ("x-1", "")):
            item["mail"]["commonHeaders"] = {"messageId": message_id}
            self.assertReport(item, event_type="delivered", key="", reference=expected)

    def test_bounce_of_an_unexpected_shape(self):
        item = self.item("Bounce", bounceType="Permanent", bouncedRecipients=[7])
        self.assertUnreadable(item)
