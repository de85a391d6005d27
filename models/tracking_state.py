"""The one place that folds the events of a tracking into its state.

Pure tables and functions, no ORM: the rank of a state decides, never the order in
which its events arrive.
"""

# Rank of each state. A state of higher rank is never undone by one of lower rank.
STATE_RANK = {
    "waiting": 0,
    "canceled": 5,
    "sent": 10,
    "deferred": 15,
    "delivered": 20,
    "error": 30,
    "rejected": 31,
    "soft_bounced": 32,
    "bounced": 33,
    "opened": 40,
    "unsub": 45,
    "spam": 50,
}

# What an event says of the delivery: it counts for its own attempt only.
DELIVERY_STATE = {
    "queued": "waiting",
    "canceled": "canceled",
    "sent": "sent",
    "deferral": "deferred",
    "delivered": "delivered",
    "auto_reply": "delivered",
    "error": "error",
    "reject": "rejected",
    "soft_bounce": "soft_bounced",
    "hard_bounce": "bounced",
}

# What an event says of the reader: it counts for every attempt, since a message
# that was read has been read whatever a later attempt meets.
READING_STATE = {
    "click": "opened",
    "reply": "opened",
    "read": "opened",
    "unsub": "unsub",
    "spam": "spam",
}

# An opening proves as much as the class of its evidence. A machine (prefetch,
# scanner) proves that the mail has reached a mailbox; shared, suspect and own
# openings prove nothing.
OPEN_STATE = {"human": "opened", "proxy": "opened", "machine": "delivered"}


def event_state(event_type, evidence=None):
    """Give the state that one event speaks for.

    :param str event_type: type of the event, e.g. ``"sent"`` or ``"open"``
    :param str evidence: class of an opening's evidence, e.g. ``"human"``
    :return: tuple (state or None, whether it counts for every attempt)
    """
    if event_type == "open":
        state = OPEN_STATE.get(evidence)
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
