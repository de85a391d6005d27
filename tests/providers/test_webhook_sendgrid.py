import base64

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

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

    def test_documented_events(self):
        person = {"useragent": "Thunderbird", "sg_machine_open": False}
        machine = {"useragent": "Thunderbird", "sg_machine_open": True}
        agent = {"agent": "Thunderbird"}
        self.assertEvents(
            [
                (self.item("processed"), "other", {"diagnostic": "processed"}),
                (
                    self.item("delivered", response="250 OK"),
                    "delivered",
                    {"diagnostic": "250 OK"},
                ),
                (
                    self.item("deferred", response="451 later", attempt="3"),
                    "deferral",
                    {"diagnostic": "451 later"},
                ),
                (
                    self.item("open", **person),
                    "open",
                    {**agent, "evidence": "human", "is_bot": False},
                ),
                (
                    self.item("open", **machine),
                    "open",
                    {**agent, "evidence": "machine", "is_bot": True},
                ),
                (
                    self.item("open", useragent="x GoogleImageProxy"),
                    "open",
                    {"evidence": "proxy", "agent": "x GoogleImageProxy"},
                ),
                (self.item("click", useragent="Thunderbird"), "click", agent),
                (self.item("spamreport"), "spam", {}),
                (self.item("unsubscribe"), "unsub", {}),
                (
                    self.item("group_unsubscribe", asm_group_id=10),
                    "unsub",
                    {"diagnostic": "asm_group_id 10"},
                ),
                (
                    self.item("group_resubscribe", asm_group_id=10),
                    "other",
                    {"diagnostic": "group_resubscribe"},
                ),
                (self.item("teleported"), "other", {"diagnostic": "teleported"}),
            ]
        )

    def test_documented_bounces(self):
        for values, event, error_type, answer in (
            (
                {"type": "bounce", "status": "5.1.1", "reason": "550 No user"},
                "hard_bounce",
                "address_unknown",
                "5.1.1 550 No user",
            ),
            ({}, "hard_bounce", "mail_bounce", ""),
            (
                {"type": "blocked", "status": "4.0.0", "reason": "bad IP"},
                "reject",
                "policy",
                "4.0.0 bad IP",
            ),
            (
                {"type": "expired", "reason": "unable to get mx info"},
                "soft_bounce",
                "timeout",
                "unable to get mx info",
            ),
            ({"type": "new"}, "soft_bounce", "mail_bounce", ""),
        ):
            with self.subTest(values=values):
                item = self.item("bounce", **values)
                self.assertEvent(item, event, error_type=error_type, diagnostic=answer)

    def test_documented_classes(self):
        for named, event, error_type in (
            ("Invalid Address", "hard_bounce", "address_unknown"),
            ("Technical Failure", "soft_bounce", "server_problem"),
            ("Technical", "soft_bounce", "server_problem"),
            ("Content", "reject", "content_refused"),
            ("Reputation", "reject", "policy"),
            ("Frequency or Volume Too High", "soft_bounce", "postponed"),
            ("Mailbox Unavailable", "hard_bounce", "mailbox_disabled"),
            ("Unclassified", "hard_bounce", "mail_bounce"),
        ):
            item = self.item("bounce", type="bounce", bounce_classification=named)
            self.assertEvent(item, event, error_type=error_type)

    def test_dropped(self):
        for reason, error_type in (
            ("Bounced Address", "mail_bl"),
            ("Spam Reporting Address", "mail_bl"),
            ("Unsubscribed Address", "mail_optout"),
            ("Invalid", "mail_email_invalid"),
            ("Spam Content (if Spam Checker app is enabled)", "mail_spam"),
            ("Recipient List over Package Quota", "postponed"),
            ("Invalid SMTPAPI header", "policy"),
            (None, "policy"),
        ):
            item = self.item("dropped", reason=reason)
            expected = {"error_type": error_type, "diagnostic": reason or ""}
            self.assertEvent(item, "reject", **expected)

    def test_key_with_its_armour(self):
        """The key in the form of a file is accepted."""
        der = base64.b64decode(self.key)
        pem = load_der_public_key(der).public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
        for key in (pem.decode(), pem.decode().replace("\n", " ")):
            with self.subTest(key=key):
                self.set_keys(key)
                headers = self.sign(self.payload(), self.key, NOW_SECONDS)
                self.assertEqual(self.post(headers=headers), 200)

    def test_events_of_the_account(self):
        event = {"event": "account_status_change", "type": "compliance_suspend"}
        self.assertIgnored({**event, "sg_event_id": "1", "timestamp": NOW_SECONDS})

    def test_batch_with_a_bad_item(self):
        good = self.item("delivered")
        reports = self.reports_in(good, {"event": "bounce", "type": "new"}, good)
        self.assertEqual([bool(report) for report in reports], [True, False, True])
