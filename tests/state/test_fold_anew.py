import random
from itertools import permutations, product
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ...tools.states import ANYBODY, Fact, fold, fold_addresses, fold_facts, left_out
from ..helpers.tracking_case import TrackingCase
from .test_tracking_state import EVENTS

A, B, C = "a@example.com", "b@example.com", "c@example.com"

# (events as (type, address that it names, evidence), state of a recipient who has A
# and B). Written out: A is the address of the row, which events need not name.
SEVERAL = [
    ([("sent", None), ("error", B)], "error"),
    ([("error", None), ("sent", B)], "error"),
    ([("sent", None), ("hard_bounce", B)], "bounced"),
    ([("error", None), ("hard_bounce", B)], "bounced"),
    ([("error", None), ("sent", B), ("open", None, "human")], "error"),
    ([("error", None), ("sent", B), ("reply", B)], "error"),
    ([("error", None), ("sent", B), ("reply", A)], "opened"),
    ([("error", None), ("sent", B), ("click", C)], "error"),
    ([("sent", None), ("sent", B), ("open", None, "proxy")], "opened"),
    ([("sent", None), ("delivered", B)], "delivered"),
    ([("sent", None), ("open", None, "machine"), ("soft_bounce", B)], "soft_bounced"),
    ([("sent", None), ("hard_bounce", C)], "bounced"),  # forwarded, by one of them
    ([("error", None), ("spam", B)], "spam"),
    ([("hard_bounce", A.upper()), ("delivered", A), ("sent", B)], "bounced"),
    ([("queued", None)], "waiting"),
    ([], "waiting"),
]

# The same with attempts, of which the second is the latest and was for B alone, since A
# had got the first one. (events as (type, attempt, address), state).
ONE_OF_TWO = [("sent", 1, None), ("error", 1, B), ("queued", 1, None), ("queued", 2, B)]
PARTIAL = [
    ([], "waiting"),
    ([("sent", 2, B)], "sent"),
    ([("sent", 2, B), ("hard_bounce", 1, A)], "bounced"),  # a late one
    ([("sent", 2, B), ("hard_bounce", 1, None)], "bounced"),
    ([("sent", 2, B), ("hard_bounce", 1, B)], "sent"),  # put behind
    ([("sent", 2, B), ("delivered", 1, A)], "sent"),  # lifts nothing
    ([("sent", 2, B), ("hard_bounce", 1, C)], "sent"),
    ([("error", 2, B), ("hard_bounce", 1, A)], "bounced"),
    ([("error", 2, None)], "error"),  # of the mail: A is not asked for
    ([("canceled", 2, None)], "sent"),  # A has got it
    ([("canceled", 2, None), ("delivered", 1, A)], "delivered"),
    ([("canceled", 2, None), ("hard_bounce", 1, A)], "bounced"),
    ([("canceled", 2, None), ("queued", 2, A)], "canceled"),  # of both, after all
    ([("sent", 2, B), ("hard_bounce", 2, A)], "bounced"),  # names no attempt
    ([("sent", 2, B), ("open", 1, A, "human")], "opened"),
    ([("queued", 2, None)], "waiting"),  # for both, after all
]


def facts_of_attempts(events):
    """Return the facts of tuples (type, attempt, address, evidence), with their ids."""
    return [
        Fact(kind, attempt, *(evidence or [None]), recipient, number)
        for number, (kind, attempt, recipient, *evidence) in enumerate(events, 1)
    ]


def facts_of(events):
    """Return the facts of tuples (type, address, evidence), numbered from 1."""
    return [
        Fact(kind, 1, *(evidence or [None]), recipient, number)
        for number, (kind, recipient, *evidence) in enumerate(events, 1)
    ]


