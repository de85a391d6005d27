from odoo.tests import HttpCase, new_test_user, tagged

from .common import TrackingCase


@tagged("post_install", "-at_install")
class TestTimeline(TrackingCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.smtp.refused["alice@example.com"] = "550 5.1.1 No such user"
        self.message = self.post(self.alice)
        self.tracking = self.trackings_of(self.message)

    def timeline(self, **params):
        return self.make_jsonrpc_request("/mail/tracking/timeline", params)

    def test_story_of_a_recipient(self):
        self.authenticate("admin", "admin")
        story = self.timeline(tracking_id=self.tracking.id)
        self.assertEqual(story["address"], "alice@example.com")
        self.assertEqual(story["partner_id"], self.alice.id)
        self.assertTrue(story["can_read_events"])
        queued, error = story["events"]
        self.assertEqual((queued["type"], queued["attempt"]), ("queued", 1))
        self.assertEqual(error["error_type"], "address_unknown")
        self.assertEqual(error["diagnostic"], "550 5.1.1 No such user")
        self.assertEqual(error["server"], "127.0.0.1")
        self.assertEqual(error["text"], "Not sent")
        by_recipient = self.timeline(
            message_id=self.message.id, partner_id=self.alice.id
        )
        self.assertEqual(by_recipient, story)

    def test_recipient_without_partner(self):
        mail = self.new_mail(email_to="One <one@example.com>")
        self.send(mail)
        tracking = self.trackings_of(mail)
        self.authenticate("admin", "admin")
        story = self.timeline(
            message_id=tracking.mail_message_id.id, address="One@example.com"
        )
        self.assertEqual(story["tracking_id"], tracking.id)

    def test_nothing_for_those_who_may_not_read_the_message(self):
        new_test_user(self.env, "timeline-portal", groups="base.group_portal")
        other = self.env["res.company"].create({"name": "Other"})
        new_test_user(
            self.env,
            "timeline-stranger",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.document.company_id = self.env.company
        for login in ("timeline-portal", "timeline-stranger"):
            self.authenticate(login, login)
            for params in (
                {"tracking_id": self.tracking.id},
                {"message_id": self.message.id, "partner_id": self.alice.id},
                {"tracking_id": 2**31 - 1},
                {},
            ):
                with self.subTest(login=login, params=params):
                    self.assertEqual(self.timeline(**params), {})
