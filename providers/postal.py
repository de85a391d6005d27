"""Postal, the open source mail server, which is self-hosted.

Source: Postal Documentation, "Webhooks", sections "How webhooks are delivered",
"Payload envelope", "The message object", "Message Status Events" to "Send Limit Events"
and "Verifying signatures"; "Mail Server Settings", sections "Held messages" and
"Suppression list"; the words of a delivery without an answer as the program writes them
(``app/lib/message_dequeuer``).
https://docs.postalserver.io/developer/webhooks
RSA over the body, with the key of the installation. One event in a request; five
seconds for an answer; six attempts within 36 minutes. The header ``X-Postal-Tag`` sets
the tag of a message (change log of Postal); without it the Message-Id identifies the
mail.
"""

import base64
import re
from contextlib import suppress
from functools import partial

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from .contract import Provider, Report, Step, _lt
from .times import time_of
from .values import (
    ARMOUR,
    failure_in,
    message_id_in,
    read_items,
    reference_among,
    sentence,
    sign_of_reading,
    text,
)

EVENTS = {
    "MessageSent": "delivered",
    "MessageDelayed": "deferral",
    "MessageHeld": "deferral",  # until somebody releases it
    "MessageDeliveryFailed": "hard_bounce",
    "MessageBounced": "hard_bounce",
    "MessageLoaded": "open",
    "MessageLinkClicked": "click",
}
# Newer installations sign with both.
SIGNATURES = (("X-Postal-Signature-256", SHA256), ("X-Postal-Signature", SHA1))
GIVEN_UP = re.compile(r"^\s*4\d\d\b")  # the last answer was that it may work later
# A message that is held because its recipient is on the list. Postal also says when it
# adds a recipient to the list, after the reason.
SUPPRESSED = re.compile(r"\bis on the suppression list", re.IGNORECASE)
# Beginning of the words in which Postal says why it gave up without an answer.
OWN_WORDS = {
    "maximum number of delivery attempts": ("soft_bounce", "timeout"),
    "message is likely spam": ("reject", "mail_spam"),
    "message's domain no longer exist": ("reject", "sender_unverified"),  # the sender's
    "raw message has been removed": ("soft_bounce", "server_problem"),
}


def authenticate(keys, call):
    """Check the signature over the body, the stronger one where there are two."""
    for name, hashed in SIGNATURES:
        if given := call.headers.get(name):
            return any(_is_signed(key, given, hashed, call.body) for key in keys)
    return False


def _is_signed(key, signature, hashed, body):
    with suppress(InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        public = load_der_public_key(base64.b64decode(ARMOUR.sub("", key)))
        if isinstance(public, RSAPublicKey):
            given = base64.b64decode(signature, validate=True)
            public.verify(given, body, PKCS1v15(), hashed())
            return True
    return False


def _reference(message):
    tagged = reference_among([message.get("tag")])
    return tagged or message_id_in(message.get("message_id"))


def _failure(event, details, output):
    """Return the type of the event and the reason."""
    if event in ("deferral", "hard_bounce") and SUPPRESSED.search(details):
        return "reject", "mail_bl"
    if event != "hard_bounce":
        return event, None
    words = details.lower()
    failures = (f for begin, f in OWN_WORDS.items() if words.startswith(begin))
    if not output and (failure := next(failures, None)):
        return failure
    event = "soft_bounce" if GIVEN_UP.search(output) else event
    return failure_in(output or details, event)


def _read(item):
    payload = item["payload"]
    message = payload.get("message") or payload.get("original_message")
    if not message or message.get("direction") == "incoming":
        return  # of a domain, of the server, or of a mail that has come in
    details, output = text(payload.get("details")), text(payload.get("output"))
    event, reason = _failure(EVENTS.get(item["event"], "other"), details, output)
    bounce = payload.get("bounce") or {}
    yield Report(
        event_type=event,
        recipient=text(message["to"]),
        reference=_reference(message),
        time=time_of(payload.get("timestamp"), item.get("timestamp")),
        key=text(item.get("uuid")),
        error_type=reason,
        diagnostic=sentence(
            item["event"] if event == "other" else "",
            bounce.get("subject"),
            output or details,
        ),
        **sign_of_reading(event, payload.get("user_agent")),
    )


PROVIDER = Provider(
    name="postal",
    label="Postal",
    key_help=_lt(
        "The public key of the installation: the value after p= in the output of "
        "postal default-dkim-record."
    ),
    page="https://docs.postalserver.io/developer/webhooks",
    smtp_page="https://docs.postalserver.io/features/smtp-authentication",
    steps=(
        Step(
            _lt(
                "On the server, run postal default-dkim-record and enter the value "
                "after p= as the webhook key."
            ),
            "https://docs.postalserver.io/getting-started/postal-command",
        ),
        Step(
            _lt(
                "On the mail server in Postal, under Webhooks, add the webhook URL for "
                "all events."
            )
        ),
    ),
    authenticate=authenticate,
    events=partial(read_items, read=_read),
    smtp_headers=lambda reference: {"X-Postal-Tag": reference},
)
