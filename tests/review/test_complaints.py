from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..helpers.report_case import ReportCase


@tagged("post_install", "-at_install")
class TestComplaints(ReportCase):
    """A complaint that was wrong is taken back; nothing is deleted."""

    def setUp(self):
        super().setUp()
        self.post_to_alice()
        self.admin = new_test_user(self.env, "boss", groups="base.group_system")

    def report(self, event_type, **values):
        self.tracking._add_events({"event_type": event_type, "source": "arf", **values})
        self.tracking._update_state()
        return self.last_event()

    def take_back(self, user=None):
        self.tracking.with_user(user or self.admin).action_withdraw_complaints()
        self.env.invalidate_all()

    def test_the_state_is_what_it_was(self):
        for complaint in ("spam", "unsub"):
            event = self.report(complaint)
            self.assertEqual(self.tracking.state, complaint)
            since = self.tracking.state_time
            self.take_back()
            self.assertEqual(self.tracking.state, "sent")
            self.assertGreater(self.tracking.state_time, since, "for the web client")
            self.assertRecordValues(
                self.last_event(),
                [
                    {
                        "event_type": "complaint_withdrawn",
                        "withdrawn_event_id": event.id,
                        "source": "user",
                        "diagnostic": self.admin.name,
                    }
                ],
            )
            self.assertTrue(event.exists())

    def test_once(self):
        self.report("spam")
        for _click in range(2):
            self.take_back()
        kinds = self.tracking.tracking_event_ids.mapped("event_type")
        self.assertEqual(kinds.count("complaint_withdrawn"), 1)

    def test_it_stays_taken_back(self):
        self.report("spam", idempotency_key="k")
        self.take_back()
        self.tracking._update_state()
        self.assertEqual(self.tracking.state, "sent")
        self.report("delivered")
        self.assertEqual(self.tracking.state, "delivered")
        self.report("spam")
        self.assertEqual(self.tracking.state, "spam", "somebody complains again")

    def test_what_it_hid_shows_again(self):
        self.report("hard_bounce", diagnostic="550 no")
        self.report("spam")
        self.tracking._set_reviewed(True)
        self.assertFalse(self.alice.mail_tracking_bounces)
        self.take_back()
        self.assertEqual(self.tracking.state, "bounced")
        self.assertEqual(self.tracking.error_description, "550 no")
        self.assertFalse(self.tracking.reviewed, "it is another failure")
        self.assertTrue(self.alice.mail_tracking_bounces)
        failures = self.Tracking._failures_by_message(self.message.ids)
        self.assertEqual(failures[self.message.id][0][0], self.tracking.id)

    def test_no_longer_a_failure(self):
        self.report("spam")
        self.take_back()
        self.assertFalse(self.tracking.reviewed)
        self.assertEqual(
            self.Tracking._failed_counts("res.partner", self.document.ids), {}
        )
        self.assertEqual(self.tracking._recipient_obstacles(), {})

    def test_administrators_only(self):
        self.report("spam")
        user = new_test_user(self.env, "no-administrator")
        with self.assertRaises(AccessError):
            self.take_back(user)
        self.assertEqual(self.tracking.state, "spam")

    def test_nothing_to_take_back(self):
        before = self.tracking.tracking_event_ids
        self.take_back()
        self.assertEqual(self.tracking.tracking_event_ids, before)
