from itertools import permutations

from odoo.tests import TransactionCase, tagged

from ...tools.states import STATE_RANK, fold

# (event type, evidence of an opening) -> (state it speaks for, its rank), written
# out here so that a change of the tables has to be meant.
EVENTS = {
    ("queued", None): ("waiting", 0),
    ("canceled", None): ("canceled", 5),
    ("sent", None): ("sent", 10),
    ("deferral", None): ("deferred", 15),
    ("delivered", None): ("delivered", 20),
    ("auto_reply", None): ("delivered", 20),
    ("open", "machine"): ("delivered", 20),
    ("error", None): ("error", 30),
    ("reject", None): ("rejected", 31),
    ("soft_bounce", None): ("soft_bounced", 32),
    ("hard_bounce", None): ("bounced", 33),
    ("open", "human"): ("opened", 40),
    ("open", "proxy"): ("opened", 40),
    ("click", None): ("opened", 40),
    ("click", "human"): ("opened", 40),
    ("click", "proxy"): ("opened", 40),
    ("reply", None): ("opened", 40),
    ("read", None): ("opened", 40),
    ("unsub", None): ("unsub", 45),
    ("spam", None): ("spam", 50),
    ("other", None): (None, -1),
    ("click", "machine"): (None, -1),
    ("click", "suspect"): (None, -1),
    ("open", "shared"): (None, -1),
    ("open", "suspect"): (None, -1),
    ("open", "self"): (None, -1),
}


@tagged("post_install", "-at_install")
class TestTrackingState(TransactionCase):
    def test_every_pair_in_both_orders(self):
        for first, (first_state, first_rank) in EVENTS.items():
            for second, (second_state, second_rank) in EVENTS.items():
                expected = first_state if first_rank > second_rank else second_state
                events = [(first[0], 1, first[1]), (second[0], 1, second[1])]
                for order in permutations(events):
                    with self.subTest(order=order):
                        self.assertEqual(fold(order), expected or "waiting")

    def test_retry_keeps_only_the_signs_of_reading(self):
        for (event_type, evidence), (state, rank) in EVENTS.items():
            with self.subTest(event=event_type, evidence=evidence):
                events = [(event_type, 1, evidence), ("queued", 2, None)]
                expected = state if rank >= STATE_RANK["opened"] else "waiting"
                self.assertEqual(fold(events), expected)
                self.assertEqual(fold(events[:1], attempt=2), expected)

    def test_no_event_is_waiting(self):
        self.assertEqual(fold([]), "waiting")
