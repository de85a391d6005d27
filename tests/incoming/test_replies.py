from odoo.tests import tagged

from ..helpers.report_case import ReportCase


@tagged("post_install", "-at_install")
class TestReplies(ReportCase):
    def setUp(self):
        super().setUp()
        self.message = self.post(self.alice + self.bob)
        self.to_alice, self.to_bob = self.trackings_of(self.message)

    def reply(self, sender, headers="", answers=None, **values):
        answers = answers or f"In-Reply-To: {self.message.message_id}"
        message_id = values.get("message_id", "<reply@example.com>")
        self.receive(
            f"From: {sender}\nTo: {self.env.company.catchall_email}\n"
            f"Subject: Re: Hello\nMessage-Id: {message_id}\n{answers}\n{headers}\nYes!"
        )

    def assertReplied(self, tracking):
        self.assertTracked(tracking, "opened", ["queued", "sent", "reply"])
        event = tracking.tracking_event_ids.sorted("id")[-1]
        self.assertRecordValues(
            event,
            [
                {
                    "source": "gateway",
                    "evidence": "reply",
                    "recipient": "alice@example.com",
                    "attempt": 1,
                }
            ],
        )

    def test_a_reply_proves_reading(self):
        self.reply("Alice <Alice@Example.com>")
        self.assertReplied(self.to_alice)
        self.assertTracked(self.to_bob, "sent", ["queued", "sent"])

    def test_twice_is_once(self):
        self.reply("alice@example.com")
        self.reply("alice@example.com")
        self.assertReplied(self.to_alice)

    def test_a_reply_of_somebody_else(self):
        self.reply("eve@example.com")
        self.assertTracked(self.to_alice, "sent", ["queued", "sent"])
        self.assertTracked(self.to_bob, "sent", ["queued", "sent"])

    def test_a_reply_by_a_machine(self):
        for number, headers in enumerate(
            ("Auto-Submitted: auto-generated\n", "Precedence: junk\n")
        ):
            self.reply(
                "alice@example.com", headers, message_id=f"<m{number}@example.com>"
            )
            self.assertNotEqual(self.to_alice.state, "opened")

    def test_a_reply_of_a_person_through_a_ticket_system(self):
        self.reply("alice@example.com", "Precedence: bulk\n")
        self.assertEqual(self.to_alice.state, "opened")

    def test_only_the_newest_mail_that_is_answered(self):
        second = self.post(self.alice)
        newer = self.trackings_of(second)
        first_id, second_id = self.message.message_id, second.message_id
        self.reply("alice@example.com", answers=f"References: {first_id}\n {second_id}")
        self.assertReplied(newer)
        self.assertTracked(self.to_alice, "sent", ["queued", "sent"])

    def test_a_reply_beats_a_bounce(self):
        self.receive(self.dsn("alice@example.com"))
        self.assertEqual(self.to_alice.state, "bounced")
        self.reply("alice@example.com")
        self.assertEqual(self.to_alice.state, "opened")
