from datetime import timedelta
from itertools import permutations

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...tools.params import EARLY_OPEN_SECONDS, early_open_seconds
from ...tools.pixel_hit import EVENTS_OF_HITS, register_hit
from ...tools.states import OUTCOME_EVENTS
from ..helpers.doubt_case import DoubtCase


@tagged("post_install", "-at_install")
class TestEarlyOpens(DoubtCase):
    def test_seconds_after_the_acceptance(self):
        for ago, limit, is_early in (
            (0, 2, True),
            (1, 2, True),
            (4, 2, False),
            (4, 5, True),
            (7, 5, False),
            (0, 0, False),
            (-2, 2, True),  # the clock of a provider is ahead
            (-60, 2, False),
        ):
            with self.subTest(ago=ago, limit=limit):
                tracking = self.new_tracking(accepted=ago)
                (hit,) = self.hit(tracking, "proxy", "image_proxy", limit)
                self.assertEqual(hit.is_changed, not is_early)
                self.assertEqual(tracking.state, "sent" if is_early else "opened")
                self.assertEqual(tracking.open_count, int(not is_early))
                self.assertEqual(bool(tracking.first_open), not is_early)
                self.assertEqual(bool(tracking.last_open), not is_early)
                doubted = ("suspect", "early")
                verdict = doubted if is_early else ("proxy", "image_proxy")
                self.assertEqual(self.opens(tracking), [verdict])

    def test_seconds_after_the_delivery(self):
        tracking = self.new_tracking("delivered", accepted=600)
        self.add(tracking, "delivered", 1)
        tracking.state_time = self.now
        self.hit(tracking)
        self.assertEqual(tracking.state, "delivered")
        self.assertEqual(self.opens(tracking), [("suspect", "early")])

    def test_acceptance_that_is_not_committed_yet(self):
        """A gateway loads the picture while our mail server waits for it."""
        tracking = self.new_tracking("waiting")
        tracking.state_time = self.now - timedelta(days=1)
        for limit in (2, 0):
            self.hit(tracking, limit=limit)
            self.assertEqual(tracking.state, "waiting")
        self.assertEqual(self.opens(tracking), [("suspect", "early")])

    def test_acceptance_of_the_latest_attempt(self):
        tracking = self.new_tracking("waiting", accepted=600, attempt=1)
        tracking._next_attempt()
        self.hit(tracking)
        self.assertEqual(tracking.state, "waiting")

    def test_state_that_was_not_raised_yet(self):
        tracking = self.new_tracking("waiting", accepted=60)
        self.hit(tracking)
        self.assertEqual(tracking.state, "opened")

    def test_any_outcome_ends_the_attempt(self):
        """What our server has refused, and somebody reads, has arrived."""
        for event_type in sorted(OUTCOME_EVENTS):
            with self.subTest(event_type):
                tracking = self.new_tracking("waiting")
                self.add(tracking, event_type, 60)
                self.hit(tracking)
                self.assertEqual(tracking.state, "opened")

    def test_what_proves_more_passes_at_once(self):
        tracking = self.new_tracking(accepted=1)
        self.hit(tracking)
        self.hit(tracking, "machine", "library")
        self.assertEqual(tracking.state, "delivered")
        self.later(tracking, 5)
        self.hit(tracking)
        self.assertEqual(tracking.state, "opened")
        self.assertEqual(tracking.open_count, 1)
        self.assertEqual(
            self.opens(tracking),
            [("suspect", "early"), ("machine", "library"), ("human", None)],
        )

    def test_early_again_is_not_noted_again(self):
        tracking = self.new_tracking(accepted=0)
        self.hit(tracking)
        token = tracking.token
        with self.assertQueryCount(2):
            self.assertFalse(register_hit(self.env.cr, token, "human"))
        self.env.invalidate_all()
        self.assertEqual(tracking.hit_count, 1)

    def test_machines_and_later_hits_ask_for_no_limit(self):
        def ask():
            raise AssertionError("the limit does not matter")

        tracking = self.new_tracking(accepted=0)
        self.env.flush_all()
        token = tracking.token
        self.assertTrue(register_hit(self.env.cr, token, "machine", early_seconds=ask))
        self.later(tracking, 60)
        self.assertTrue(register_hit(self.env.cr, token, "human", early_seconds=ask))

    def test_statements(self):
        for accepted in (0, 600):
            tracking = self.new_tracking(accepted=accepted)
            self.env.flush_all()
            with self.assertQueryCount(2):
                self.hit(tracking)

    def test_parameter(self):
        parameters = self.env["ir.config_parameter"]
        self.assertEqual(early_open_seconds(self.env), 2)
        for value, seconds in (("5", 5), ("0", 0), (" 3 ", 3), ("", 2)):
            parameters.set_param(EARLY_OPEN_SECONDS, value)
            self.assertEqual(early_open_seconds(self.env), seconds)
        for value in ("6", "-1", "two", "9" * 30):
            with self.subTest(value), self.assertRaises(ValidationError):
                parameters.set_param(EARLY_OPEN_SECONDS, value)
        self.env.cr.execute(
            "UPDATE ir_config_parameter SET value = '60' WHERE key = %s",
            [EARLY_OPEN_SECONDS],
        )
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        self.assertEqual(early_open_seconds(self.env), 5)

    def test_parameter_is_used(self):
        tracking = self.new_tracking(accepted=4)
        self.env["ir.config_parameter"].set_param(EARLY_OPEN_SECONDS, "5")
        self.env.flush_all()
        self.Tracking._register_open(tracking.token, "human", "mail_program")
        self.assertEqual(self.opens(tracking), [("suspect", "early")])


