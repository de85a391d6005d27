from odoo.tests import tagged

from ...providers.scaleway import BUCKET, SNS
from ..helpers.webhook_case import REFERENCE, AdapterCase, WebhookCase
from ..helpers.webhook_sns import (
    AUTHORITY,
    OTHER,
    PRIVATE,
    SnsSecurityCase,
    certificate_of,
)

CHAIN_URL = f"{BUCKET}/fr-par/sns/sns-trust-chain.pem"


@tagged("post_install", "-at_install")
class TestWebhookScaleway(SnsSecurityCase, AdapterCase, WebhookCase):
    provider = "scaleway"
    key = "arn:scw:sns:fr-par:project-0000:mails"
    service = SNS
    certificate_url = f"{BUCKET}/fr-par/sns/sns-cert-1.pem"
    confirmation_url = (
        "https://sns.mnq.fr-par.scaleway.com/?Action=ConfirmSubscription&Token=x"
    )
    bad_certificate_urls = (
        "http://messaging.s3.fr-par.scw.cloud/fr-par/sns/sns-cert-1.pem",
        "https://bucket.s3.fr-par.scw.cloud/fr-par/sns/sns-cert-1.pem",
        "https://messagings3.fr-par.scw.cloud/fr-par/sns/sns-cert-1.pem",
        f"{BUCKET}/fr-par/sns/../../sns-cert-1.pem",
        f"{BUCKET}/fr-par/other/sns-cert-1.pem",
        f"{BUCKET}.example.com/fr-par/sns/sns-cert-1.pem",
    )

    def setUp(self):
        super().setUp()
        self.web[CHAIN_URL] = self.chain(AUTHORITY)

    def chain(self, private):
        """Return a chain with an authority behind another certificate."""
        root = certificate_of(OTHER, OTHER, "root", "root")
        return root + certificate_of(private, private, "authority")

    def test_certificate_of_another_authority(self):
        self.web[CHAIN_URL] = self.chain(OTHER)
        self.assertRefused()

    def test_certificate_of_no_authority(self):
        self.web[self.certificate_url] = certificate_of(PRIVATE, PRIVATE, "x", "x")
        self.assertRefused()

    def test_authority_that_is_none(self):
        self.web[CHAIN_URL] = b"hello"
        self.assertRefused()

    # === EVENTS ===#
    def item(self, kind, **values):
        return {
            "id": "event-1",
            "type": kind,
            "domain_name": "example.com",
            "created_at": "2026-11-22T10:00:00.123456789Z",
            "email_id": "email-1",
            "email_to": "alice@example.com",
            "email_headers": [
                {"name": "Subject", "value": "Hello"},
                {"name": "x-odoo-mail-tracking-reference", "value": REFERENCE},
            ],
            **values,
        }

    def assertEvent(self, item, event, **values):
        (report,) = self.reports_in(item)
        self.assertEqual(report.time.microsecond, 123456)
        self.assertReport(
            item, event_type=event, key="event-1", time=report.time, **values
        )

    def test_on_its_way(self):
        answer = {"email_response_code": 250, "email_response_message": "2.0.0 OK"}
        item = self.item("email_delivered", **answer)
        self.assertEvent(item, "delivered", diagnostic="250 2.0.0 OK")
        item = self.item("email_deferred", email_error="451 later")
        self.assertEvent(item, "deferral", diagnostic="451 later")

    def test_failures(self):
        for kind, event, error_type in (
            ("email_dropped", "hard_bounce", "mail_bounce"),
            ("email_mailbox_not_found", "hard_bounce", "address_unknown"),
            ("email_spam", "reject", "mail_spam"),
            ("email_blocklisted", "reject", "mail_bl"),
        ):
            self.assertEvent(self.item(kind), event, error_type=error_type)

    def test_others_are_kept(self):
        for kind in ("email_queued", "unknown_type"):
            self.assertEvent(self.item(kind), "other", diagnostic=kind)

    def test_event_without_a_mail(self):
        self.assertEqual(
            self.reports_in({"id": "1", "type": "blocklist_created"}), [None]
        )
