from datetime import datetime
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.webhooks import mail_tracking_webhook as processing
from ...providers.azure import DELIVERY, ENGAGEMENT, VALIDATION
from ...tools.fetch import is_allowed
from ..helpers.password_security_case import PasswordSecurityCase
from ..helpers.webhook_case import AdapterCase, WebhookCase

MESSAGE_ID = "<1.2-openerp-3-res.partner@example.com>"
HOST = "https://rp-westeurope.eventgrid.azure.net:553"


@tagged("post_install", "-at_install")
class TestWebhookAzure(PasswordSecurityCase, AdapterCase, WebhookCase):
    provider = "azure"

    def item(self, kind, **data):
        return {
            "id": "event-1",
            "topic": "/subscriptions/x/resourceGroups/y",
            "subject": "sender/me@example.com/message/1",
            "data": {
                "sender": "me@example.com",
                "recipient": "alice@example.com",
                "messageId": "00000000-0000-0000-0000-000000000000",
                **data,
            },
            "eventType": kind,
            "dataVersion": "1.0",
            "metadataVersion": "1",
            "eventTime": "2026-11-22T10:00:00Z",
        }

    def report(self, status, message="", **data):
        return self.item(
            DELIVERY,
            internetMessageId=MESSAGE_ID,
            status=status,
            deliveryStatusDetails={
                "statusMessage": message,
                "recipientMailServerHostName": "mx.example.com",
            },
            deliveryAttemptTimeStamp="2026-11-22T10:00:00.0000000+00:00",
            **data,
        )

    def assertEvent(self, item, event, **values):
        values = {"reference": MESSAGE_ID, "server": "mx.example.com", **values}
        self.assertReport(item, event_type=event, key="event-1", **values)

    def test_documented_statuses(self):
        answer = "550 5.1.1 No such user"
        self.assertEvents(
            [
                (self.report("Delivered"), "delivered", {}),
                (self.report("Expanded"), "expanded", {}),
                (self.report("Suppressed"), "reject", {"error_type": "mail_bl"}),
                (
                    self.report("Bounced", answer),
                    "hard_bounce",
                    {"error_type": "address_unknown", "diagnostic": answer},
                ),
                (self.report("Quarantined"), "reject", {"error_type": "mail_spam"}),
                (self.report("FilteredSpam"), "reject", {"error_type": "mail_spam"}),
                (self.report("Failed"), "soft_bounce", {"error_type": "mail_bounce"}),
                (self.report("Lost"), "other", {"diagnostic": "Lost"}),
            ]
        )

    def test_older_form(self):
        """The page of September 2022: details are a text, and the time has a name."""
        item = self.item(
            DELIVERY,
            status="Failed",
            DeliveryStatusDetails="550 5.2.2 Over quota",
            ReceivedTimestamp="2026-11-22T10:00:00.2855749Z",
            internetMessageId=MESSAGE_ID,
        )
        item["eventTime"] = "2026-11-22T11:00:00Z"
        self.assertEvent(
            item,
            "soft_bounce",
            error_type="mailbox_full",
            diagnostic="550 5.2.2 Over quota",
            server="",
            time=datetime(2026, 11, 22, 10, 0, 0, 285574),
        )

    def test_documented_engagements(self):
        """They have no Message-Id, perhaps no recipient, and match no mail."""
        for kind, event, evidence in (
            ("view", "open", "human"),
            ("View", "open", "human"),
            ("Click", "click", "human"),
        ):
            item = self.item(
                ENGAGEMENT,
                engagementType=kind,
                userAgent="Thunderbird",
                userActionTimeStamp="2026-11-22T10:00:00.0000000+00:00",
            )
            expected = {"evidence": evidence, "agent": "Thunderbird", "server": ""}
            self.assertEvent(item, event, reference="", **expected)
            del item["data"]["recipient"]
            self.assertEvent(item, event, reference="", recipient="", **expected)

    def test_other_sources(self):
        self.assertIgnored(
            self.item("Microsoft.Communication.SMSReceived"),
            self.validation(f"{HOST}/eventsubscriptions/x/validate?id=1"),
        )

    # === CONFIRMING ===#
    def validation(self, url):
        data = {"validationCode": "3747BBE8", "validationUrl": url}
        return {**self.item(VALIDATION), "data": data}

    def confirm(self, url):
        """Return the addresses that are fetched to validate a subscription."""
        fetched = []

        def fetch(address, hosts):
            self.assertTrue(is_allowed(address, hosts))
            fetched.append(address)

        body = self.body_of(self.validation(url), self.validation(url))
        self.assertEqual(self.post(body, self.sign(body, self.key, 0)), 200)
        with (
            patch.object(processing, "fetch", fetch),
            mute_logger(processing.__name__),
        ):
            self.process()
        self.assertEqual(self.stored().state, "done")
        self.stored().sudo().unlink()
        return fetched

    def test_subscription_is_confirmed(self):
        url = f"{HOST}/eventsubscriptions/x/validate?id=1&t=2026-11-22T10:00:00.1Z"
        self.assertEqual(self.confirm(url), [url])

    def test_confirmation_elsewhere(self):
        for url in (
            "http://169.254.169.254/latest/meta-data/",
            "https://rp-x.eventgrid.azure.net.example.com/eventsubscriptions/x",
            "https://rp-x.eventgrid.azure.net:22/eventsubscriptions/x",
            "http://rp-x.eventgrid.azure.net/eventsubscriptions/x",
            "https://rp-x.eventgrid.azure.net/other",
            None,
        ):
            with self.subTest(url=url):
                self.assertEqual(self.confirm(url), [])
