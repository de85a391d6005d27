"""Mailchimp Transactional (Mandrill).

https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/
A form whose field `mandrill_events` is a list. HMAC-SHA1 over the address of the
webhook, exactly as it is entered there, and the fields of the form. HEAD is asked when
the webhook is set up.
"""

import base64
import hashlib
import hmac
from urllib.parse import parse_qsl

from .contract import VARIABLE, Provider, Report, Unreadable
from .values import (
    first_text,
    is_any,
    json_header,
    moment,
    read_by,
    read_items,
    reason_in,
    sentence,
    text,
)

FIELD = "mandrill_events"

EVENTS = {
    "send": "sent",
    "delivered": "delivered",  # of newer accounts
    "deferral": "deferral",
    "hard_bounce": "hard_bounce",
    "soft_bounce": "soft_bounce",
    "reject": "reject",
    "open": "open",
    "click": "click",
    "spam": "spam",
    "unsub": "unsub",
}
# What Mandrill calls the reason of a bounce, where the answer does not tell it.
REASONS = {
    "bad_mailbox": "address_unknown",
    "invalid_domain": "address_unknown",
    "mailbox_full": "mailbox_full",
}
DEFAULT_REASONS = {
    "hard_bounce": "mail_bounce",
    "soft_bounce": "mail_bounce",
    "reject": "policy",
}


def _fields(body):
    # Bounded, as the body is: `parse_qsl` raises ValueError beyond.
    return parse_qsl(body.decode("utf-8", "replace"), True, max_num_fields=100)


def authenticate(keys, call):
    """Check the signature over the address and the fields."""
    given = call.headers.get("X-Mandrill-Signature", "")
    try:
        fields = sorted(_fields(call.body))
    except ValueError:
        return False
    signed = "".join(name + value for name, value in fields)
    good = [_sign(key, url + signed) for key in keys for url in call.urls]
    return is_any(given, good)


def _sign(key, signed):
    digest = hmac.new(key.encode(), signed.encode("utf-8", "replace"), hashlib.sha1)
    return base64.b64encode(digest.digest()).decode()


def events(body):
    """Read the list in the form; see `Provider.events`."""
    try:
        value = dict(_fields(body)).get(FIELD)
    except ValueError as error:
        raise Unreadable("not a form") from error
    return read_items(value, _read)


def _read(item):
    message = item["msg"]
    event = EVENTS.get(item["event"], "other")
    described = text(message.get("bounce_description"))
    answer = first_text(message.get("diag"), described, message.get("reject"))
    reason = DEFAULT_REASONS.get(event)
    metadata = message.get("metadata")
    yield Report(
        event_type=event,
        recipient=text(message["email"]),
        reference=text(metadata.get(VARIABLE)) if metadata else "",
        time=moment(item["ts"]),
        key=sentence(item.get("_id"), item["event"], item["ts"]),
        error_type=reason_in(answer, REASONS.get(described, reason))
        if reason
        else None,
        diagnostic=sentence(item["event"] if event == "other" else "", answer),
        **read_by(event, item.get("user_agent")),
    )


def _smtp_headers(reference):
    return {"X-MC-Metadata": json_header(reference=reference)}


PROVIDER = Provider(
    name="mandrill",
    label="Mailchimp Transactional (Mandrill)",
    key_help="The key of the webhook, as its page in Mandrill shows it.",
    authenticate=authenticate,
    events=events,
    smtp_headers=_smtp_headers,
)
