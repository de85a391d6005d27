"""What a report of one recipient means as an event: the tables. Pure."""

from .answers import reason_of_reply
from .status_code import REPLY, failure_event

# Kind of the report and action to the type of the event; "failed" is not among them,
# since its status decides. What is in no table is kept as "other".
EVENT_BY_ACTION = {
    ("dsn", "delayed"): "deferral",
    ("dsn", "delivered"): "delivered",
    ("dsn", "relayed"): "relayed",
    ("dsn", "expanded"): "expanded",
    ("bounce", "delayed"): "deferral",
    ("mdn", "displayed"): "read",
    ("arf", "abuse"): "spam",
    ("arf", "fraud"): "spam",
    ("arf", "virus"): "spam",
    ("arf", "opt-out"): "unsub",
    ("arf", "opt-out-list"): "unsub",
    ("auto_reply", "replied"): "auto_reply",
}
SOURCE_BY_KIND = {"dsn": "dsn", "mdn": "mdn", "arf": "arf"}


def event_of(reported):
    """Give the values of the event that a report of one recipient means.

    :param Reported reported: see `reader`
    :return: dict of values of `mail.tracking.event`
    """
    kind, action = reported.kind, reported.action
    values = {
        "event_type": EVENT_BY_ACTION.get((kind, action), "other"),
        "source": SOURCE_BY_KIND.get(kind, "gateway"),
        "recipient": reported.final or reported.original,
        "server": reported.server,
        "diagnostic": reported.diagnostic,
    }
    if action == "failed":
        # A bounce in no format says what it says in words: for good is nothing.
        status = reported.status if kind == "dsn" else ""
        values["event_type"] = failure_event(status)
    if action in ("failed", "delayed"):
        values["error_type"] = _reason(reported)
    return values


def _reason(reported):
    reply = REPLY.search(reported.diagnostic)
    words = f"{reported.status} {reported.diagnostic}"
    reason = reason_of_reply(int(reply[1]) if reply else 0, words)
    return "mail_bounce" if reason == "refused" and not reported.status else reason
