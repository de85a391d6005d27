from itertools import product

from odoo.tests import tagged

from ...tools.states import OPEN_STATE, fold
from ..helpers.tracking_case import TrackingCase
from .test_tracking_state import EVENTS


@tagged("post_install", "-at_install")
class TestStateInSql(TrackingCase):
    """The statements that raise states agree with the pure fold."""

    def new_trackings(self, count, attempt):
        trackings = self.Tracking.create(
            [
                {"name": "x", "attempt": attempt, "token": self.Tracking._new_token()}
                for _i in range(count)
            ]
        )
        self.env.flush_all()
        return trackings

    def insert(self, trackings, events):
        """Add one event to each tracking, and raise all states."""
        names = ("event_type", "attempt", "evidence")
        self.env["mail.tracking.event"]._insert(
            [
                {
                    "tracking_email_id": tracking.id,
                    "source": "smtp",
                    **dict(zip(names, event, strict=True)),
                }
                for tracking, event in zip(trackings, events, strict=True)
            ]
        )
        trackings._update_state()

    def assertFolded(self, trackings, histories, attempt):
        wrong = [
            (history, tracking.state)
            for tracking, history in zip(trackings, histories, strict=True)
            if tracking.state != fold(history, attempt)
        ]
        self.assertEqual(wrong, [])

    def test_every_pair_in_both_orders_of_any_attempt(self):
        events = [
            (event_type, attempt, evidence)
            for (event_type, evidence), attempt in product(EVENTS, (1, 2))
        ]
        histories = list(product(events, events))
        trackings = self.new_trackings(len(histories), attempt=2)
        for place in (0, 1):
            self.insert(trackings, [history[place] for history in histories])
            done = [history[: place + 1] for history in histories]
            self.assertFolded(trackings, done, attempt=2)

    def test_at_once_or_one_by_one(self):
        histories = [
            [(event_type, 1, evidence), ("open", 1, "machine"), ("sent", 1, None)]
            for event_type, evidence in EVENTS
        ]
        trackings = self.new_trackings(len(histories), attempt=1)
        for place in range(3):
            self.insert(trackings, [history[place] for history in histories])
        trackings._update_state()  # repeated: nothing changes
        self.assertFolded(trackings, histories, attempt=1)

    def test_openings_of_the_pixel(self):
        kinds = list(product(EVENTS, (*OPEN_STATE, "suspect")))
        histories = [
            [("sent", 1, None), (event_type, 1, of_event), ("open", 1, evidence)]
            for (event_type, of_event), evidence in kinds
        ]
        trackings = self.new_trackings(len(kinds), attempt=1)
        for place in (0, 1):
            self.insert(trackings, [history[place] for history in histories])
        self.let_pass(trackings)
        for tracking, (_event, evidence) in zip(trackings, kinds, strict=True):
            self.Tracking._register_open(tracking.token, evidence)
        self.assertFolded(trackings, histories, attempt=1)
        trackings._update_state()
        self.assertFolded(trackings, histories, attempt=1)
