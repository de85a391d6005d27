import base64

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from odoo.tests import tagged

from ..helpers.webhook_case import (
    NOW_SECONDS,
    REFERENCE,
    AdapterCase,
    WebhookCase,
    WebhookSecurityCase,
)

PRIVATE, OTHER = (
    rsa.generate_private_key(public_exponent=65537, key_size=2048) for _i in range(2)
)


def public(private, encoding=Encoding.DER):
    """Return a public key, as a record of DKIM has it or as a file."""
    coded = private.public_key().public_bytes(
        encoding, PublicFormat.SubjectPublicKeyInfo
    )
    is_text = encoding == Encoding.PEM
    return coded.decode() if is_text else base64.b64encode(coded).decode()


@tagged("post_install", "-at_install")
class TestWebhookPostal(WebhookSecurityCase, AdapterCase, WebhookCase):
    provider = "postal"
    key = public(PRIVATE)

    def other_key(self):
        return public(OTHER)

    def signature(self, body, private, hashed):
        return base64.b64encode(private.sign(body, PKCS1v15(), hashed)).decode()

    def sign(self, body, key, now):
        private = PRIVATE if key == self.key else OTHER
        return {
            "X-Postal-Signature-256": self.signature(body, private, SHA256()),
            "X-Postal-Signature": self.signature(body, private, SHA1()),  # noqa: S303
            "X-Postal-Signature-KID": "key-1",
        }

    def test_older_installations(self):
        """They sign with SHA-1 only."""
        body = self.payload()
        old = self.signature(body, PRIVATE, SHA1())  # noqa: S303
        self.assertEqual(self.post(body, {"X-Postal-Signature": old}), 200)

    def test_the_stronger_signature_counts(self):
        body = self.payload()
        headers = self.sign(body, self.key, 0)
        headers["X-Postal-Signature-256"] = headers["X-Postal-Signature"]
        self.assertRefused(body, headers)

    def test_key_as_a_file(self):
        self.set_keys(public(PRIVATE, Encoding.PEM))
        self.assertEqual(self.post(headers=self.sign(self.payload(), self.key, 0)), 200)

    # === EVENTS ===#
    def message(self, **values):
        return {
            "id": 12345,
            "token": "abcdef123",
            "direction": "outgoing",
            "message_id": "1@example.com",
            "to": "alice@example.com",
            "from": "me@example.com",
            "subject": "Hello",
            "timestamp": NOW_SECONDS - 5.25,
            "spam_status": "NotSpam",
            "tag": REFERENCE,
            **values,
        }

    def item(self, event, message=None, **values):
        return {
            "event": event,
            "timestamp": NOW_SECONDS,
            "uuid": "820b47a4-4dfd-42e4-ae6a-1e5bed5a33fd",
            "payload": {"message": message or self.message(), **values},
        }

    def assertEvent(self, item, event, **values):
        self.assertReport(item, event_type=event, key=item["uuid"], **values)

    def status(self, event, status, output, details="Tried"):
        return self.item(
            event, status=status, output=output, details=details, timestamp=NOW_SECONDS
        )

    def test_documented_events(self):
        agent = {"ip_address": "192.0.2.1", "user_agent": "Thunderbird"}
        bounced = self.item("MessageBounced", bounce={"subject": "Delivery Error"})
        bounced["payload"]["original_message"] = bounced["payload"].pop("message")
        self.assertEvents(
            [
                (
                    self.status("MessageSent", "Sent", "250 2.0.0 OK"),
                    "delivered",
                    {"diagnostic": "250 2.0.0 OK"},
                ),
                (
                    self.status("MessageDelayed", "SoftFail", "451 later"),
                    "deferral",
                    {"diagnostic": "451 later"},
                ),
                (
                    self.status("MessageHeld", "Held", "", "Credential is held"),
                    "deferral",
                    {"diagnostic": "Credential is held"},
                ),
                (
                    self.status("MessageDeliveryFailed", "HardFail", "550 5.1.1 No"),
                    "hard_bounce",
                    {"error_type": "address_unknown", "diagnostic": "550 5.1.1 No"},
                ),
                (
                    self.status("MessageDeliveryFailed", "HardFail", "452 4.2.2 Full"),
                    "soft_bounce",
                    {"error_type": "mailbox_full", "diagnostic": "452 4.2.2 Full"},
                ),
                (
                    self.status("MessageDeliveryFailed", "HardFail", "", "Failed"),
                    "hard_bounce",
                    {"error_type": "mail_bounce", "diagnostic": "Failed"},
                ),
                (
                    bounced,
                    "hard_bounce",
                    {"error_type": "mail_bounce", "diagnostic": "Delivery Error"},
                ),
                (
                    self.item("MessageLoaded", **agent),
                    "open",
                    {"evidence": "human", "agent": "Thunderbird"},
                ),
                (
                    self.item("MessageLinkClicked", url="x", **agent),
                    "click",
                    {"agent": "Thunderbird"},
                ),
                (
                    self.item("MessageTeleported"),
                    "other",
                    {"diagnostic": "MessageTeleported"},
                ),
            ]
        )

    def test_recipient_on_the_list(self):
        """Postal does not try, and says so of a message that it holds."""
        answer = "Recipient (alice@example.com) is on the suppression list (reason: x)"
        for event, status in (
            ("MessageHeld", "Held"),
            ("MessageDeliveryFailed", "HardFail"),
        ):
            self.assertEvent(
                self.status(event, status, "", answer),
                "reject",
                error_type="mail_bl",
                diagnostic=answer,
            )

    def test_recipient_put_on_the_list(self):
        """The reason was another: what the server said, or that it said nothing."""
        answer = "550 5.1.1 No such user"
        failed = "Permanent SMTP error. Recipient added to suppression list"
        self.assertEvent(
            self.status("MessageDeliveryFailed", "HardFail", answer, failed),
            "hard_bounce",
            error_type="address_unknown",
            diagnostic=answer,
        )
        tried = "Maximum number of delivery attempts (18) has been reached."
        listed = f"{tried} Added alice@example.com to suppression list because delivery"
        self.assertEvent(
            self.status("MessageDeliveryFailed", "HardFail", "", listed),
            "soft_bounce",
            error_type="timeout",
            diagnostic=listed,
        )

    def test_why_postal_gives_up(self):
        """None of it says that the address is dead."""
        for answer, event, error_type in (
            ("Message is likely spam. Threshold is 5.", "reject", "mail_spam"),
            ("Message's domain no longer exist", "reject", "sender_unverified"),
            ("Raw message has been removed.", "soft_bounce", "server_problem"),
        ):
            self.assertEvent(
                self.status("MessageDeliveryFailed", "HardFail", "", answer),
                event,
                error_type=error_type,
                diagnostic=answer,
            )

    def test_events_about_no_mail(self):
        server = {"server": {"name": "Mail"}, "volume": 950, "limit": 1000}
        self.assertIgnored(
            {"event": "DomainDNSError", "payload": {"domain": "example.com"}},
            {"event": "SendLimitApproaching", "payload": server},
            {"event": "SendLimitExceeded", "payload": server},
            self.item("MessageSent", self.message(direction="incoming")),
        )

    def test_without_a_tag(self):
        for message in (
            self.message(tag=None),
            self.message(tag="welcome", message_id="<1@example.com>"),
        ):
            item = self.item("MessageSent", message)
            self.assertEvent(item, "delivered", reference="<1@example.com>")
