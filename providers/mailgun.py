"""Mailgun.

https://documentation.mailgun.com/docs/mailgun/user-manual/tracking-messages/
The signature covers a time and a token, not the body: the token is what tells requests
apart, so each is good once. Tried again after 5, 10, 15 minutes, 1, 2 and 4 hours,
unless the answer is 200, or 406 for never.
"""

import hashlib
import hmac
from contextlib import suppress
from functools import partial

from .contract import VARIABLE, Provider, Report, Unreadable
from .values import (
    BAD_SHAPE,
    is_any,
    is_recent,
    json_header,
    load,
    moment,
    read_by,
    read_items,
    reason_in,
    sentence,
    text,
)

WINDOW = 24 * 3600  # seconds, longer than it is tried again

EVENTS = {
    "delivered": "delivered",
    "rejected": "reject",  # by Mailgun, before anything was sent
    "opened": "open",
    "clicked": "click",
    "complained": "spam",
    "unsubscribed": "unsub",
}
FAILURE_BY_SEVERITY = {"permanent": "hard_bounce", "temporary": "deferral"}
# Reasons of a failure that say more than its severity, with what to tell of them.
FAILURE_BY_REASON = {
    "suppress-bounce": ("reject", "mail_bl"),
    "suppress-complaint": ("reject", "mail_bl"),
    "suppress-unsubscribe": ("reject", "mail_optout"),
    "old": ("soft_bounce", "timeout"),  # given up after hours of temporary failures
}


def _signatures(body):
    value = load(body)
    # A subaccount's requests are signed with the key of the main account too.
    return [value[name] for name in ("signature", "parent-signature") if name in value]


def authenticate(keys, call):
    """Check the signature over time and token, which has to be of the last day."""
    return bool(_good_token(keys, call))


def _good_token(keys, call):
    """Give the token of the first good signature, "" when there is none.

    It alone tells requests apart: what stands in another one, anybody may have written.
    """
    with suppress(Unreadable, *BAD_SHAPE):
        for signature in _signatures(call.body):
            if _is_good(signature, keys, call):
                return text(signature["token"])
    return ""


def _is_good(signature, keys, call):
    timestamp, token = text(signature["timestamp"]), text(signature["token"])
    # Digits only: else a part of the token might be moved to the end of the time.
    if not timestamp.isdecimal():
        return False
    signed = (timestamp + token).encode()
    good = [hmac.new(key.encode(), signed, hashlib.sha256).hexdigest() for key in keys]
    is_signed = is_any(text(signature["signature"]), good)
    return is_signed and is_recent(timestamp, call.now, WINDOW)


def _failure(data):
    """Give the type of the event and the reason of a failure, None without one."""
    event = EVENTS.get(data["event"])
    if data["event"] == "failed":
        if known := FAILURE_BY_REASON.get(data.get("reason")):
            return known
        event = FAILURE_BY_SEVERITY[data["severity"]]
    return event or "other", "policy" if event == "reject" else None


def _read(item):
    data = item["event-data"]
    event, reason = _failure(data)
    status = data.get("delivery-status") or {}
    answer = sentence(
        status.get("code"),
        status.get("enhanced-code"),
        status.get("message") or status.get("description"),
        (data.get("reject") or {}).get("reason"),
    )
    if event == "hard_bounce":
        reason = reason_in(answer)
    client = data.get("client-info") or {}
    yield Report(
        event_type=event,
        recipient=text(data["recipient"]),
        reference=text((data.get("user-variables") or {}).get(VARIABLE)),
        time=moment(data["timestamp"]),
        # The id of an event is unique within a day only.
        key=sentence(data.get("id"), data["timestamp"]),
        error_type=reason,
        diagnostic=sentence(data["event"] if event == "other" else "", answer),
        server=text(status.get("mx-host")),
        # Mailgun's "bot" names the kind: apple, gmail, generic; empty for a person.
        **read_by(event, client.get("user-agent"), bool(client.get("bot"))),
    )


def _smtp_headers(reference):
    return {"X-Mailgun-Variables": json_header(reference=reference)}


PROVIDER = Provider(
    name="mailgun",
    label="Mailgun",
    key_help="The HTTP webhook signing key of the account.",
    authenticate=authenticate,
    events=partial(read_items, read=_read),
    smtp_headers=_smtp_headers,
    request_key=_good_token,
    refusal=406,
)
