from odoo.tests import tagged

from ..helpers.report_case import ReportCase


@tagged("post_install", "-at_install")
class TestSeveralAddresses(ReportCase):
    """A contact with two addresses: reports about each are matched and told apart."""

    def setUp(self):
        super().setUp()
        self.couple, self.shares = self.env["res.partner"].create(
            [
                {"name": "Couple", "email": "a@example.com, b@example.com"},
                {"name": "Has the second one alone", "email": "b@example.com"},
            ]
        )
        self.message = self.post(self.couple + self.alice)
        trackings = self.trackings_of(self.message).grouped("partner_id")
        self.tracking, self.to_alice = trackings[self.couple], trackings[self.alice]
        self.tracking.other_addresses = "b@example.com"
        self.env.flush_all()

    def last_event(self):
        return self.tracking.tracking_event_ids.sorted("id")[-1]

    def by_message_id(self, address):
        returned = f"Message-Id: {self.message.message_id}"
        return self.dsn(address, secret="", returned=returned)

    def test_a_bounce_of_the_other_address(self):
        for source in (
            self.by_message_id("b@example.com"),
            self.dsn("b@example.com", secret=self.secret_of("a@example.com")),
        ):
            self.receive(source)
            self.assertEqual(self.tracking.state, "bounced")
            self.assertEqual(self.last_event().recipient, "b@example.com")
        self.assertEqual(self.to_alice.state, "sent")
        # Whoever has that address, and nobody else.
        self.assertFalse(self.couple.mail_tracking_bounces)
        self.assertTrue(self.shares.mail_tracking_bounces)

    def test_a_mail_that_gets_through_to_one_says_nothing_of_the_other(self):
        self.receive(self.by_message_id("b@example.com"))
        self.receive(self.by_message_id("a@example.com"))
        later = self.trackings_of(self.post(self.couple))
        later.other_addresses = "b@example.com"
        later._add_events(
            {
                "event_type": "delivered",
                "source": "dsn",
                "recipient": "b@example.com",
                "time": self.tracking.state_time,
            }
        )
        later._update_state()
        self.assertEqual(later.state, "delivered")
        self.env.invalidate_all()
        self.assertTrue(self.couple.mail_tracking_bounces)
        self.assertFalse(self.shares.mail_tracking_bounces)

    def test_a_reply_from_the_other_address(self):
        self.receive(
            f"From: b@example.com\nTo: {self.env.company.catchall_email}\n"
            "Subject: Re: Hello\nMessage-Id: <r@example.com>\n"
            f"In-Reply-To: {self.message.message_id}\n\nYes!"
        )
        self.assertEqual(self.tracking.state, "opened")
        self.assertEqual(self.last_event().recipient, "b@example.com")

    def test_a_refusal_is_not_hidden(self):
        refusal = {"event_type": "error", "source": "smtp", "diagnostic": "550 no"}
        self.tracking._add_events({**refusal, "recipient": "b@example.com"})
        self.tracking._update_state()
        self.Tracking._register_open(self.tracking.token, "human")
        self.assertEqual(self.tracking.state, "error")
        self.assertEqual(self.tracking.error_description, "550 no")
        timeline = self.tracking._get_timeline()
        self.assertEqual(
            timeline["addresses"],
            [
                {"address": "b@example.com", "state": "error"},
                {"address": "a@example.com", "state": "sent"},
            ],
        )
        self.assertEqual(timeline["reached_count"], 1)
        self.assertEqual(timeline["events"][-2]["recipient"], "b@example.com")

    def test_two_contacts_with_the_same_address(self):
        """A report that names the message alone is about both, as core has it."""
        twin = self.alice.copy({"name": "Twin", "email": self.alice.email})
        self.message = self.post(self.alice + twin)
        rows = self.trackings_of(self.message)
        self.receive(self.by_message_id(self.alice.email))
        self.assertEqual(rows.mapped("state"), ["bounced", "bounced"])
        statuses = rows._get_notifications().mapped("notification_status")
        self.assertEqual(statuses, ["bounce", "bounce"])
        self.receive(self.by_message_id(self.alice.email))
        self.assertEqual([len(row.tracking_event_ids) for row in rows], [3, 3])

    def test_one_address_has_no_list(self):
        timeline = self.to_alice._get_timeline()
        self.assertNotIn("addresses", timeline)
        self.assertEqual({event["recipient"] for event in timeline["events"]}, {""})

    def test_a_corrected_address(self):
        """A report of the address that an earlier attempt used finds the row."""
        self.to_alice.write(
            {
                "recipient_address": "right@example.com",
                "other_addresses": "alice@example.com",
            }
        )
        self.receive(self.by_message_id("alice@example.com"))
        self.assertEqual(self.to_alice.state, "bounced")
        event = self.to_alice.tracking_event_ids.sorted("id")[-1]
        self.assertEqual(event.recipient, "alice@example.com")


@tagged("post_install", "-at_install")
class TestMergedDocuments(ReportCase):
    """Trackings without a message move with their document."""

    def setUp(self):
        super().setUp()
        self.other = self.document.create({"name": "The other document"})
        self.gone = self.new_mail(
            email_to="gone@example.com",
            auto_delete=True,
            model=self.document._name,
            res_id=self.document.id,
        )
        message_id = self.gone.message_id
        self.send(self.gone)
        self.tracking = self.Tracking.search([("message_id", "=", message_id)])
        self.assertFalse(self.tracking.mail_message_id)
        self.message = self.post(self.alice)

    def assertMoved(self):
        self.env.invalidate_all()
        for tracking in self.tracking + self.trackings_of(self.message):
            self.assertEqual(tracking.model, self.other._name)
            self.assertEqual(tracking.res_id, self.other.id)

    def test_contacts(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.document + self.other).ids, self.other)
        self.assertMoved()

    def test_documents_whose_messages_move_before_they_are_deleted(self):
        """Messages move as with leads and tickets."""
        self.document.message_ids.sudo().write({"res_id": self.other.id})
        self.document.unlink()
        self.assertMoved()

    def test_documents_that_change_their_thread(self):
        self.document.message_change_thread(self.other)
        self.assertMoved()

    def test_deleted_without_a_successor(self):
        self.document.unlink()
        self.env.invalidate_all()
        self.assertNotEqual(self.tracking.res_id, self.other.id)


@tagged("post_install", "-at_install", "-standard", "mat_modules")
class TestMergedLeads(ReportCase):
    """As documents of crm: only where that is installed."""

    def test_leads(self):
        leads = self.env["crm.lead"].create([{"name": "One"}, {"name": "Two"}])
        mails = [self.new_mail(email_to=f"{n}@example.com") for n in ("one", "two")]
        trackings = self.Tracking.union(*map(self.trackings_of, mails))
        for lead, tracking in zip(leads, trackings, strict=True):
            lead.message_post(body="x", message_type="comment")
            tracking.write(
                {"model": "crm.lead", "res_id": lead.id, "mail_message_id": False}
            )
        kept = leads.merge_opportunity()
        self.assertEqual(len(leads.exists()), 1)
        self.assertEqual(trackings.mapped("res_id"), [kept.id] * 2)