@tagged("post_install", "-at_install")
class TestFoldFacts(TransactionCase):
    """The pure fold of recipients with several addresses, and of withdrawals."""

    def test_several_addresses(self):
        for events, state in SEVERAL:
            for order in permutations(facts_of(events)):
                with self.subTest(order=order):
                    self.assertEqual(fold_facts(order, 1, A, [B]), state)

    def test_an_attempt_for_one_of_several_addresses(self):
        for events, state in PARTIAL:
            facts = facts_of_attempts(ONE_OF_TWO + events)
            for order in permutations(facts):
                with self.subTest(order=order):
                    self.assertEqual(fold_facts(order, 2, A, [B]), state)

    def test_who_is_left_out(self):
        facts = facts_of_attempts([*ONE_OF_TWO, ("error", 2, None)])
        self.assertEqual(left_out(facts, 2, A, [B]), {A})
        self.assertEqual(
            fold_addresses(facts, 2, A, [B]),
            {A: "sent", B: "waiting", ANYBODY: "error"},
        )
        for more in (("queued", 2, None), ("hard_bounce", 2, A)):
            facts = facts_of_attempts([*ONE_OF_TWO, more])
            self.assertEqual(left_out(facts, 2, A, [B]), set())

    def test_one_address_as_ever(self):
        kinds = [(kind, evidence) for kind, evidence in EVENTS]
        for first, second in product(kinds, kinds):
            facts = [Fact(*pair) for pair in ((first[0], 1), (second[0], 1))]
            facts = [
                fact._replace(evidence=evidence)
                for fact, (_kind, evidence) in zip(facts, (first, second), strict=True)
            ]
            with self.subTest(first=first, second=second):
                plain = [fact[:3] for fact in facts]
                self.assertEqual(fold_facts(facts, 1, A), fold(plain, 1))

    def test_each_address(self):
        facts = facts_of([("error", None), ("sent", B), ("open", None, "human")])
        self.assertEqual(
            fold_addresses(facts, 1, A, [B]), {A: "error", B: "sent", ANYBODY: "opened"}
        )

    def test_withdrawn_complaints_say_nothing(self):
        for kind in ("spam", "unsub"):
            facts = [
                Fact("sent"),
                Fact(kind, id=7),
                Fact("complaint_withdrawn", withdrawn_event_id=7),
            ]
            for order in permutations(facts):
                self.assertEqual(fold_facts(order, 1), "sent")
            self.assertNotEqual(fold_facts([*facts, Fact(kind, id=8)], 1), "sent")

    def test_only_complaints_are_withdrawn(self):
        facts = [
            Fact("hard_bounce", id=7),
            Fact("complaint_withdrawn", withdrawn_event_id=7),
        ]
        self.assertEqual(fold_facts(facts, 1), "bounced")


