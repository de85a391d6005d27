"""The state of a tracking, derived from its events.

Pure tables and functions, no ORM: the rank of a state decides, never the order in
which its events arrive. `fold` is the reference; `states_sql` does the same in SQL.
"""

from typing import NamedTuple

from . import vocabulary

_STORED = [state for state in vocabulary.STATES if state.rank is not None]

# Selections: lists of tuples (code, label).
STORED_STATES = [(state.code, state.label) for state in _STORED]
EVENT_TYPES = [(event.code, event.label) for event in vocabulary.EVENTS]
EVIDENCE = [(evidence.code, evidence.label) for evidence in vocabulary.EVIDENCE]
OF_SERVERS = {event.code for event in vocabulary.EVENTS if event.needs_server}
EVIDENCE_RULES = vocabulary.EVIDENCE_RULES
SOURCES = [(source.code, source.label) for source in vocabulary.SOURCES]
REASONS = [(reason.code, reason.label) for reason in vocabulary.REASONS]
MAIL_STATES = [(status.code, status.label) for status in vocabulary.STATUSES]

# Rank of each state. A state of higher rank is never undone by one of lower rank.
STATE_RANK = {state.code: state.rank for state in _STORED}

# States from events of the delivery, which count for their own attempt only.
DELIVERY_STATE = {
    event.code: event.state
    for event in vocabulary.EVENTS
    if event.state and not event.is_reading
}
# States from events of the reader, which count for every attempt.
READING_STATE = {
    event.code: event.state for event in vocabulary.EVENTS if event.is_reading
}
# States from opens, by their evidence; without a state an open proves nothing.
OPEN_STATE = {
    evidence.code: evidence.state for evidence in vocabulary.EVIDENCE if evidence.state
}

# The same for clicks. A scanner that follows links proves nothing: it may do so before
# the mail is accepted. A click that is reported without evidence is believed.
CLICK_STATE = {"human": "opened", "proxy": "opened", None: "opened"}
EVIDENCE_STATE = {"open": OPEN_STATE, "click": CLICK_STATE}

# Not sent, and not going to be.
CANCELED = "canceled"
# With one of these the mail has reached a place where it can be read.
ACCEPTED_EVENTS = ("sent", "delivered")
# With one of these an attempt has left the sending transaction.
OUTCOME_EVENTS = (*DELIVERY_STATE.keys() - {"queued"}, "relayed", "expanded")

# Signs of reading survive a retry; all other states belong to one attempt.
READING_STATES = frozenset(("opened", *READING_STATE.values()))
# State with which the attempt after a state begins.
STATE_OF_NEXT_ATTEMPT = {
    state: state if state in READING_STATES else "waiting" for state in STATE_RANK
}
# States that need a person: the recipient did not get the mail, or complained.
FAILED_STATES = tuple(state.code for state in _STORED if state.counts_as_failed)
# States in which a mail server has taken the email, and nothing has failed since.
REACHED_STATES = tuple(
    state
    for state, rank in STATE_RANK.items()
    if rank >= STATE_RANK["sent"] and state not in FAILED_STATES
)

# Complaints may be withdrawn: each event of this type names the one it takes back.
WITHDRAWAL = "complaint_withdrawn"
COMPLAINT_STATES = ("unsub", "spam")
COMPLAINTS = tuple(
    kind for kind, state in READING_STATE.items() if state in COMPLAINT_STATES
)

# Events of the mail, not of one address. If an attempt leaves out addresses that have
# received the mail, its queued events name the others; else one event is for all.
BEGINNING = "queued"
EVENTS_OF_THE_MAIL = (BEGINNING, "canceled")
# In place of an address, where it is not known which of several it was.
ANYBODY = ""


class Fact(NamedTuple):
    """An event as the fold sees it."""

    event_type: str
    attempt: int = 1
    evidence: str | None = None
    recipient: str | None = None  # the address that it names, if any
    id: int = 0
    withdrawn_event_id: int | None = None


def proof_of(event_type, source):
    """Return how much an event proves, "" where users need not know.

    :return: sentence, to be translated
    """
    if source.startswith("webhook:"):
        return vocabulary.PROVED_BY_PROVIDER
    rows = {row.code: row for row in vocabulary.SOURCES}
    proof = rows[source].proof if source in rows else ""
    if proof == vocabulary.LIKELY and event_type in OF_SERVERS:
        return vocabulary.PROVED_BY_SERVER
    return proof


def evidence_words(event_type, evidence):
    """Return what an open with an evidence proves, "" for another event.

    :return: sentences, to be translated
    """
    if event_type != "open":
        return ""
    return next((r.words for r in vocabulary.EVIDENCE if r.code == evidence), "")


def advice_of(state, reason=None):
    """Return what to do about a failure, by its reason, else by its state.

    The web client's `remedyOf` does the same.

    :param str state: of the tracking
    :param str reason: code, as in `REASONS`
    :return: a term, "" when there is nothing to do
    :rtype: str
    """
    reasons = {row.code: row.advice for row in vocabulary.REASONS}
    return reasons.get(reason) or vocabulary.STATE_BY_CODE[state].advice


def event_rows():
    """Return every kind of event that speaks for a state.

    :return: list of tuples (event type, evidence or None, state, whether it counts
        for every attempt), from which the statements in SQL are built
    """
    kinds = [(kind, None) for kind in (*DELIVERY_STATE, *READING_STATE)]
    kinds += [
        (kind, evidence)
        for kind, states in EVIDENCE_STATE.items()
        for evidence in states
    ]
    return [(*kind, *event_state(*kind)) for kind in kinds]


