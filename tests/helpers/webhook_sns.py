"""A service like Amazon's SNS: certificates, signatures, and the attacks on them."""

import base64
import json
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from odoo.tools import mute_logger

from ...controllers import delivery_webhook
from ...models.webhooks import mail_tracking_webhook as processing
from ...providers.sns import canonical
from ...tools.fetch import is_allowed
from .webhook_case import CONTROLLER, NOW_SECONDS, WebhookSecurityCase

AUTHORITY, PRIVATE, OTHER = (
    rsa.generate_private_key(public_exponent=65537, key_size=2048) for _i in range(3)
)


def certificate_of(private, issuer_key, name="leaf", issuer="authority", days=1):
    """Return a certificate as PEM, valid some days around the time of the tests."""
    now = datetime.fromtimestamp(NOW_SECONDS, timezone.utc)

    def named(text):
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    certificate = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=days + 1))
        .not_valid_after(now + timedelta(days=days))
        .sign(issuer_key, SHA256())
    )
    return certificate.public_bytes(Encoding.PEM)


class SnsSecurityCase(WebhookSecurityCase):
    """Security of what comes through such a service.

    :cvar service: the adapter's `Service`
    :cvar str certificate_url: a good one
    :cvar str confirmation_url: a good one
    :cvar tuple bad_certificate_urls: which must never be fetched
    """

    window = 24 * 3600
    bad_certificate_urls = ()

    def setUp(self):
        super().setUp()
        self.service.forget()
        self.addCleanup(self.service.forget)
        self.fetched = []
        self.web = {self.certificate_url: certificate_of(PRIVATE, AUTHORITY)}
        self.enterContext(patch.object(delivery_webhook, "fetch", self.fetch))
        self.enterContext(patch.object(processing, "fetch", self.fetch))

    def fetch(self, url, hosts):
        self.assertTrue(is_allowed(url, hosts))
        self.fetched.append(url)
        if url not in self.web:
            raise OSError("not there")
        return self.web[url]

    def message(self, content, **values):
        """Return a message of the service, not yet signed."""
        return {
            "Type": "Notification",
            "MessageId": "message-1",
            "TopicArn": self.key,
            "Message": json.dumps(content),
            "Timestamp": self.iso(NOW_SECONDS),
            "SignatureVersion": "2",
            "SigningCertURL": self.certificate_url,
            **values,
        }

    def iso(self, seconds):
        moment = datetime.fromtimestamp(seconds, timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def signed(self, message, private=PRIVATE):
        """Return the body of a message with its signature."""
        hashed = SHA256() if message["SignatureVersion"] == "2" else SHA1()  # noqa: S303
        signature = private.sign(canonical(message), PKCS1v15(), hashed)
        coded = base64.b64encode(signature).decode()
        return json.dumps({**message, "Signature": coded}).encode()

    def payload_at(self, now):
        content = {"x": "alice@example.com"}
        return self.signed(self.message(content, Timestamp=self.iso(now)))

    def payload(self):
        return self.payload_at(NOW_SECONDS)

    def sign(self, body, key, now):
        return {"Content-Type": "text/plain; charset=UTF-8"}  # as SNS does

    # === THE CONTRACT ===#
    def test_bad_key(self):
        self.assertRefused(self.signed(self.message({}), OTHER))

    def unsigned(self):
        return json.dumps(self.message({})).encode(), {}

    def test_broken_signature(self):
        for value in (None, "", "x", [], {}, "AAAA"):
            body = json.dumps({**self.message({}), "Signature": value}).encode()
            self.assertRefused(body, {})

    def test_oldest_signatures_are_good_too(self):
        self.assertEqual(
            self.post(self.signed(self.message({}, SignatureVersion="1"))), 200
        )

    def test_with_subject(self):
        self.assertEqual(self.post(self.signed(self.message({}, Subject="Hi"))), 200)

    def test_unknown_version_or_kind(self):
        good = json.loads(self.payload())
        for values in ({"SignatureVersion": "3"}, {"Type": "Greeting"}):
            self.assertRefused(json.dumps({**good, **values}).encode())

    def test_topic_of_somebody_else(self):
        """Anybody can create a topic, whose messages have valid signatures."""
        self.assertRefused(self.signed(self.message({}, TopicArn=self.key + "2")))
        self.assertFalse(self.fetched)

    def test_certificate_of_somebody_else(self):
        for url in self.bad_certificate_urls:
            with self.subTest(url=url):
                self.web[url] = self.web[self.certificate_url]
                message = self.message({}, SigningCertURL=url)
                self.assertRefused(self.signed(message))
        self.assertFalse(self.fetched)

    def test_certificate_is_fetched_once(self):
        for number in range(3):
            message = self.message({}, MessageId=f"message-{number}")
            self.assertEqual(self.post(self.signed(message)), 200)
        self.assertEqual(self.fetched.count(self.certificate_url), 1)

    def test_certificate_that_is_too_old(self):
        old = certificate_of(PRIVATE, AUTHORITY, days=-0.5)
        self.web[self.certificate_url] = old
        self.assertRefused()

    def test_certificate_that_is_none(self):
        self.web[self.certificate_url] = b"hello"
        self.assertRefused()

    def test_certificate_that_cannot_be_fetched(self):
        """The message is not refused, but has to be sent again."""
        del self.web[self.certificate_url]
        with mute_logger(CONTROLLER):
            self.assertEqual(self.post(), 503)
        self.assertFalse(self.stored())

    def test_what_failed_is_not_asked_again_at_once(self):
        good = self.web.pop(self.certificate_url)
        with mute_logger(CONTROLLER):
            for _i in range(3):
                self.assertEqual(self.post(), 503)
        self.assertEqual(self.fetched.count(self.certificate_url), 1)
        self.web[self.certificate_url] = good
        self.service._failures[self.certificate_url] = (NOW_SECONDS - 61, OSError())
        self.assertEqual(self.post(), 200)

    def test_many_addresses_that_fail(self):
        """A sender who knows the topic cannot make the server fetch more and more."""
        with mute_logger(CONTROLLER):
            for number in range(30):
                url = self.certificate_url.replace(".pem", f"{number}.pem")
                message = self.message({}, SigningCertURL=url)
                self.assertEqual(self.post(self.signed(message)), 503)
        self.assertLessEqual(len(self.fetched), 10)

    # === SUBSCRIPTIONS ===#
    def subscribe(self, url):
        message = self.message(
            "Please confirm",
            Type="SubscriptionConfirmation",
            Token="token",
            SubscribeURL=url,
        )
        self.assertEqual(self.post(self.signed(message)), 200)
        self.fetched.clear()
        with mute_logger(processing.__name__):
            self.process()
        return self.stored()

    def test_subscription_is_confirmed(self):
        self.web[self.confirmation_url] = b"<xml/>"
        stored = self.subscribe(self.confirmation_url)
        self.assertEqual(self.fetched, [self.confirmation_url])
        self.assertEqual(stored.state, "done")
        self.assertFalse(stored.problem)

    def test_subscription_that_cannot_be_confirmed(self):
        stored = self.subscribe(self.confirmation_url)
        self.assertEqual(stored.state, "done")
        self.assertIn("subscription", stored.problem)

    def test_subscription_at_an_odd_address(self):
        for url in (
            "http://169.254.169.254/latest/meta-data/",
            "https://example.com/?Action=ConfirmSubscription",
            self.confirmation_url.replace("https:", "http:"),
            self.confirmation_url.replace(".com/", ".com.example.com/"),
            self.confirmation_url.replace("https://", "https://x@example.com#"),
        ):
            with self.subTest(url=url):
                self.subscribe(url)
                self.assertFalse(self.fetched)
                self.stored().sudo().unlink()

    def test_message_that_is_no_notification(self):
        message = self.message("x", Type="UnsubscribeConfirmation", Token="t")
        message["SubscribeURL"] = self.confirmation_url
        self.assertEqual(self.post(self.signed(message)), 200)
        self.fetched.clear()
        self.process()
        self.assertFalse(self.fetched)

    def body_of(self, *items):
        (item,) = items
        return json.dumps(self.message(item)).encode()
