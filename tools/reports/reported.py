"""What a report says of one recipient: its fields, its status, its event. Pure."""

import re
from typing import NamedTuple

from .answers import (
    ENHANCED_CODE,
    Failure,
    failure_of_reply,
    reason_of_reply,
    reply_in,
)
from .parts import clean, decode_xtext

STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
REPLY = re.compile(r"(?<![\d.])([245]\d\d)(?=[ -]|$)")
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


class Reported(NamedTuple):
    """What a report says of one recipient."""

    kind: str  # of the report
    action: str  # as in the report, in lower case, "" when unknown
    final: str = ""  # Final-Recipient: perhaps one that it was forwarded to
    original: str = ""  # Original-Recipient: the address that the sender gave
    status: str = ""
    diagnostic: str = ""
    server: str = ""

    @property
    def addresses(self):
        """List addresses that may name the recipient, in lower case, the best first."""
        addresses = (self.original, clean(decode_xtext(self.original)), self.final)
        return list(dict.fromkeys(address.lower() for address in addresses if address))

    def event(self):
        """Return the values of the event, see `event_of`."""
        return event_of(self)


# === STATUS: RFC 3463 ===#
def best_status(status, diagnostic):
    """Return the most specific status.

    :param str status: value of the field Status, e.g. ``"5.0.0 (unknown)"``
    :param str diagnostic: answer of the server, read when the status is generic
    :return: a code like ``"5.1.1"``, "" when there is none
    """
    match = STATUS.search(status)
    if match and (match[2], match[3]) != ("0", "0"):
        return match[0]
    inner = ENHANCED_CODE.search(diagnostic)
    if inner:
        return inner[0]
    if match:
        return match[0]
    reply = REPLY.search(diagnostic)
    return f"{reply[1][0]}.0.0" if reply else ""


# === EVENT ===#
def event_of(reported):
    """Return the values of the event that a report of one recipient means.

    :param Reported reported: what the report says
    :return: dict of values of `mail.tracking.event`, without the tracking
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


def _answer(reported):
    """Return the reply code and the words of the server, as the tables expect them."""
    # The remote MTA's reply first: the reporting MTA derived the status from it.
    return reply_in(reported.diagnostic), f"{reported.diagnostic} {reported.status}"


def _failure(reported):
    if reported.kind == "mdn":  # a rule of the recipient, whatever its words
        return Failure("reject", "policy")
    event_type, reason = failure_of_reply(*_answer(reported))
    return event_type, _without_status(reason, reported)


def _reason_of_delay(reported):
    reason = reason_of_reply(*_answer(reported))
    return "postponed" if reason == "refused" else reason  # it is still being tried


def _without_status(reason, reported):
    """Return the reason: core's own instead of "refused" where there is no status."""
    return "mail_bounce" if reason == "refused" and not reported.status else reason
