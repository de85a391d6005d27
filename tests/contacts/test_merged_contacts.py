from itertools import product

from odoo.fields import Command
from odoo.tests import tagged

from ...tools.states import FAILED_STATES, STATE_RANK
from ..helpers.smtp_server import sending
from ..helpers.tracking_case import TrackingCase


@tagged("post_install", "-at_install")
class TestMergedContacts(TrackingCase):
    """One status is shown after two recipients of a message were merged."""

    def setUp(self):
        super().setUp()
        self.message = self.post(self.alice + self.bob)
        self.to_alice, self.to_bob = self.trackings_of(self.message)

    def event(self, tracking, event_type, **values):
        tracking._add_events({"event_type": event_type, "source": "dsn", **values})
        tracking._update_state()

    def merge(self):
        """Merge Bob into Alice, the day after the messages."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE mail_message SET create_date = '2020-01-01'")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.alice + self.bob).ids, self.alice)
        self.env.invalidate_all()

    def shown(self):
        """Return the trackings that the chatter gets for the message."""
        rows = self.Tracking._chatter_rows(self.message.ids)[self.message.id]
        return self.Tracking.browse(row["id"] for row in rows)

    def assertShown(self, tracking):
        """Check the chatter, the timeline, Mail State, failures and counters."""
        self.assertEqual(self.shown(), tracking)
        is_failed = tracking.state in FAILED_STATES
        failures = self.Tracking._failures_by_message(self.message.ids)
        ids = [value[0] for value in failures[self.message.id]]
        self.assertEqual(ids, tracking.ids if is_failed else [])
        counts = self.Tracking._failed_counts("res.partner", self.document.ids)
        self.assertEqual(counts[self.document.id], int(is_failed))
        author = self.message.author_id
        counters = self.Tracking._failed_counters(author.ids)
        self.assertEqual(counters[author.id], int(is_failed))
        mine = self.Tracking.search(self.Tracking._failed_domain(author))
        self.assertEqual(mine, tracking if is_failed else tracking.browse())
        self.document.invalidate_recordset()
        summary = self.document.mail_tracking_summary
        self.assertEqual(summary and summary[0][:2], [tracking.state, 1])
        status = self.document.mail_tracking_state
        matching = self.document.search(
            [("mail_tracking_state", "=", status), ("id", "=", self.document.id)]
        )
        self.assertEqual(matching, self.document)

    def test_the_one_of_highest_rank(self):
        kinds = ("sent", "error", "hard_bounce", "reply")
        for first, second in product(kinds, kinds):
            with self.subTest(first=first, second=second):
                self.document = self.document.create({"name": "Document"})
                message = self.post(self.alice + self.bob)
                to_alice, to_bob = self.trackings_of(message)
                self.event(to_alice, first)
                self.event(to_bob, second)
                to_bob.partner_id = self.alice  # what core does in SQL
                self.env.flush_all()
                self.Tracking._merge_partners(self.alice)
                self.message = message
                shown = self.shown().ensure_one()
                best = max((to_alice + to_bob).mapped("state"), key=STATE_RANK.get)
                self.assertEqual(shown.state, best)
                self.assertShown(shown)
                (to_alice + to_bob).reviewed = True  # counted no more

    def test_bounced_and_sent(self):
        self.event(self.to_alice, "hard_bounce")
        self.merge()
        self.assertEqual(self.to_bob.partner_id, self.alice)
        self.assertEqual(self.to_bob.state, "sent")
        self.assertShown(self.to_alice)
        self.assertEqual(self.alice.mail_tracking_total, "1")

    def test_what_comes_later_changes_which_is_shown(self):
        self.merge()
        for tracking, kind, shown in (
            (self.to_alice, "delivered", self.to_alice),
            (self.to_bob, "soft_bounce", self.to_bob),
            (self.to_alice, "hard_bounce", self.to_alice),
            (self.to_bob, "reply", self.to_bob),
        ):
            self.event(tracking, kind)
            self.assertShown(shown)

    def test_pixel_of_the_other_one(self):
        self.env["ir.config_parameter"].set_param(
            "mail_activity_tracking.early_open_seconds", "0"
        )
        self.event(self.to_alice, "hard_bounce")
        self.merge()
        self.assertEqual(self.shown(), self.to_alice)
        self.Tracking._register_open(self.to_bob.token, "human")
        self.assertEqual(self.to_bob.state, "opened")
        self.assertShown(self.to_bob)

    def test_retry_puts_both_failures_behind(self):
        self.event(self.to_alice, "hard_bounce")
        self.event(self.to_bob, "soft_bounce")
        self.merge()
        self.assertShown(self.to_alice)
        with sending():
            retried, obstacles = (self.to_alice + self.to_bob)._retry()
        self.assertEqual((retried, obstacles), (self.to_alice, {}))
        self.assertEqual(self.to_alice.state, "sent")
        self.assertEqual(self.to_bob.state, "canceled")
        self.assertShown(self.to_alice)

    def test_retry_though_the_other_one_was_sent(self):
        self.alice.email = self.bob.email
        self.to_alice.recipient_address = "bob@example.com"
        self.event(self.to_alice, "hard_bounce")
        self.merge()
        with sending():
            retried, obstacles = self.to_alice._retry()
        self.assertEqual((retried, obstacles), (self.to_alice, {}))

    def test_merged_while_the_mail_is_queued(self):
        for is_message_kept in (True, False):
            with self.subTest(is_message_kept=is_message_kept):
                carol = self.env["res.partner"].create(
                    {"name": "Carol", "email": "carol@example.com"}
                )
                mail = self.new_mail(
                    recipient_ids=[Command.set((self.alice + carol).ids)],
                    auto_delete=not is_message_kept,
                )
                trackings = self.trackings_of(mail)
                self.assertEqual(len(trackings), 2)
                wizard = self.env["base.partner.merge.automatic.wizard"].create({})
                wizard._merge((self.alice + carol).ids, self.alice)
                self.env.invalidate_all()
                before = len(self.smtp.messages)
                self.send(mail)
                self.assertEqual(len(self.smtp.messages), before + 1)
                states = sorted(trackings.mapped("state"))
                self.assertEqual(states, ["canceled", "sent"])
                canceled = trackings.filtered(lambda t: t.state == "canceled")
                self.assertIn("merged", canceled.error_description)

    def new_mail_to_bob(self, message):
        """Queue a further mail of a message."""
        return self.env["mail.mail"].create(
            {
                "mail_message_id": message.id,
                "is_notification": True,
                "recipient_ids": [Command.set(self.bob.ids)],
                "email_from": "sender@example.com",
                "body_html": "<p>x</p>",
            }
        )

    def test_merged_while_two_mails_are_queued(self):
        with self.mock_mail_gateway():
            message = self.document.message_post(
                body="x", partner_ids=self.alice.ids, message_type="comment"
            )
        (to_alice,) = self.trackings_of(message)
        self.event(to_alice, "hard_bounce")
        mail = self.new_mail_to_bob(message)
        to_bob = self.trackings_of(message) - to_alice
        self.assertEqual(to_bob.state, "waiting")
        self.merge()
        self.send(mail)
        self.assertEqual((to_alice.state, to_bob.state), ("bounced", "sent"))
        self.message = message
        self.assertEqual(self.shown(), to_alice)

    def test_somebody_was_added_to_the_mail_of_a_merged_contact(self):
        """Alice has got the message: Bob's mail is left to whom it was added for."""
        message = self.post(self.alice)
        mail = self.new_mail_to_bob(message)
        mail.email_to = "added@example.com"
        self.merge()
        self.smtp.messages.clear()
        self.send(mail)
        recipients = [to for to, _text in self.smtp.messages]
        self.assertEqual(recipients, [["added@example.com"]])
