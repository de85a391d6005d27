from odoo.tests import tagged

from ..helpers.auto_retry_case import GREYLISTED, REFUSED, AutoRetryCase

FIRST, SECOND = "a@example.com", "b@example.com"


@tagged("post_install", "-at_install")
class TestSeveralAddressesAgain(AutoRetryCase):
    """A contact with two addresses, one of which may still get the mail."""

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            partner = self.partners[0].with_env(env)
            partner.email = f"{FIRST}, {SECOND}"

    def asked(self, tracking_id):
        """Return the addresses that each attempt is for."""
        with self.committed() as env:
            events = self.tracking(env, tracking_id).tracking_event_ids.sorted("id")
            queued = events.filtered(lambda e: e.event_type == "queued")
            return [(event.attempt, event.recipient) for event in queued]

    def test_the_temporary_one_is_tried_again(self):
        for later, other in ((FIRST, SECOND), (SECOND, FIRST)):
            with self.subTest(later=later):
                self.smtp.messages.clear()
                self.smtp.refused = {later: GREYLISTED, other: REFUSED}
                (tracking_id,) = self.post()
                # The row is of the address that is worst off, and so is core's.
                self.assertEqual(
                    self.values_of(tracking_id), ("error", 2, 5, "exception")
                )
                self.assertEqual(self.asked(tracking_id)[1:], [(2, later)])
                with self.committed() as env:
                    tracking = self.tracking(env, tracking_id)
                    self.assertEqual(tracking.error_type, "address_unknown")
                    story = tracking._get_timeline()
                    self.assertTrue(story["scheduled"])
                    states = {a["address"]: a["state"] for a in story["addresses"]}
                    self.assertEqual(states, {later: "waiting", other: "error"})
                self.run_queue(minutes=6)
                self.assertEqual(
                    self.values_of(tracking_id), ("error", 3, 30, "exception")
                )
                self.smtp.refused.clear()
                self.run_queue(minutes=31)
                self.assertEqual(self.copies(), {later: 1})
                self.assertEqual(
                    self.values_of(tracking_id), ("error", 3, None, "exception")
                )
                self.run_queue(minutes=60)
                self.assertEqual(self.copies(), {later: 1})

    def test_both_are_temporary(self):
        self.smtp.refused = {FIRST: GREYLISTED, SECOND: GREYLISTED}
        (tracking_id,) = self.post()
        self.assertEqual(self.values_of(tracking_id), ("waiting", 2, 5, "ready"))
        self.smtp.refused.clear()
        self.run_queue(minutes=6)
        self.assertEqual(self.copies(), {FIRST: 1, SECOND: 1})
        self.assertEqual(self.values_of(tracking_id)[:2], ("sent", 2))

    def test_no_connection_is_about_both(self):
        self.smtp.stop()
        (tracking_id,) = self.post()
        self.assertEqual(self.values_of(tracking_id), ("waiting", 2, 5, "ready"))
        self.assertEqual(self.asked(tracking_id), [(1, False), (2, False)])

    def test_one_has_got_it(self):
        self.smtp.refused = {SECOND: REFUSED}
        (tracking_id,) = self.post()
        # Core calls the whole recipient sent.
        self.assertEqual(self.values_of(tracking_id), ("error", 1, None, "exception"))

    def test_one_is_left_out_and_nobody_said_why(self):
        self.smtp.refused = {FIRST: GREYLISTED, SECOND: REFUSED}
        (tracking_id,) = self.post()
        with self.committed() as env:
            self.tracking(env, tracking_id).error_description = False
        self.smtp.refused.clear()
        self.run_queue(minutes=6)
        self.assertEqual(self.copies(), {FIRST: 1})
        self.assertEqual(self.values_of(tracking_id), ("error", 2, None, "exception"))

    def test_retry_goes_to_both_at_once(self):
        """Retrying the refused address includes the queued one."""
        self.smtp.refused = {FIRST: GREYLISTED, SECOND: REFUSED}
        (tracking_id,) = self.post()
        self.smtp.refused.clear()
        with self.committed() as env:
            self.tracking(env, tracking_id)._retry()
        self.assertEqual(self.copies(), {FIRST: 1, SECOND: 1})
        self.run_queue(minutes=60)
        self.assertEqual(self.copies(), {FIRST: 1, SECOND: 1})
        self.assertEqual(self.values_of(tracking_id)[0], "sent")

    def opened_while_one_waits(self):
        """Let the first address open the mail, the second one be tried again."""
        self.smtp.refused = {SECOND: GREYLISTED}
        (tracking_id,) = self.post()
        with self.committed() as env:
            tracking = self.tracking(env, tracking_id)
            tracking._add_events(
                {
                    "event_type": "read",
                    "source": "mdn",
                    "recipient": FIRST,
                    "attempt": 1,
                }
            )
            tracking._update_state()
            self.assertEqual(tracking.state, "opened")
            self.assertTrue(tracking._get_timeline()["can_send"])
        return tracking_id

    def test_canceled_though_another_one_has_opened_it(self):
        tracking_id = self.opened_while_one_waits()
        with self.committed() as env:
            self.tracking(env, tracking_id)._cancel()
        self.assertEqual(self.values_of(tracking_id), ("opened", 2, None, "sent"))
        with self.committed() as env:
            story = self.tracking(env, tracking_id)._get_timeline()
            self.assertFalse(story["can_send"])
            self.assertEqual(story["events"][-1]["type"], "canceled")
        self.smtp.refused.clear()
        self.run_queue(minutes=60)
        self.assertEqual(self.copies(), {FIRST: 1})

    def test_sent_now_though_another_one_has_opened_it(self):
        tracking_id = self.opened_while_one_waits()
        self.smtp.refused.clear()
        with self.committed() as env:
            self.tracking(env, tracking_id)._send_now()
        self.assertEqual(self.copies(), {FIRST: 1, SECOND: 1})
        self.assertEqual(self.values_of(tracking_id), ("opened", 2, None, "sent"))

    def test_canceled_though_another_one_is_refused(self):
        self.smtp.refused = {FIRST: GREYLISTED, SECOND: REFUSED}
        (tracking_id,) = self.post()
        with self.committed() as env:
            self.tracking(env, tracking_id)._cancel()
        self.assertEqual(self.values_of(tracking_id), ("error", 2, None, "exception"))
        self.smtp.refused.clear()
        self.run_queue(minutes=60)
        self.assertFalse(self.copies())
        with self.committed() as env:
            self.tracking(env, tracking_id)._retry()
        self.assertEqual(self.copies(), {FIRST: 1, SECOND: 1})

    def test_who_was_canceled_is_not_offered_it_again(self):
        """The queued mail is for others: nothing to send or cancel for this one."""
        with self.committed() as env:
            _mail, trackings = self.mail_to_two(env)
            one = trackings[0]
            one._cancel()
            self.assertEqual(one.state, "canceled")
            self.assertFalse(one._get_timeline()["can_send"])
            self.assertTrue((trackings - one)._get_timeline()["can_send"])

    def test_no_server_for_the_one_that_is_tried_again(self):
        self.smtp.refused = {FIRST: REFUSED, SECOND: GREYLISTED}
        (tracking_id,) = self.post()
        for port, minutes in ((9, 6), (self.smtp.port, 31)):
            with self.committed() as env:
                domain = [("smtp_port", "in", (9, self.smtp.port))]
                env["ir.mail_server"].search(domain).smtp_port = port
            self.smtp.refused.clear()
            self.run_queue(minutes=minutes)
        self.assertEqual(self.asked(tracking_id)[1:], [(2, SECOND), (3, SECOND)])
        self.assertEqual(self.copies(), {SECOND: 1})
