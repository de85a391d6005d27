from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ...tools.consent import ALLOWED, CONSENT, NO_OPENS, REFUSED, STANDARD
from ..helpers.webhook_mail_case import WebhookMailCase


@tagged("post_install", "-at_install")
class TestProviderOpens(WebhookMailCase):
    """Opens and clicks of providers are dropped where opens are not recorded."""

    def set_preset(self, preset):
        self.env["res.company"].search([]).mail_tracking_preset = preset

    def choose(self, choice):
        self.env["mail.tracking.consent"]._choose(["alice@example.com"], choice)

    def report_all(self):
        earlier = fields.Datetime.now() - timedelta(minutes=1)
        return self.report(
            self.item("delivered", timestamp=f"{earlier.isoformat()}Z"),
            self.item("open", evidence="human"),
            self.item("click", evidence="human"),
        )

    def assertDropped(self, stored):
        self.assertTracked(
            self.tracking, "delivered", ["queued", "sent", "delivered"], open_count=0
        )
        self.assertEqual(stored.state, "done")
        self.assertFalse(stored.body)
        self.assertEqual((stored.event_count, stored.ignored_count), (1, 2))

    def assertKept(self, stored):
        self.assertEqual(self.tracking.state, "opened")
        self.assertEqual(self.tracking.open_count, 1)
        self.assertIn('"open"', stored.body)
        self.assertEqual(stored.event_count, 3)

    def test_standard(self):
        self.set_preset(STANDARD)
        self.assertKept(self.report_all())

    def test_standard_of_who_has_refused(self):
        self.choose(REFUSED)
        self.assertDropped(self.report_all())

    def test_no_opens(self):
        self.set_preset(NO_OPENS)
        self.choose(ALLOWED)
        self.assertDropped(self.report_all())

    def test_consent_of_who_was_not_asked(self):
        self.set_preset(CONSENT)
        self.assertDropped(self.report_all())

    def test_consent_of_who_has_allowed(self):
        self.set_preset(CONSENT)
        self.choose(ALLOWED)
        self.assertKept(self.report_all())

    def test_mail_that_never_records_opens(self):
        self.tracking.opens = "never"
        self.choose(ALLOWED)
        self.assertDropped(self.report_all())

    def test_opens_of_no_mail_of_ours(self):
        """Opens of unknown emails are kept only if every company records opens."""
        unknown = self.item("open", reference="<other@example.com>")
        self.assertTrue(self.report(unknown).body)
        self.set_preset(CONSENT)
        self.assertFalse(self.report({**unknown, "id": "2"}).body)

    def test_deliveries_are_kept_as_they_came(self):
        self.set_preset(NO_OPENS)
        self.assertIn("delivered", self.report(self.item("delivered")).body)
