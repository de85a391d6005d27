"""State machine of `test_history_walk`; needs hypothesis."""

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ...tools.states import FAILED_STATES, STATE_RANK, fold_facts
from .smtp_server import sending

# A short run each time, the same each time; MAT_FUZZ_EXAMPLES=200 searches anew.
EXAMPLES = int(os.environ.get("MAT_FUZZ_EXAMPLES") or 0)
BOUNDS = settings(
    max_examples=EXAMPLES or 10,
    derandomize=not EXAMPLES,
    stateful_step_count=12,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
EVENTS = (
    *("sent", "delivered", "deferral", "error", "reject", "soft_bounce"),
    *("hard_bounce", "reply", "click", "unsub", "spam", "other"),
)
numbers = st.integers(0, 99)


class HistoryWalk(RuleBasedStateMachine):
    """Messages, contacts and reports in random order, with invariants."""

    def __init__(self, case):
        super().__init__()
        self.case, self.env, self.Tracking = case, case.env, case.Tracking
        self.savepoint = self.env.cr.savepoint(flush=False)
        Partner = self.env["res.partner"]
        case.document = self.document = Partner.create({"name": "Walk"})
        self.contacts = Partner.create(
            [{"name": f"P{i}", "email": f"p{i}@example.com"} for i in range(4)]
        )
        self.messages = self.env["mail.message"]

    def teardown(self):
        self.env.invalidate_all(flush=False)
        self.savepoint.close(rollback=True)
        self.env.clear()

    @property
    def trackings(self):
        """Return all trackings of the messages, also those that are not shown."""
        return self.Tracking.search(
            [("mail_message_id", "in", self.messages.ids)], order="id"
        )

    def any_of(self, records, number):
        return records[number % len(records)]

    # === WHAT HAPPENS ===#
    @rule(number=numbers)
    def post(self, number):
        to = self.contacts[: 1 + number % len(self.contacts)]
        message = self.case.post(to)
        self.env.flush_all()
        # As in the transactions that follow.
        self.env.cr.execute("UPDATE mail_message SET create_date = '2020-01-01'")
        self.messages += message

    @rule(number=numbers)
    def correct_address(self, number):
        contact = self.any_of(self.contacts, number)
        contact.email = f"new{number}@example.com"

    @rule(number=numbers)
    def rename(self, number):
        self.any_of(self.contacts, number).name = f"Renamed {number}"
        self.document.name = f"Walk {number}"

    @precondition(lambda self: self.trackings)
    @rule(number=numbers)
    def second_address(self, number):
        tracking = self.any_of(self.trackings, number)
        tracking.other_addresses = f"second{number}@example.com"
        tracking._update_state()

    @precondition(lambda self: self.trackings)
    @rule(number=numbers, kind=st.sampled_from(EVENTS), place=numbers)
    def event(self, number, kind, place):
        tracking = self.any_of(self.trackings, number)
        named = self.any_of([None, *tracking._addresses()], place)
        tracking._add_events({"event_type": kind, "source": "x", "recipient": named})
        tracking._update_state()

    @precondition(lambda self: self.trackings)
    @rule(number=numbers, place=numbers, code=st.sampled_from(("5.1.1", "4.2.2")))
    def report(self, number, place, code):
        tracking = self.any_of(self.trackings, number)
        address = self.any_of(tracking._addresses(), place)
        returned = f"Message-Id: {tracking.message_id}"
        self.case.receive(
            self.case.dsn(address, code=code, secret="", returned=returned)
        )

    @precondition(lambda self: self.trackings)
    @rule(number=numbers, evidence=st.sampled_from(("human", "machine", "suspect")))
    def load_picture(self, number, evidence):
        tracking = self.any_of(self.trackings, number)
        self.Tracking._register_open(tracking.token, evidence)

    @precondition(lambda self: self.trackings)
    @rule(number=numbers)
    def retry(self, number):
        with sending():
            self.any_of(self.trackings, number)._retry()

    @precondition(lambda self: self.trackings)
    @rule(number=numbers)
    def review(self, number):
        self.any_of(self.trackings, number)._set_reviewed(True)

    @precondition(lambda self: self.trackings)
    @rule(number=numbers)
    def withdraw_complaint(self, number):
        self.any_of(self.trackings, number).action_withdraw_complaints()

    @precondition(lambda self: len(self.contacts) > 1)
    @rule(number=numbers)
    def merge(self, number):
        gone, kept = self.any_of(self.contacts, number), self.contacts
        kept -= gone
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((gone + kept[0]).ids, kept[0])
        self.contacts = kept

    @precondition(lambda self: self.messages)
    @rule(number=numbers)
    def delete(self, number):
        message = self.any_of(self.messages, number)
        self.messages -= message
        message.unlink()

    # === WHAT HOLDS ===#
    @invariant()
    def one_row_is_shown_for_each_recipient(self):
        self.env.invalidate_all()
        rows = self.Tracking._chatter_rows(self.messages.ids)
        for message in self.messages:
            of_message = self.trackings.filtered(
                lambda t, message=message: t.mail_message_id == message
            )
            shown = {row["partner_id"]: row for row in rows[message.id]}
            self.case.assertEqual(len(shown), len(rows[message.id]))
            self.case.assertEqual(set(shown), set(of_message.partner_id.ids))
            for partner, doubles in of_message.grouped("partner_id").items():
                states = set(doubles.mapped("state")) - {"canceled"} or {"canceled"}
                best = max(states, key=STATE_RANK.get)
                self.case.assertEqual(shown[partner.id]["state"], best)

    @invariant()
    def states_follow_from_the_events(self):
        for tracking in self.trackings:
            facts = tracking._facts()
            address, *others = tracking._addresses()
            folded = fold_facts(facts, tracking.attempt, address, others)
            self.case.assertEqual(tracking.state, folded, facts)

    @invariant()
    def failures_are_counted_as_they_are_shown(self):
        shown = self.trackings.filtered(
            lambda t: not t.outranked and not t.reviewed and t.state in FAILED_STATES
        )
        count = self.Tracking._failed_counts("res.partner", self.document.ids)
        self.case.assertEqual(count[self.document.id], len(shown))
        by_message = self.Tracking._failures_by_message(self.messages.ids)
        listed = sum(len(failures) for failures in by_message.values())
        self.case.assertEqual(listed, len(shown))
        author = self.messages.author_id
        if author:
            counter = self.Tracking._failed_counters(author.ids)[author.id]
            self.case.assertEqual(counter, len(shown.mail_message_id))
