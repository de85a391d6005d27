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
                {"key": "Subject", "value": "Hello"},
                {"key": "x-odoo-mail-tracking-reference", "value": REFERENCE},
            ],
            **values,
        }

    def assertEvent(self, item, event, **values):
        (report,) = self.reports_in(item)
        self.assertEqual(report.time.microsecond, 123456)
        self.assertReport(
            item, event_type=event, key="event-1", time=report.time, **values
        )

    def test_documented_events(self):
        def answer(code, words):
            return {"email_response_code": code, "email_response_message": words}

        listed = {
            "blocklist_id": "list-1",
            "blocklist_type": "mailbox_not_found",
            "blocklist_reason": "550 5.1.1 No such user",
            "email_id": None,
        }
        self.assertEvents(
            [
                (
                    self.item("email_delivered", **answer(250, "2.0.0 OK")),
                    "delivered",
                    {"diagnostic": "250 2.0.0 OK"},
                ),
                (
                    self.item(
                        "email_deferred", email_try_count=2, **answer(451, "later")
                    ),
                    "deferral",
                    {"diagnostic": "451 later"},
                ),
                (
                    self.item("email_deferred", email_error="451 later"),
                    "deferral",
                    {"diagnostic": "451 later"},
                ),
                (
                    self.item("email_dropped", **answer(552, "5.2.2 Over quota")),
                    "soft_bounce",
                    {
                        "error_type": "mailbox_full",
                        "diagnostic": "552 5.2.2 Over quota",
                    },
                ),
                (
                    self.item("email_dropped"),
                    "hard_bounce",
                    {"error_type": "mail_bounce"},
                ),
                (
                    self.item("email_mailbox_not_found"),
                    "hard_bounce",
                    {"error_type": "address_unknown"},
                ),
                (
                    self.item("email_spam", **answer(550, "Not wanted")),
                    "reject",
                    {"error_type": "mail_spam", "diagnostic": "550 Not wanted"},
                ),
                (
                    self.item("email_blocklisted", **listed),
                    "reject",
                    {
                        "error_type": "mail_bl",
                        "diagnostic": "mailbox_not_found 550 5.1.1 No such user",
                    },
                ),
                (self.item("email_queued"), "other", {"diagnostic": "email_queued"}),
                (self.item("unknown_type"), "other", {"diagnostic": "unknown_type"}),
            ]
        )

    def test_list_of_addresses_is_no_mail(self):
        item = self.item("blocklist_created", blocklist_type="mailbox_full")
        del item["email_headers"]
        self.assertIgnored(item)

    def test_headers_as_other_services_write_them(self):
        """Only the documented names are accepted."""
        headers = [{"name": "X-Odoo-Mail-Tracking-Reference", "value": REFERENCE}]
        item = self.item("email_delivered", email_headers=headers)
        self.assertEvent(item, "delivered", reference="")

    def test_confirmation_at_a_customers_function(self):
        for url in (
            "https://x.functions.fnc.fr-par.scw.cloud/?Action=ConfirmSubscription",
            "https://sns.mnq.nl-ams.scaleway.com/?Action=ConfirmSubscription&Token=x",
        ):
            with self.subTest(url=url):
                self.subscribe(url)
                self.assertFalse(self.fetched)
                self.stored().sudo().unlink()
