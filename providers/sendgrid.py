"""Twilio SendGrid.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
Batches; tried again for about a day; events may come twice.
"""

import base64
from contextlib import suppress
from functools import partial

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from .contract import VARIABLE, Provider, Report
from .values import (
    first_text,
    is_recent,
    json_header,
    moment,
    read_by,
    read_items,
    reason_in,
    sentence,
    text,
)

WINDOW = 24 * 3600  # seconds: there is no documented one

EVENTS = {
    "delivered": "delivered",
    "deferred": "deferral",
    "dropped": "reject",
    "open": "open",
    "click": "click",
    "spamreport": "spam",
    "unsubscribe": "unsub",
    "group_unsubscribe": "unsub",
}
# "blocked": the recipient's server wants nothing of this sender; the address is good.
BOUNCES = {
    "bounce": ("hard_bounce", "mail_bounce"),
    "blocked": ("soft_bounce", "policy"),
}
# Why SendGrid has not even tried.
DROPS = {
    "Bounced Address": "mail_bl",
    "Spam Reporting Address": "mail_bl",
    "Unsubscribed Address": "mail_optout",
    "Invalid": "mail_email_invalid",
    "Spam Content (if Spam Checker app enabled)": "mail_spam",
}


def authenticate(keys, call):
    """Check the ECDSA signature over the time and the body."""
    prefix = "X-Twilio-Email-Event-Webhook-"
    timestamp = call.headers.get(f"{prefix}Timestamp", "")
    signature = call.headers.get(f"{prefix}Signature", "")
    if not is_recent(timestamp, call.now, WINDOW):
        return False
    signed = timestamp.encode("utf-8", "replace") + call.body
    return any(_is_signed(key, signature, signed) for key in keys)


def _is_signed(key, signature, signed):
    with suppress(InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        public = load_der_public_key(base64.b64decode(key))
        if isinstance(public, EllipticCurvePublicKey):
            given = base64.b64decode(signature, validate=True)
            public.verify(given, signed, ECDSA(SHA256()))
            return True
    return False


def _read(item):
    event, reason = EVENTS.get(item["event"], "other"), None
    answer = first_text(item.get("response"), item.get("reason"))
    if item["event"] == "bounce":
        event, reason = BOUNCES[item.get("type") or "bounce"]
        answer = sentence(item.get("status"), answer)
        reason = reason_in(answer, reason)
    elif event == "reject":
        reason = DROPS.get(item.get("reason"), "policy")
    machine = item.get("sg_machine_open") is True
    yield Report(
        event_type=event,
        recipient=text(item["email"]),
        reference=text(item.get(VARIABLE)),
        time=moment(item["timestamp"]),
        key=text(item.get("sg_event_id")),
        error_type=reason,
        diagnostic=sentence(item["event"] if event == "other" else "", answer),
        **read_by(event, item.get("useragent"), machine),
    )


def _smtp_headers(reference):
    return {"X-SMTPAPI": json_header("unique_args", reference=reference)}


PROVIDER = Provider(
    name="sendgrid",
    label="SendGrid",
    key_help="The verification key of the signed event webhook.",
    authenticate=authenticate,
    events=partial(read_items, read=_read),
    smtp_headers=_smtp_headers,
)