@tagged("post_install", "-at_install")
class TestBurst(DoubtCase):
    def setUp(self):
        super().setUp()
        self.message = self.env["res.partner"].create({"name": "x"}).message_post()
        self.many = [
            self.new_tracking(accepted=600, mail_message_id=self.message.id)
            for _i in range(4)
        ]

    def test_the_third_within_a_second(self):
        for tracking in self.many:
            self.hit(tracking)
        states = [tracking.state for tracking in self.many]
        self.assertEqual(states, ["opened", "opened", "sent", "sent"])
        self.assertEqual(self.opens(self.many[2]), [("suspect", "burst")])
        self.assertEqual(self.many[2].open_count, 0)

    def test_one_after_another(self):
        for tracking in self.many:
            self.hit(tracking)
            self.later(tracking, 3)
        self.assertEqual({tracking.state for tracking in self.many}, {"opened"})

    def test_other_messages(self):
        other = self.new_tracking(accepted=600)
        for tracking in (*self.many[:2], other):
            self.hit(tracking)
        self.assertEqual(other.state, "opened")

    def test_the_pixel_of_several_recipients_is_one(self):
        self.many[1].token = self.many[0].token
        self.hit(self.many[0])
        self.hit(self.many[2])
        self.assertEqual(self.many[2].state, "opened")
        self.hit(self.many[3])
        self.assertEqual(self.many[3].state, "sent")

    def test_machines_are_what_they_are(self):
        for tracking in self.many:
            self.hit(tracking, "machine", "scanner")
        self.assertEqual(self.opens(self.many[3]), [("machine", "scanner")])

    def test_repeated_bursts_write_nothing(self):
        for tracking in self.many[:3]:
            self.hit(tracking)
        for _i in range(3):
            self.assertFalse(self.hit(self.many[2]))
        self.assertEqual(self.many[2].hit_count, 1)
        self.later(self.many[2], 61)
        for tracking in self.many[:2]:
            self.later(tracking, 10)
        self.hit(self.many[2])
        self.assertEqual(self.many[2].state, "opened")


@tagged("post_install", "-at_install")
class TestBounds(DoubtCase):
    def test_a_flood_leaves_twenty_events(self):
        """A thousand hits of any kind, over two days, and those between the pauses."""
        tracking = self.new_tracking(accepted=600)
        kinds = ["machine", "suspect", "human", "proxy", "self"]
        for number in range(1000):
            self.hit(tracking, kinds[number % len(kinds)])
            self.later(tracking, 180 if number % 2 else 0)
        self.assertLessEqual(len(self.opens(tracking)), EVENTS_OF_HITS + 1)
        self.assertEqual(tracking.state, "opened")
        self.assertLessEqual(tracking.hit_count, EVENTS_OF_HITS + 50)

    def test_a_person_after_a_flood_of_machines(self):
        """A state never tells what no event does."""
        tracking = self.new_tracking(accepted=600)
        for _i in range(EVENTS_OF_HITS + 5):
            self.hit(tracking, "machine", "scanner")
            self.later(tracking, 3601)
        self.assertEqual(len(self.opens(tracking)), EVENTS_OF_HITS)
        self.hit(tracking, "human", "mail_program")
        self.assertEqual(tracking.state, "opened")
        self.assertEqual(self.opens(tracking)[-1], ("human", "mail_program"))

    def test_counts_are_of_people(self):
        tracking = self.new_tracking(accepted=600)
        for evidence in ("machine", "suspect", "self", "proxy", "human", "machine"):
            self.hit(tracking, evidence)
            self.later(tracking, 61)
        self.assertEqual(tracking.open_count, 2)
        self.assertEqual(tracking.last_open - tracking.first_open, timedelta(0))
        times = tracking.tracking_event_ids.filtered("evidence").mapped("time")
        self.assertEqual(len(times), 6)

    def test_the_order_of_hits_lowers_no_evidence(self):
        for order in permutations(("human", "machine", "suspect", "proxy")):
            with self.subTest(order=order):
                tracking = self.new_tracking(accepted=600)
                for evidence in order:
                    self.hit(tracking, evidence)
                    self.later(tracking, 61)
                self.assertEqual(tracking.best_evidence, "human")
                self.assertEqual(tracking.state, "opened")
