"""Read values of providers: JSON, texts, reasons. Pure; nothing is trusted."""

import base64
import binascii
import hmac
import json
import re
from itertools import chain
from urllib.parse import parse_qsl

from ..tools.open_evidence import classify_agent
from ..tools.reports.answers import (
    event_of_reason,
    failure_of_reply,
    reason_of_reply,
    says_why,
)
from ..tools.states import EVIDENCE_STATE
from .contract import REFERENCE, VARIABLE, Unreadable, _lt

# "-----BEGIN PUBLIC KEY-----": many programs write such lines around a key.
ARMOUR = re.compile(r"-----[A-Z ]+-----")

# Exceptions that reading a value of an unexpected shape may raise.
BAD_SHAPE = (
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
    *(OSError, RecursionError),
)

REPLY_CODE = re.compile(r"\b([45]\d\d)\b")

# Reasons of a provider that has not tried: no server's answer says more.
NOT_TRIED = ("mail_bl", "mail_optout")
# Reasons that say no more than that an answer is a refusal.
VAGUE = ("refused", "postponed")
# Reasons that say nothing. Any other reason of a provider says more than "policy" in an
# answer.
UNKNOWN = ("mail_bounce", "unknown")


def load(text):
    """Return the value of a JSON text.

    :param text: bytes or str
    :raise Unreadable: when it is not JSON
    """
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise Unreadable(_lt("Not JSON")) from error


def load_form(body):
    """Return the fields of a form, the last of each name.

    :param bytes body: of the request
    :rtype: dict
    :raise Unreadable: when there are too many
    """
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), True, max_num_fields=100)
    except ValueError as error:
        raise Unreadable(_lt("Not a form")) from error
    return dict(pairs)


def read_items(body, read):
    """Read a batch; an item that is not as documented does not affect the others.

    :param body: JSON of an object or of a list of them, or such a value
    :param read: from an object to an iterable of reports
    :return: iterator of reports, with None for each item that cannot be read
    :raise Unreadable: when the body is not JSON
    """
    value = load(body) if isinstance(body, str | bytes | None) else body
    items = value if isinstance(value, list) else [value]
    return chain.from_iterable(_read_item(item, read) for item in items)


def _read_item(item, read):
    try:
        return list(read(item))
    except BAD_SHAPE:
        return [None]


def text(value):
    """Return a value as text that PostgreSQL accepts; empty for None."""
    if value is None:
        return ""
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()


def first_text(*values):
    """Return the first of the values that is not empty, as text."""
    return text(next((value for value in values if value), ""))


def reason_in(answer, default="mail_bounce"):
    """Return the reason in an answer, for a failure other than a bounce.

    :param str answer: with a reply code or an enhanced code, or without
    :param str default: the provider's reason, used where the answer says less
    """
    if default in NOT_TRIED:
        return default
    reason = reason_of_reply(_reply_code(answer), answer)
    is_less = reason == "postponed" or _says_less(reason, default, answer)
    return default if is_less else reason


def failure_in(answer, event_type, default="mail_bounce"):
    """Return the event and the reason that an answer of the recipient's server means.

    The event follows from the reason, as in reports by mail, so that the two never
    contradict each other: a provider's hard bounce is a soft one when the server has
    said that the mailbox is full. Where neither the answer nor the provider names a
    reason, the provider's own event stands.

    :param str answer: with a reply code or an enhanced code, or without
    :param str event_type: type of the event by the provider
    :param str default: the provider's reason, used where the answer says less
    :return: tuple (type of event, reason)
    """
    if default in NOT_TRIED:
        return "reject", default
    failure = failure_of_reply(_reply_code(answer), answer)
    reason = failure.reason
    # A reason from a class 4 code alone is a guess; "postponed" here comes from words.
    is_guess = reason_of_reply(_reply_code(answer), answer) in VAGUE
    if not (is_guess and reason != "postponed" or _says_less(reason, default, answer)):
        # The provider decides whether the mail is given up: some have codes of their
        # own, like Mailgun's 498 for a domain without a mail server.
        return event_of_reason(reason, event_type == "soft_bounce"), reason
    if default in UNKNOWN:
        return event_type, default
    return event_of_reason(default, event_type == "soft_bounce"), default


def _reply_code(answer):
    matched = REPLY_CODE.search(answer)
    return int(matched[1]) if matched else 0


def _says_less(reason, default, answer):
    """Return whether the reason in an answer says less than the provider's."""
    if default in UNKNOWN:
        return reason == "refused"
    return reason in ("refused", "policy") or not says_why(answer)


def sign_of_reading(event_type, agent=None, is_bot=None, is_shared=False):
    """Return the evidence of an open or a click: the provider's verdict comes first.

    :param str event_type: of the report; any other type has no evidence
    :param agent: user agent, None when the provider does not report it
    :param is_bot: the provider's verdict, None without one
    :param bool is_shared: whether it holds for one of several recipients, and the
        provider does not say for which
    :return: dict of fields of `Report`
    """
    if event_type not in EVIDENCE_STATE:
        return {}
    agent = text(agent).strip()
    given = {"agent": agent, "is_bot": is_bot}
    if is_shared:
        return {**given, "evidence": "shared"}
    if is_bot:
        return {**given, "evidence": "machine", "evidence_rule": "provider"}
    if event_type == "click" and not agent:
        return given  # and believed, see `CLICK_STATE`
    evidence, rule = classify_agent(agent, is_reported=False)
    return {**given, "evidence": evidence, "evidence_rule": rule}


def reference_among(values):
    """Find our reference among other values; empty when it is not there."""
    for value in values or ():
        if matched := REFERENCE.fullmatch(text(value).strip()):
            return matched[0]
    return ""


def variable_in(value):
    """Return our variable among those of a mail, an object or its JSON, or else ""."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = load(value)
    return text(value.get(VARIABLE)) if isinstance(value, dict) else ""


def message_id_in(value):
    """Return a Message-Id in angle brackets, whether the value has them or not."""
    value = text(value).strip()
    return value if not value or value.startswith("<") else f"<{value}>"


def header_value(headers, name, label="name"):
    """Return a header from a list of objects, without regard to case.

    :param headers: list of objects with a name and a ``value``, or None
    :param str name: of the header
    :param str label: key of the name in the objects
    """
    for entry in headers or ():
        if text(entry.get(label)).lower() == name.lower():
            return text(entry.get("value"))
    return ""


def json_header(*path, reference):
    """Return JSON with the reference for a header of a mail, on one line.

    :param path: names of the objects around the variable
    """
    value = {VARIABLE: reference}
    for name in reversed(path):
        value = {name: value}
    return json.dumps(value, separators=(",", ":"))


def sentence(*parts):
    """Join the parts that are not empty and not contained in a later part."""
    parts = [text(part).strip() for part in parts]
    return " ".join(
        part
        for place, part in enumerate(parts)
        if part and not any(part in later for later in parts[place + 1 :])
    )


# === AUTHENTICATION ===#
def is_same(given, expected):
    """Return whether two texts of any alphabet are equal, in constant time."""
    return hmac.compare_digest(
        given.encode("utf-8", "replace"), expected.encode("utf-8", "replace")
    )


def is_any(given, expected):
    """Return whether a value is one of the expected ones, see `is_same`."""
    return any(is_same(given, value) for value in expected)


def is_recent(value, now, seconds):
    """Return whether a time is at most some seconds away from now."""
    try:
        return abs(now - float(value)) <= seconds
    except (TypeError, ValueError, OverflowError):
        return False


def knows_secret(keys, call):
    """Check the HTTP authentication: Basic with any user name, or Bearer.

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
