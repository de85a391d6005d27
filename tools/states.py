"""The one place that folds the events of a tracking into its state.

Pure tables and functions, no ORM: the rank of a state decides, never the order in
which its events arrive.
"""

# Labels of the states, in the order of their rank.
STATES = [
    ("waiting", "Waiting"),
    ("canceled", "Canceled"),
    ("sent", "Sent"),
    ("deferred", "Delayed"),
    ("delivered", "Delivered"),
    ("error", "Not sent"),
    ("rejected", "Rejected"),
    ("soft_bounced", "Soft bounced"),
    ("bounced", "Bounced"),
    ("opened", "Opened"),
    ("unsub", "Unsubscribed"),
    ("spam", "Marked as spam"),
]

# Labels of the events. "relayed" and "expanded" (RFC 3464) change no state: the mail is
# on its way, and perhaps nothing more is heard of it. "read" is a read receipt (RFC
# 8098), "other" what is reported and nobody here knows.
EVENT_TYPES = [
    ("queued", "Queued"),
    ("canceled", "Canceled"),
    ("sent", "Sent"),
    ("deferral", "Delayed"),
    ("relayed", "Passed on to another mail server"),
    ("expanded", "Passed on to other addresses"),
    ("delivered", "Delivered"),
    ("auto_reply", "Automatic reply"),
    ("error", "Not sent"),
    ("reject", "Rejected"),
    ("soft_bounce", "Soft bounce"),
    ("hard_bounce", "Hard bounce"),
    ("open", "Opened"),
    ("click", "Clicked"),
    ("reply", "Replied"),
    ("read", "Read receipt"),
    ("unsub", "Unsubscribed"),
    ("spam", "Marked as spam"),
    ("other", "Other"),
]

# What stands behind a sign of reading; of an opening see OPEN_STATE.
EVIDENCE = [
    ("human", "A mail program"),
    ("proxy", "A person's image proxy"),
    ("machine", "A machine"),
    ("shared", "One of several recipients"),
    ("suspect", "Not certain"),
    ("self", "A user of this database"),
    ("reply", "A reply"),
]

# Why a mail failed or was not sent: core's failure types of `mail.notification`, and
# what the answers of servers tell.
REASONS = [
    ("address_unknown", "Address unknown"),
    ("auth_failed", "Login refused by the mail server"),
    ("blocklisted", "Sending server is on a block list"),
    ("content_refused", "Content not accepted"),
    ("domain_unknown", "Domain takes no mail"),
    ("encryption_needed", "Encrypted connection needed"),
    ("mail_bl", "Blacklisted address"),
    ("mail_bounce", "Returned"),
    ("mail_dup", "Same address as another recipient"),
    ("mail_email_invalid", "Invalid e-mail address"),
    ("mail_email_missing", "No e-mail address"),
    ("mail_from_invalid", "Invalid sender address"),
    ("mail_from_missing", "No sender address"),
    ("mail_optout", "Opted out"),
    ("mail_smtp", "No connection to the mail server"),
    ("mail_spam", "Taken for spam"),
    ("mailbox_disabled", "Mailbox disabled"),
    ("mailbox_full", "Mailbox full"),
    ("not_attempted", "Not tried: another recipient was refused"),
    ("policy", "Blocked by a policy"),
    ("postponed", "To be tried again later"),
    ("refused", "Refused by the mail server"),
    ("sender_unverified", "Sender could not be verified"),
    ("server_problem", "Trouble at the recipient's mail server"),
    ("timeout", "No answer in time"),
    ("too_big", "Mail too big"),
    ("unknown", "Unknown error"),
]

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

# Signs of reading survive a retry, everything else is of one attempt.
READING_STATES = frozenset(READING_STATE.values())
# What a person should look at: the recipient did not get the mail, or complained.
FAILED_STATES = ("error", "rejected", "soft_bounced", "bounced", "spam")


def event_rows():
    """List every event that speaks for a state.

    :return: list of tuples (event type, evidence or None, state, whether it counts
        for every attempt), from which the statements in SQL are built
    """
    kinds = [(kind, None) for kind in (*DELIVERY_STATE, *READING_STATE)]
    kinds += [("open", evidence) for evidence in OPEN_STATE]
    return [(*kind, *event_state(*kind)) for kind in kinds]


def state_of_next_attempt(state):
    """Give the state with which the next attempt begins, after `state`."""
    return state if state in READING_STATES else "waiting"


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