@tagged("post_install", "-at_install")
class TestFoldInSql(TrackingCase):
    """The statements say the same as the pure fold, for every order of events."""

    def new_tracking(self, others=B, attempt=1):
        tracking = self.Tracking.create(
            {
                "name": "x",
                "attempt": attempt,
                "recipient_address": A,
                "other_addresses": others,
                "token": self.Tracking._new_token(),
            }
        )
        self.env.flush_all()
        return tracking

    def add(self, tracking, fact):
        """Insert the event of a fact, and return the fact with its id."""
        names = ("event_type", "attempt", "evidence", "recipient", "withdrawn_event_id")
        values = {name: getattr(fact, name) for name in names}
        values |= {"tracking_email_id": tracking.id, "source": "smtp"}
        self.env["mail.tracking.event"]._insert([values])
        newest = tracking.tracking_event_ids.sorted("id")[-1]
        return fact._replace(id=newest.id)

    def folded(self, tracking, facts):
        return fold_facts(
            facts,
            tracking.attempt,
            tracking.recipient_address,
            tracking._addresses()[1:],
        )

    def test_every_row_of_the_table_in_every_order(self):
        for events, state in SEVERAL:
            for order in permutations(facts_of(events)):
                tracking = self.new_tracking()
                for fact in order:
                    self.add(tracking, fact)
                    tracking._update_state()
                with self.subTest(order=order):
                    self.assertEqual(tracking.state, state)
                    self.assertFalse(tracking._update_state())

    def test_attempts_for_one_of_several_in_any_order(self):
        chance = random.Random(0)  # noqa: S311 - not a secret
        for events, state in PARTIAL:
            facts = facts_of_attempts(ONE_OF_TWO + events)
            for _order in range(4):
                chance.shuffle(facts)
                tracking = self.new_tracking(attempt=2)
                for fact in facts:
                    self.add(tracking, fact)
                    tracking._update_state()
                with self.subTest(facts=facts):
                    self.assertEqual(tracking.state, state)

    def test_any_events(self):
        """Attempts, addresses, complaints and their withdrawal, at random."""
        for seed in range(100):
            chance = random.Random(seed)  # noqa: S311 - not a secret
            others = chance.choice([B, f"{B},{C}", False])
            tracking = self.new_tracking(others, chance.choice([2, 3]))
            facts = []
            for _event in range(8):
                facts.append(
                    self.add(tracking, self.any_fact(chance, facts, tracking.attempt))
                )
                tracking._update_state()
                with self.subTest(seed=seed, facts=facts):
                    self.assertEqual(tracking.state, self.folded(tracking, facts))

    def any_fact(self, chance, facts, latest):
        complaints = [fact.id for fact in facts if fact.event_type in ("spam", "unsub")]
        # A state of reading without a complaint behind it is not looked at.
        if complaints and chance.random() < 0.5:
            taken_back = chance.choice(complaints)
            return Fact("complaint_withdrawn", 2, withdrawn_event_id=taken_back)
        if not facts:
            return Fact("queued", latest)
        recipient = chance.choice([None, A, B, C, "far@example.com", B.upper()])
        if chance.random() < 0.2:
            return Fact("queued", chance.randint(1, latest), None, recipient)
        kind, evidence = chance.choice(list(EVENTS))
        return Fact(kind, chance.randint(1, latest), evidence, recipient)

    def test_what_is_shown_is_of_the_address_that_is_worst_off(self):
        tracking = self.new_tracking()
        event = {"source": "smtp", "error_type": "address_unknown"}
        tracking._add_events({"event_type": "sent", "source": "smtp", "recipient": B})
        tracking._add_events({**event, "event_type": "error", "diagnostic": "550 a"})
        tracking._update_state()
        self.assertEqual(
            (tracking.state, tracking.error_description), ("error", "550 a")
        )
        tracking.reviewed = True
        self.assertFalse(tracking._update_state())
        self.assertTrue(tracking.reviewed)
        tracking._add_events(
            {**event, "event_type": "error", "diagnostic": "550 b", "recipient": B}
        )
        self.assertEqual(tracking._update_state(), tracking)
        self.assertEqual(tracking.error_description, "550 b")
        self.assertFalse(tracking.reviewed, "another address has failed")

    def test_ordinary_rows_take_one_statement(self):
        ordinary = self.new_tracking(False) + self.new_tracking(False)
        several = self.new_tracking()
        for trackings, statements in ((ordinary, 1), (ordinary + several, 2)):
            trackings._add_events({"event_type": "delivered", "source": "smtp"})
            self.env.flush_all()
            with (
                patch.object(
                    type(self.Tracking), "_states_changed", lambda _s, r, _t: r
                ),
                self.assertQueryCount(statements),
            ):
                rows = trackings._update_state()
            self.assertLessEqual({row[1] for row in rows}, {"delivered"})
        several.invalidate_recordset()
        self.assertEqual(several.state, "delivered")

    def test_hits_of_the_pixel(self):
        """All addresses share the image: an open hides no failure of one of them."""
        self.env["ir.config_parameter"].set_param(
            "mail_activity_tracking.early_open_seconds", "0"
        )
        for kind, state in (("error", "error"), ("sent", "opened")):
            tracking = self.new_tracking()
            tracking._add_events({"event_type": kind, "source": "smtp"})
            tracking._update_state()
            self.Tracking._register_open(tracking.token, "human")
            self.assertEqual((tracking.state, tracking.open_count), (state, 1))
            self.assertFalse(tracking._update_state())
        tracking._add_events(
            {"event_type": "hard_bounce", "source": "dsn", "recipient": B}
        )
        tracking._update_state()
        self.assertEqual(tracking.state, "bounced")
