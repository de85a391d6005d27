"""Read what providers send: JSON, texts, moments, reasons. Pure; nothing is trusted."""

import base64
import binascii
import hmac
import json
import re
from datetime import datetime, timedelta, timezone
from itertools import chain

from ..tools.open_evidence import classify_agent
from ..tools.reports.answers import reason_of_reply
from ..tools.states import EVIDENCE_STATE
from .contract import REFERENCE, VARIABLE, Unreadable

# What reading a value of an unexpected shape may raise.
BAD_SHAPE = (
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
    *(OSError, RecursionError),
)

ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?\s*"
    r"(?:(Z)|([+-]\d\d):?(\d\d)?)?",
    re.IGNORECASE,
)
REPLY_CODE = re.compile(r"\b([45]\d\d)\b")


def load(text):
    """Give the value of a JSON text.

    :param text: bytes or str
    :raise Unreadable: when it is none
    """
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error


def read_items(body, read):
    """Read a batch, in which an item that is not what is documented spoils no other.

    :param bytes body: JSON of an object or of a list of them
    :param read: from an object to an iterable of reports
    :return: iterator of reports, with None for each item that cannot be read
    :raise Unreadable: when the body is no JSON
    """
    value = load(body)
    items = value if isinstance(value, list) else [value]
    return chain.from_iterable(_read_item(item, read) for item in items)


def _read_item(item, read):
    try:
        return list(read(item))
    except BAD_SHAPE:
        return [None]


def text(value):
    """Give a value as text that PostgreSQL takes; empty for None."""
    if value is None:
        return ""
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()


def first_text(*values):
    """Give the first of the values that is not empty, as text."""
    return text(next((value for value in values if value), ""))


def moment(value, scale=1):
    """Give a moment in UTC without time zone.

    :param value: seconds since 1970, as number or text, or a time of ISO 8601
    :param int scale: units in a second, 1000 for milliseconds
    :return: datetime, None without a value
    :raise ValueError: when it is none
    """
    if value in (None, ""):
        return None
    if matched := ISO.fullmatch(str(value).strip()):
        day, clock, fraction, _utc, hours, minutes = matched.groups()
        found = datetime.fromisoformat(f"{day} {clock}")
        found += timedelta(microseconds=int((fraction or "")[:6].ljust(6, "0")))
        if hours:
            offset = int(hours[1:]) * 60 + int(minutes or 0)
            found -= timedelta(minutes=-offset if hours[0] == "-" else offset)
        return found
    seconds = float(value) / scale
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)


def reason_in(answer, default="mail_bounce"):
    """Give the reason that the answer of a server tells.

    :param str answer: with a reply code or an enhanced code, or without
    :param str default: what is said without
    """
    matched = REPLY_CODE.search(answer)
    reason = reason_of_reply(int(matched[1]) if matched else 0, answer)
    # A code without details: what the provider says is more.
    return default if reason in ("refused", "postponed") else reason


def read_by(event_type, user_agent, by_machine=False):
    """Return what stands behind an opening or a click: what the provider says first.

    :param str event_type: of the report
    :param user_agent: of the reader, None when the provider does not tell
    :param by_machine: true when the provider says so
    :return: dict of the fields of `Report`, empty for other types of events
    """
    agent = text(user_agent).strip()
    if event_type not in EVIDENCE_STATE:
        return {}
    if by_machine:
        return {"evidence": "machine", "evidence_rule": "provider"}
    if event_type == "click" and not agent:
        return {}  # and believed, see `CLICK_STATE`
    evidence, rule = classify_agent(agent, is_told=False)
    return {"evidence": evidence, "evidence_rule": rule}


def reference_among(values):
    """Find our reference among other values; empty when it is not there."""
    for value in values or ():
        if matched := REFERENCE.fullmatch(text(value).strip()):
            return matched[0]
    return ""


def header(headers, name):
    """Give a header of a list of objects with name and value, without case."""
    for entry in headers or ():
        if text(entry.get("name")).lower() == name.lower():
            return text(entry.get("value"))
    return ""


def json_header(*path, reference):
    """Give the JSON that carries the reference in a header, on one line of a mail.

    :param path: names of the objects around the variable
    """
    value = {VARIABLE: reference}
    for name in reversed(path):
        value = {name: value}
    return json.dumps(value, separators=(",", ":"))


def sentence(*parts):
    """Join what is not empty, and not in a later part already."""
    parts = [text(part).strip() for part in parts]
    return " ".join(
        part
        for place, part in enumerate(parts)
        if part and not any(part in later for later in parts[place + 1 :])
    )


# === AUTHENTICATION ===#
def is_same(given, expected):
    """Compare in constant time; texts of any alphabet."""
    return hmac.compare_digest(
        given.encode("utf-8", "replace"), expected.encode("utf-8", "replace")
    )


def is_any(given, expected):
    """Tell whether a value is one of the expected, as `is_same`."""
    return any(is_same(given, value) for value in expected)


def is_recent(value, now, seconds):
    """Tell whether a moment is not further from now than some seconds."""
    try:
        return abs(now - float(value)) <= seconds
    except (TypeError, ValueError, OverflowError):
        return False


def knows_secret(keys, call):
    """Check HTTP's own authentication: Basic with any user name, or Bearer.

    A key may also be written as user:password; then the name counts too.
    """
    scheme, _space, given = call.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return is_any(given.strip(), keys)
    if scheme.lower() != "basic":
        return False
    try:
        pair = base64.b64decode(given.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return False
    return is_any(pair, keys) or is_any(pair.partition(":")[2], keys)
