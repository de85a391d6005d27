"""Batches of events, as three providers write and prove them."""

import base64
import hashlib
import hmac
import json
import uuid
from typing import NamedTuple

SECRET = b"secret of the live tests"
PASSWORD = "a password of the live tests"
VARIABLE = "odoo-tracking"


class Event(NamedTuple):
    """Something to report."""

    reference: str
    recipient: str
    kind: str  # "delivered", "click" or "deferral"
    number: str
    time: float  # seconds since 1970; of no two events the same


def _generic(event):
    mail = {"reference": event.reference, "recipient": event.recipient}
    return {**mail, "event": event.kind, "id": event.number, "timestamp": event.time}


def _sparkpost(event):
    kind = {"delivered": "delivery", "deferral": "delay"}.get(event.kind, event.kind)
    values = {
        "type": kind,
        "event_id": event.number,
        "raw_rcpt_to": event.recipient,
        "rcpt_meta": {VARIABLE: event.reference},
        "timestamp": str(event.time),
        "user_agent": "Thunderbird",
    }
    group = "track_event" if kind == "click" else "message_event"
    return {"msys": {group: values}}


def _brevo(event):
    kind = "deferred" if event.kind == "deferral" else event.kind
    return {
        "event": kind,
        "email": event.recipient,
        "X-Mailin-custom": event.reference,
        "ts_epoch": int(event.time * 1000),
        "user_agent": "Thunderbird",
    }


def sign(body, now, secret=SECRET):
    """Return the headers that prove a body, as Standard Webhooks has it."""
    number = uuid.uuid4().hex
    signed = f"{number}.{now}.".encode() + body
    digest = hmac.new(secret, signed, hashlib.sha256).digest()
    return {
        "webhook-id": number,
        "webhook-timestamp": str(now),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _password(_body, _now):
    pair = base64.b64encode(f"odoo:{PASSWORD}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


# Provider to its key, what it makes of an event, and the headers that prove a body.
PROVIDERS = {
    "generic": (f"whsec_{base64.b64encode(SECRET).decode()}", _generic, sign),
    "sparkpost": (PASSWORD, _sparkpost, _password),
    "brevo": (PASSWORD, _brevo, _password),
}


def batch(provider, events, now):
    """Return the body and the headers of a request with some events."""
    _key, written, prove = PROVIDERS[provider]
    body = json.dumps([written(event) for event in events]).encode()
    return body, {**prove(body, now), "Content-Type": "application/json"}
