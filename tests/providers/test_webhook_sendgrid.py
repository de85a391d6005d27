import base64

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from odoo.tests import tagged

from ..helpers.webhook_case import (
    NOW_SECONDS,
    REFERENCE,
    AdapterCase,
    WebhookCase,
    WebhookSecurityCase,
)

PRIVATE, OTHER = (ec.generate_private_key(ec.SECP256R1()) for _i in range(2))


def public(private):
    """Return a public key as SendGrid shows it."""
    der = private.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()


@tagged("post_install", "-at_install")
class TestWebhookSendgrid(WebhookSecurityCase, AdapterCase, WebhookCase):
    provider = "sendgrid"
    key = public(PRIVATE)
    window = 24 * 3600

    def other_key(self):
        return public(OTHER)

    def sign(self, body, key, now):
        private = PRIVATE if key == self.key else OTHER
        signature = private.sign(f"{now}".encode() + body, ec.ECDSA(SHA256()))
        prefix = "X-Twilio-Email-Event-Webhook-"
        return {
            f"{prefix}Timestamp": f"{now}",
            f"{prefix}Signature": base64.b64encode(signature).decode(),
        }

    def broken(self, headers):
        good = self.sign(self.payload(), self.key, NOW_SECONDS)
        for name in headers:
            self.assertRefused(headers={**good, name: headers[name]})

    def test_key_that_is_none(self):
        for key in ("x", "AAAA", "é"):
            self.set_keys(key)
            self.assertRefused()

    # === EVENTS ===#
    def item(self, event, **values):
        return {
            "event": event,
            "email": "alice@example.com",
            "timestamp": NOW_SECONDS,
            "sg_event_id": "event-1",
            "sg_message_id": "message-1.filter",
            "odoo-tracking": REFERENCE,
            **values,
        }

    def assertEvent(self, item, event, **values):
        self.assertReport(item, event_type=event, key="event-1", **values)

    def test_delivered(self):
        item = self.item("delivered", response="250 OK")
        self.assertEvent(item, "delivered", diagnostic="250 OK")

    def test_deferred(self):
        item = self.item("deferred", response="451 later", attempt="3")
        self.assertEvent(item, "deferral", diagnostic="451 later")

    def test_bounces(self):
        self.assertEvent(
            self.item("bounce", type="bounce", status="5.1.1", reason="550 No user"),
            "hard_bounce",
            error_type="address_unknown",
            diagnostic="5.1.1 550 No user",
        )
        self.assertEvent(
            self.item("bounce", type="blocked", status="4.0.0", reason="bad IP"),
            "soft_bounce",
            error_type="policy",
            diagnostic="4.0.0 bad IP",
        )
        self.assertEvent(self.item("bounce"), "hard_bounce", error_type="mail_bounce")

    def test_dropped(self):
        for reason, error_type in (
            ("Bounced Address", "mail_bl"),
            ("Spam Reporting Address", "mail_bl"),
            ("Unsubscribed Address", "mail_optout"),
            ("Invalid", "mail_email_invalid"),
            ("Spam Content (if Spam Checker app enabled)", "mail_spam"),
            ("Recipient List over Package Quota", "policy"),
        ):
            item = self.item("dropped", reason=reason)
            self.assertEvent(item, "reject", error_type=error_type, diagnostic=reason)

    def test_opened(self):
        for values, evidence in (
            ({"sg_machine_open": False}, ("human", "mail_program")),
            ({"sg_machine_open": True}, ("machine", "provider")),
            ({"useragent": "x GoogleImageProxy"}, ("proxy", "image_proxy")),
        ):
            item = self.item("open", **{"useragent": "Thunderbird", **values})
            self.assertReadBy(item, "open", *evidence)

    def test_signs_of_reading(self):
        for given, event in (
            ("click", "click"),
            ("spamreport", "spam"),
            ("unsubscribe", "unsub"),
            ("group_unsubscribe", "unsub"),
        ):
            self.assertEvent(self.item(given), event)

    def test_others_are_kept(self):
        for given in ("processed", "group_resubscribe", "teleported"):
            self.assertEvent(self.item(given), "other", diagnostic=given)

    def test_batch_with_a_bad_item(self):
        good = self.item("delivered")
        reports = self.reports_in(good, {"event": "bounce", "type": "new"}, good)
        self.assertEqual([bool(report) for report in reports], [True, False, True])
