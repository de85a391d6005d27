"""Tables that turn a report of one recipient into an event. Pure."""

from .answers import Failure, failure_of_reply, reason_of_reply, reply_in

# Kind of the report and action to the type of the event; "failed" is not among them,
# since its reason decides. A pair that is not listed is kept as "other".
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
    """Return the values of the event that a report of one recipient means.

    :param Reported reported: see `reported`
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
        values["event_type"], values["error_type"] = _failure(reported)
    elif action == "delayed":
        values["error_type"] = _reason_of_delay(reported)
    return values


def _words(reported):
    # The words of the other server are better than the status its client made of them.
    return reply_in(reported.diagnostic), f"{reported.diagnostic} {reported.status}"


def _failure(reported):
    if reported.kind == "mdn":  # a rule of the recipient, whatever its words
        return Failure("reject", "policy")
    event_type, reason = failure_of_reply(*_words(reported))
    nothing = reason == "refused" and not reported.status
    return event_type, "mail_bounce" if nothing else reason


def _reason_of_delay(reported):
    reason = reason_of_reply(*_words(reported))
    return "mail_bounce" if reason == "refused" and not reported.status else reason
