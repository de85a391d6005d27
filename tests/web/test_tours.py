from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import MailCommon

from ..helpers.smtp_server import pixel_urls, sending
from ..helpers.tracking_case import TrackingCase


@tagged("post_install", "-at_install")
class TestTours(HttpCase, MailCommon):
    """What a person sees in the browser, with messages posted by real code."""

    def test_recipient_status(self):
        record, rita, nora = self.env["res.partner"].create(
            [
                {"name": "Record"},
                {"name": "Rita Recipient", "email": "rita@example.com"},
                {"name": "Nora Noaddress"},
            ]
        )
        with self.mock_mail_gateway():
            record.message_post(
                body="Hello",
                message_type="comment",
                outgoing_email_to="raw@example.com",
                partner_ids=(rita + nora).ids,
                subtype_xmlid="mail.mt_comment",
            )
        self.start_tour(
            f"/odoo/res.partner/{record.id}",
            "mail_activity_tracking.recipient_status",
            login="admin",
        )


@tagged("post_install", "-at_install")
class TestPostedTour(TrackingCase, HttpCase):
    def test_written_in_the_chatter_seen_as_sent(self):
        with sending():
            self.start_tour(
                f"/odoo/res.partner/{self.alice.id}",
                "mail_activity_tracking.posted_mail",
                login="admin",
            )
        sent = self.smtp.message_to("alice@example.com").get_body(("html",))
        self.assertIn("Dear Alice", sent.get_content())
        message = self.alice.message_ids.filtered(lambda m: "Dear Alice" in m.body)
        self.assertTracked(self.trackings_of(message), "sent", ["queued", "sent"])


@tagged("post_install", "-at_install")
class TestOpenedTour(TrackingCase, HttpCase):
    def test_posted_fetched_seen_as_opened(self):
        message = self.post(self.alice)
        self.let_pass(self.trackings_of(message))
        (url,) = pixel_urls(self.smtp.message_to("alice@example.com"))
        self.url_open(url, headers={"User-Agent": "Thunderbird/128.0"})
        self.assertEqual(self.trackings_of(message).state, "opened")
        self.start_tour(
            f"/odoo/res.partner/{self.document.id}",
            "mail_activity_tracking.opened_mail",
            login="admin",
        )

    def test_read_why_it_failed_with_the_keyboard_only(self):
        self.smtp.refused["bob@example.com"] = "550 5.1.1 No such user"
        self.post(self.bob)
        self.start_tour(
            f"/odoo/res.partner/{self.document.id}",
            "mail_activity_tracking.keyboard",
            login="admin",
        )


@tagged("post_install", "-at_install")
class TestContactTour(TrackingCase, HttpCase):
    def test_bounces_seen_and_mended(self):
        self.post(self.alice)
        self.trackings_of(self.post(self.alice)).state = "bounced"
        self.start_tour(
            f"/odoo/res.partner/{self.alice.id}",
            "mail_activity_tracking.contact_bounces",
            login="admin",
        )
        self.assertEqual(self.alice.email, "alice.able@example.com")
        self.assertFalse(self.alice.mail_tracking_bounces)


@tagged("post_install", "-at_install")
class TestMailStateTour(TrackingCase, HttpCase):
    def test_list_filter_group(self):
        self.smtp.refused["bob@example.com"] = "550 5.1.1 User unknown"
        Partner = self.env["res.partner"]
        for name, recipient in [("Bob", self.bob), ("Alice", self.alice)]:
            self.document = Partner.create({"name": f"Mail State {name}"})
            self.post(recipient)
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "Mail State",
                "res_model": "res.partner",
                "view_mode": "list",
                "domain": [("name", "like", "Mail State")],
            }
        )
        self.start_tour(
            f"/odoo/action-{action.id}",
            "mail_activity_tracking.mail_state",
            login="admin",
        )
