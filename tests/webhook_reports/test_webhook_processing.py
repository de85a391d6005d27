from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ...models.webhooks import mail_tracking_webhook as processing
from ..helpers.webhook_mail_case import WebhookMailCase

PROCESSING = processing.__name__


@tagged("post_install", "-at_install")
class TestWebhookProcessing(WebhookMailCase):
    """Requests processed by the job."""

    def test_reference_carries_the_attempt(self):
        self.assertEqual(self.reference, f"{self.tracking.token}-1")

    def test_posted_reported_delivered(self):
        stored = self.report(self.item("delivered", diagnostic="250 ok", server="mx"))
        self.assertTracked(self.tracking, "delivered", ["queued", "sent", "delivered"])
        event = self.tracking.tracking_event_ids.sorted("id")[-1]
        self.assertEqual(event.source, "webhook:generic")
        self.assertEqual(event.recipient, "alice@example.com")
        self.assertEqual(event.diagnostic, "250 ok")
        self.assertEqual(event.server, "mx")
        self.assertEqual(event.attempt, 1)
        self.assertTrue(event.idempotency_key.startswith("generic:"))
        self.assertEqual(stored.state, "done")
        self.assertEqual((stored.event_count, stored.ignored_count), (1, 0))

    def test_twice_and_out_of_order(self):
        self.report(self.item("open", evidence="human"))
        self.report(self.item("delivered"))
        stored = self.report(self.item("delivered"), self.item("open"))
        self.assertTracked(
            self.tracking,
            "opened",
            ["queued", "sent", "open", "delivered"],
            open_count=1,
        )
        self.assertTrue(self.tracking.first_open)
        self.assertEqual((stored.event_count, stored.ignored_count), (0, 2))

    def test_twice_in_one_batch(self):
        stored = self.report(self.item("delivered"), self.item("delivered"))
        self.assertTracked(self.tracking, "delivered", ["queued", "sent", "delivered"])
        self.assertEqual((stored.event_count, stored.ignored_count), (1, 1))

    def test_openings_are_counted(self):
        early = fields.Datetime.now() - timedelta(minutes=30)
        self.report(
            self.item("open", id="1", evidence="human"),
            self.item(
                "open", id="2", evidence="proxy", timestamp=f"{early.isoformat()}Z"
            ),
            self.item("open", id="3", evidence="machine"),
        )
        self.assertEqual(self.tracking.open_count, 2)
        self.assertEqual(self.tracking.first_open, early.replace(microsecond=0))
        self.assertGreater(self.tracking.last_open, early)

    def test_machine_opens_nothing(self):
        self.report(self.item("open", evidence="machine"))
        self.assertTracked(
            self.tracking, "delivered", ["queued", "sent", "open"], open_count=0
        )

    def test_bounce_explains(self):
        self.report(
            self.item(
                "hard_bounce", reason="address_unknown", diagnostic="550 5.1.1 No"
            )
        )
        self.assertTracked(
            self.tracking,
            "bounced",
            ["queued", "sent", "hard_bounce"],
            error_type="address_unknown",
            error_description="550 5.1.1 No",
        )

    def test_one_bad_item_keeps_the_good_ones(self):
        stored = self.report(self.item("delivered"), {"event": "sent"}, None)
        self.assertTracked(self.tracking, "delivered", ["queued", "sent", "delivered"])
        self.assertEqual(stored.state, "done")
        self.assertEqual(stored.problem, "2 of 3 items cannot be read")

    def test_a_recipient_that_cannot_be_read_keeps_the_good_ones(self):
        bad = self.item("delivered", recipient="(" * 5000, id="bad")
        request = self.report(bad, self.item("delivered"))
        self.assertEqual(self.tracking.state, "delivered")
        self.assertEqual((request.event_count, request.ignored_count), (1, 1))

    def test_nothing_readable(self):
        stored = self.report({"event": "sent"})
        self.assertEqual(stored.state, "failed")
        self.assertEqual(self.post(b"not JSON"), 200)
        self.process()
        self.assertEqual(self.stored()[0].state, "failed")
        self.assertEqual(self.stored()[0].problem, "Not JSON")
        self.assertTracked(self.tracking, "sent", ["queued", "sent"])

    def test_unknown_event_is_kept(self):
        self.report(self.item("teleported"))
        self.assertTracked(self.tracking, "sent", ["queued", "sent", "other"])
        event = self.tracking.tracking_event_ids.sorted("id")[-1]
        self.assertEqual(event.diagnostic, "teleported")

    def test_token_and_recipient_must_match(self):
        stored = self.report(
            self.item("delivered", recipient="bob@example.com"),
            self.item("delivered", reference="' OR 1=1 --"),
            self.item("delivered", reference=""),
        )
        self.assertTracked(self.tracking, "sent", ["queued", "sent"])
        self.assertEqual(stored.state, "done")
        self.assertEqual((stored.event_count, stored.ignored_count), (0, 3))

    def test_faster_than_the_commit(self):
        """A report about an email that does not exist yet is tried again."""
        triggers = self.env["ir.cron.trigger"]
        token = self.tracking.token
        self.tracking.token = "b" * 26
        self.tracking.flush_recordset()
        bob = self.trackings_of(self.post_message(self.bob))
        self.let_pass(bob)
        stored = self.report(
            self.item("delivered"),
            self.item(
                "open",
                evidence="human",
                reference=f"{bob.token}-1",
                recipient="bob@example.com",
            ),
        )
        self.assertEqual(stored.state, "pending")
        self.assertEqual(stored.event_count, 1)
        bob.invalidate_recordset()
        self.assertEqual(bob.state, "opened")  # nobody waits for another
        later = fields.Datetime.now() + timedelta(seconds=30)
        self.assertTrue(triggers.search_count([("call_at", ">", later)]))
        self.tracking.token = token
        self.tracking.flush_recordset()
        self.process()
        self.tracking.invalidate_recordset()
        self.assertTracked(self.tracking, "delivered", ["queued", "sent", "delivered"])
        self.assertEqual((stored.state, stored.event_count), ("done", 2))
        self.assertEqual(bob.open_count, 1)

    def test_mail_that_never_comes(self):
        stored = self.report(self.item("delivered", reference="a" * 26 + "-1"))
        self.assertEqual(stored.state, "pending")
        stored.received_at -= timedelta(minutes=11)
        self.process()
        self.assertEqual(stored.state, "done")
        self.assertEqual((stored.event_count, stored.ignored_count), (0, 1))

    def test_recipient_as_providers_write_it(self):
        self.report(self.item("delivered", recipient='"Alice" <Alice@Example.com>'))
        self.assertEqual(self.tracking.state, "delivered")

    def test_one_mail_to_several(self):
        mail = self.new_mail(email_to="one@example.com, two@example.com")
        self.send(mail)
        sent = self.smtp.message_to("one@example.com")
        self.reference = sent["X-Odoo-Mail-Tracking-Reference"]
        self.report(
            self.item("delivered", recipient="one@example.com"),
            self.item("hard_bounce", recipient="two@example.com"),
        )
        states = self.trackings_of(mail).mapped("state")
        self.assertEqual(states, ["delivered", "bounced"])

    def test_late_report_of_the_first_attempt(self):
        self.tracking._next_attempt()
        self.report(self.item("hard_bounce"))
        self.assertEqual(self.tracking.state, "waiting")
        self.reference = f"{self.tracking.token}-2"
        self.report(self.item("hard_bounce", id="second"))
        self.assertEqual(self.tracking.state, "bounced")

    def test_times_are_clamped(self):
        self.report(
            self.item("delivered", id="1", timestamp=0),
            self.item("delivered", id="2", timestamp="2999-01-01T00:00:00Z"),
            self.item("delivered", id="3", timestamp=None),
        )
        events = self.tracking.tracking_event_ids.sorted("id")[-3:]
        sent = self.tracking.create_date.replace(microsecond=0)
        now = fields.Datetime.now()
        self.assertEqual(events[0].time, sent - timedelta(hours=1))
        self.assertLessEqual(events[1].time, now + timedelta(minutes=5))
        self.assertLessEqual(now - events[2].time, timedelta(minutes=5))

    def test_texts_that_a_database_refuses(self):
        self.report(
            self.item("reject", diagnostic="\x00\ud800" + "x" * 5000, id="\x00")
        )
        self.assertEqual(self.tracking.state, "rejected")
        self.assertLessEqual(len(self.tracking.error_description), 2000)

    def test_any_address_of_a_recipient(self):
        self.tracking.other_addresses = "second@example.com,third@example.com"
        stored = self.report(
            self.item("delivered"),
            self.item("hard_bounce", recipient="Third <third@example.com>"),
            self.item("open", recipient="stranger@example.com"),
        )
        self.assertEqual((stored.event_count, stored.ignored_count), (2, 1))
        self.assertEqual(self.tracking.state, "bounced")
        named = self.tracking.tracking_event_ids.sorted("id").mapped("recipient")
        self.assertEqual(named[-2:], ["alice@example.com", "third@example.com"])

    def test_one_opening_of_two_addresses(self):
        """It is unknown which of the two read it: it is one open, not two."""
        self.tracking.recipient = "alice@example.com, second@example.com"
        opening = {"evidence": "shared", "id": ""}
        items = [
            self.item("open", **opening),
            self.item("open", recipient="second@example.com", **opening),
        ]
        items[1]["timestamp"] = items[0]["timestamp"]
        stored = self.report(*items)
        self.assertEqual((stored.event_count, stored.ignored_count), (1, 1))
        # Sent again in another request, the other way round.
        self.assertEqual(self.report(*items[::-1]).event_count, 0)
        self.assertFalse(self.tracking.open_count)

    def test_named_by_its_message_id(self):
        """Reports of providers that return no reference."""
        reference = self.tracking.mail_message_id.message_id
        self.assertTrue(reference)
        self.report(self.item("delivered", reference=reference))
        self.assertEqual(self.tracking.state, "delivered")
        for other in (f"{reference[:-1]}x>", reference[1:-1], "<>"):
            stored = self.report(self.item("hard_bounce", reference=other, id=other))
            self.assertFalse(stored.event_count)

    def test_message_id_of_another_recipient(self):
        reference = self.tracking.mail_message_id.message_id
        item = self.item("delivered", reference=reference, recipient="bob@example.com")
        self.assertFalse(self.report(item).event_count)