def event_state(event_type, evidence=None):
    """Return the state that one event speaks for.

    :param str event_type: type of the event, e.g. ``"sent"`` or ``"open"``
    :param str evidence: class of the evidence of an open or click, e.g. ``"human"``
    :return: tuple (state or None, whether it counts for every attempt)
    """
    if event_type in EVIDENCE_STATE:
        state = EVIDENCE_STATE[event_type].get(evidence)
        return state, state == "opened"
    if event_type in READING_STATE:
        return READING_STATE[event_type], True
    return DELIVERY_STATE.get(event_type), False


def fold(events, attempt=None):
    """Derive the state of a tracking from its events, in any order.

    :param events: iterable of tuples (event type, attempt, evidence)
    :param int attempt: the latest attempt; the highest of the events without it
    :return: state with the highest rank among the delivery facts of the latest
        attempt and the signs of reading of any attempt; ``"waiting"`` without any
    :rtype: str
    """
    events = list(events)
    if attempt is None:
        attempt = max((event[1] for event in events), default=1)
    states = ["waiting"]
    for event_type, event_attempt, evidence in events:
        state, every_attempt = event_state(event_type, evidence)
        if state and (every_attempt or event_attempt == attempt):
            states.append(state)
    return max(states, key=STATE_RANK.__getitem__)


def fold_facts(facts, attempt, address="", others=()):
    """Derive the state of a tracking from its facts, in any order.

    Unlike `fold` it considers withdrawn complaints, and recipients with several
    addresses: if any of these has failed, the worst one gives the state. An address
    that the latest attempt left out, since it had received the mail, counts only if it
    has failed after all, or if the latest attempt was cancelled.

    :param facts: iterable of `Fact`
    :param int attempt: the latest attempt
    :param str address: of the recipient, normalised
    :param others: further addresses that an attempt used
    :rtype: str
    """
    judged = _judged(facts, attempt, address, others)
    worst = _highest(judged).values() if others else ()
    failed = [state for state in worst if state in FAILED_STATES]
    latest = [state for _whose, state, is_latest in judged if is_latest]
    highest = max(failed or latest, key=STATE_RANK.__getitem__, default=CANCELED)
    if highest != CANCELED:
        return highest
    states = (state for _whose, state, _is_latest in judged)
    return max(states, key=STATE_RANK.__getitem__, default="waiting")


def fold_addresses(facts, attempt, address="", others=()):
    """Derive the state of each address of a recipient, as of its own latest attempt.

    :return: dict from the address to its state; that of `ANYBODY` is the state of the
        mail, or of an unknown one of the addresses
    :rtype: dict
    """
    return _highest(_judged(facts, attempt, address, others))


def left_out(facts, attempt, address, others):
    """Return the addresses that the latest attempt does not go to.

    :rtype: set
    """
    history = _History(facts, attempt, address, others)
    return {a for a in history.addresses if history.latest_of(a) < attempt}


def _highest(judged):
    """Return the state of the highest rank of each address, from `_judged`."""
    states = {}
    for whose, state, _is_latest in judged:
        states.setdefault(whose, []).append(state)
    return {whose: max(names, key=STATE_RANK.get) for whose, names in states.items()}


def _judged(facts, attempt, address, others):
    """Return the facts that count, each with its address and its state.

    :return: list of tuples (address, state, whether the fact is a sign of reading or
        of the recipient's latest attempt)
    """
    history = _History(facts, attempt, address, others)
    withdrawn = {fact.withdrawn_event_id for fact in history.facts} - {None}
    judged = []
    for fact, whose, state, every_attempt in history.rows:
        is_withdrawn = fact.id in withdrawn and state in COMPLAINT_STATES
        counts = every_attempt or fact.attempt == history.latest_of(whose)
        if state and counts and not is_withdrawn:
            judged.append((whose, state, every_attempt or fact.attempt == attempt))
    return judged


class _History:
    """Which attempts went to which of a recipient's addresses."""

    def __init__(self, facts, attempt, address, others):
        self.facts = [fact for fact in facts if fact.attempt <= attempt]
        self.attempt, self.address = attempt, address
        self.addresses = {address, *others} - {ANYBODY} if others else set()
        self._asked = {}  # attempt to the addresses that it is for
        for fact in self.facts:
            if fact.event_type == BEGINNING and fact.recipient:
                asked = self._asked.setdefault(fact.attempt, set())
                asked.add(fact.recipient.lower())
        self.rows = [self._row(fact) for fact in self.facts]
        self._attempts = {}  # address to attempts that something is known of
        for fact, whose, state, every_attempt in self.rows:
            if state and not every_attempt:
                is_for_all = fact.event_type == BEGINNING and whose == ANYBODY
                for one in self.addresses if is_for_all else (whose,):
                    self._attempts.setdefault(one, set()).add(fact.attempt)

    def latest_of(self, whose):
        """Return the latest attempt that an address was part of."""
        if whose in self.addresses:
            return max(self._attempts.get(whose, ()), default=self.attempt)
        return self.attempt

    def _row(self, fact):
        state, every_attempt = event_state(fact.event_type, fact.evidence)
        return fact, self._address_of(fact, every_attempt), state, every_attempt

    def _address_of(self, fact, is_reading):
        """Return the address that a fact is about.

        A delivery fact that names an address is about that address, even if the mail
        was forwarded to it; else about the recipient's first address, if the attempt is
        for it. A sign of reading that names none, as from the pixel, may be from any
        of the addresses.
        """
        named = (fact.recipient or "").lower()
        if not self.addresses:
            return ANYBODY
        if fact.event_type in EVENTS_OF_THE_MAIL:
            return named
        if is_reading or fact.event_type in EVIDENCE_STATE:
            return named if named in self.addresses else ANYBODY
        asked = self._asked.get(fact.attempt, {self.address})
        return named or (self.address if self.address in asked else ANYBODY)
