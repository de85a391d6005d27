from odoo.tests import tagged

from ...hooks import uninstall_hook
from ..helpers.smtp_server import pixel_urls, sending
from ..helpers.tracking_case import TrackingCase


@tagged("post_install", "-at_install", "-standard", "mat_modules")
class TestOtherModules(TrackingCase):
    """Modules that work with the addon, but are not required.

    They run in the stage of `./dev test` that installs those modules.
    """

    def test_quotation_is_tracked(self):
        order = self.env["sale.order"].create({"partner_id": self.alice.id})
        composer = (
            self.env["mail.compose.message"]
            .with_context(**order.action_quotation_send()["context"])
            .create({})
        )
        with sending():
            composer._action_send_mail()
        tracking = self.Tracking.search(
            [("model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        self.assertEqual(tracking.partner_id, self.alice)
        self.assertTracked(tracking, "sent", ["queued", "sent"])

    def test_mailings_are_left_alone(self):
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "A mailing",
                "body_html": "<p>Hello</p>",
                "mailing_model_id": self.env["ir.model"]._get("res.partner").id,
                "mailing_domain": [("id", "=", self.alice.id)],
            }
        )
        with sending():
            mailing.action_send_mail()
            self.env["mail.mail"].process_email_queue()
        sent = self.smtp.message_to("alice@example.com")
        self.assertEqual(pixel_urls(sent), [])
        self.assertIn("/mail/track/", sent.get_body(("html",)).get_content())
        self.assertFalse(self.Tracking.search([("name", "=", "A mailing")]))

    def test_merged_leads_keep_their_mails(self):
        self.smtp.refused["alice@example.com"] = "550 5.1.1 No such user"
        leads = self.env["crm.lead"].create(
            [{"name": name, "type": "opportunity"} for name in ("One", "Two")]
        )
        messages = self.env["mail.message"]
        for lead in leads:
            self.document = lead
            messages += self.post(self.alice)
        kept = leads.merge_opportunity()
        trackings = self.Tracking.search([("mail_message_id", "in", messages.ids)])
        self.assertEqual(len(trackings), 2)
        self.assertEqual(set(trackings.mapped("res_id")), {kept.id})
        self.assertEqual(kept.mail_tracking_state, "error")

    def test_favorite_filters_of_mailings_go_with_the_addon(self):
        values = {"mailing_model_id": self.env["ir.model"]._get("res.partner").id}
        gone, kept = self.env["mailing.filter"].create(
            [
                {**values, "name": name, "mailing_domain": f"[('{name}', '=', True)]"}
                for name in ("mail_tracking_bounces", "active")
            ]
        )
        uninstall_hook(self.env)
        self.assertFalse(gone.exists())
        self.assertTrue(kept.exists())
