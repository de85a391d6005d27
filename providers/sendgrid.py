"""Twilio SendGrid.

Source: Twilio Docs, "Event Webhook Reference", sections "Delivery events", "Engagement
events", "Account change events" and "JSON objects", and "Getting Started with the Event
Webhook Security Features", section "The Signed Event Webhook".
https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
Batches; retried for about a day; events may come twice.
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

from .contract import VARIABLE, Provider, Report, Step, _lt
from .times import time_of
from .values import (
    ARMOUR,
    failure_in,
    first_text,
    is_recent,
    json_header,
    message_id_in,
    read_items,
    sentence,
    sign_of_reading,
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
KNOWN = {*EVENTS, "bounce"}
# "blocked": the recipient's server refuses this sender; the address is valid.
BOUNCES = {
    "bounce": ("hard_bounce", "mail_bounce"),
    "blocked": ("soft_bounce", "policy"),
    "expired": ("soft_bounce", "timeout"),  # given up after days of deferrals
}
UNKNOWN_BOUNCE = ("soft_bounce", "mail_bounce")
# "Bounce and Block Classifications", used if the answer does not say the reason.
CLASSES = {
    "Invalid Address": "address_unknown",
    "Technical Failure": "server_problem",
    "Technical": "server_problem",
    "Content": "content_refused",
    "Reputation": "policy",
    "Frequency or Volume Too High": "postponed",
    "Mailbox Unavailable": "mailbox_disabled",
}
# Beginning of the words in which SendGrid says why it has not tried.
DROPS = {
    "bounced address": "mail_bl",
    "spam reporting address": "mail_bl",
    "unsubscribed address": "mail_optout",
    "invalid smtpapi": "policy",  # a header of the mail
    "invalid": "mail_email_invalid",
    "spam content": "mail_spam",
    "recipient list": "postponed",  # "over package quota"
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
        public = load_der_public_key(base64.b64decode(ARMOUR.sub("", key)))
        if isinstance(public, EllipticCurvePublicKey):
            given = base64.b64decode(signature, validate=True)
            public.verify(given, signed, ECDSA(SHA256()))
            return True
    return False


def _bounce(item, answer):
    """Return type of the event and reason of a bounce."""
    event, reason = BOUNCES.get(item.get("type") or "bounce", UNKNOWN_BOUNCE)
    if reason == "mail_bounce":
        reason = CLASSES.get(item.get("bounce_classification"), reason)
    return failure_in(answer, event, reason)


def _drop(reason):
    """Return the reason of a mail that was not tried."""
    reason = text(reason).lower()
    reasons = (kind for words, kind in DROPS.items() if reason.startswith(words))
    return next(reasons, "policy")


def _read(item):
    kind = item["event"]
    if kind not in KNOWN and "email" not in item:
        return  # of the account
    event, reason = EVENTS.get(kind, "other"), None
    answer = first_text(item.get("response"), item.get("reason"))
    if kind == "bounce":
        answer = sentence(item.get("status"), answer)
        event, reason = _bounce(item, answer)
    elif event == "reject":
        reason = _drop(item.get("reason"))
    elif kind == "group_unsubscribe" and item.get("asm_group_id"):
        # Of one kind of mails only.
        answer = sentence("asm_group_id", item["asm_group_id"])
    machine = item.get("sg_machine_open")
    is_bot = machine if isinstance(machine, bool) else None
    yield Report(
        event_type=event,
        recipient=text(item["email"]),
        reference=first_text(item.get(VARIABLE), message_id_in(item.get("smtp-id"))),
        time=time_of(item.get("timestamp")),
        key=text(item.get("sg_event_id")),
        error_type=reason,
        diagnostic=sentence(kind if event == "other" else "", answer),
        **sign_of_reading(event, item.get("useragent"), is_bot),
    )


def _smtp_headers(reference):
    return {"X-SMTPAPI": json_header("unique_args", reference=reference)}


PROVIDER = Provider(
    name="sendgrid",
    label="SendGrid",
    key_help=_lt(
        "SendGrid > Settings > Mail Settings > Event Webhook: Verification Key."
    ),
    page="https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event",
    smtp_page="https://www.twilio.com/docs/sendgrid/for-developers/"
    "sending-email/integrating-with-the-smtp-api",
    steps=(
        Step(
            _lt(
                "Under Settings > Mail Settings > Event Webhook, add the webhook URL "
                "for all events."
            ),
            "https://www.twilio.com/docs/sendgrid/for-developers/"
            "tracking-events/getting-started-event-webhook",
        ),
        Step(
            _lt(
                "Enable Signed Event Webhook, copy the verification key and enter it "
                "as the webhook key."
            ),
            "https://www.twilio.com/docs/sendgrid/for-developers/"
            "tracking-events/getting-started-event-webhook-security-features",
        ),
    ),
    authenticate=authenticate,
    events=partial(read_items, read=_read),
    smtp_headers=_smtp_headers,
    # Not documented: about once a second, whatever has happened in it.
    max_bytes=16 * 2**20,
)
