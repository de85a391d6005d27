from odoo.tests import tagged

from .common import TrackingCase


@tagged("post_install", "-at_install")
class TestOtherModules(TrackingCase):
    """Modules that the addon does not need: looked at where they are installed."""

    def test_quotation_is_tracked(self):
        if "sale.order" not in self.env:
            self.skipTest("sale is not installed")
        order = self.env["sale.order"].create({"partner_id": self.alice.id})
        composer = (
            self.env["mail.compose.message"]
            .with_context(**order.action_quotation_send()["context"])
            .create({})
        )
        with self.sending():
            composer._action_send_mail()
        tracking = self.Tracking.search(
            [("model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        self.assertEqual(tracking.partner_id, self.alice)
        self.assertTracked(tracking, "sent", ["queued", "sent"])

    def test_mailings_are_left_alone(self):
        if "mailing.mailing" not in self.env:
            self.skipTest("mass_mailing is not installed")
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "A mailing",
                "body_html": "<p>Hello</p>",
                "mailing_model_id": self.env["ir.model"]._get("res.partner").id,
                "mailing_domain": [("id", "=", self.alice.id)],
            }
        )
        with self.sending():
            mailing.action_send_mail()
            self.env["mail.mail"].process_email_queue()
        sent = self.sent_message("alice@example.com")
        self.assertEqual(self.pixel_urls(sent), [])
        self.assertIn("/mail/track/", sent.get_body(("html",)).get_content())
        self.assertFalse(self.Tracking.search([("name", "=", "A mailing")]))
