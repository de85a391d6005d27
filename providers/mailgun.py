"""Mailgun.

Source: Mailgun Docs, "Webhook Payloads" (an example of each event), "Webhooks",
"Securing Webhooks" and "Open and Click Bot Detection" (``client-info.bot``).
https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-payloads
The signature covers a time and a token, not the body: the token tells requests apart,
so each token is valid once. Retried after 5, 10, 15 minutes, 1, 2 and 4 hours, unless
the answer is 200, or 406 for never.
"""

import hashlib
import hmac
from contextlib import suppress
from email.utils import getaddresses
from functools import partial

from .contract import Provider, Report, Step, Unreadable, _lt
from .times import time_of
from .values import (
    BAD_SHAPE,
    failure_in,
    is_any,
    is_recent,
    json_header,
    load,
    message_id_in,
    read_items,
    reason_in,
    sentence,
    sign_of_reading,
    text,
    variable_in,
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
# Events about a mail that say nothing about its delivery.
KNOWN = {*EVENTS, "failed", "accepted", "stored"}
# What `client-info` calls a bot. "gmail" also loads for readers: the agent decides.
BOTS = {"apple": True, "generic": True, "": False}
FAILURE_BY_SEVERITY = {"permanent": "hard_bounce", "temporary": "deferral"}
BOUNCES = ("hard_bounce", "soft_bounce")
DEFAULT_REASONS = {"hard_bounce": "mail_bounce", "reject": "policy"}
# Reasons of a failure that say more than its severity, with event and reason.
FAILURE_BY_REASON = {
    "suppress-bounce": ("reject", "mail_bl"),
    "suppress-complaint": ("reject", "mail_bl"),
    "suppress-unsubscribe": ("reject", "mail_optout"),
    "old": ("soft_bounce", "timeout"),  # given up after hours of temporary failures
}
# The same by Mailgun's own codes: what older accounts call "hardfail".
FAILURE_BY_CODE = {
    "605": ("reject", "mail_bl"),  # has bounced before
    "606": ("reject", "mail_optout"),
    "607": ("reject", "mail_bl"),  # has complained before
}


def _signatures(body):
    value = load(body)
    # A subaccount's requests are signed with the key of the main account too.
    return [value[name] for name in ("signature", "parent-signature") if name in value]


def authenticate(keys, call):
    """Check the signature over time and token; the time must be of the last day."""
    return bool(_good_token(keys, call))


def _good_token(keys, call):
    """Return the token of the first good signature, "" when there is none.

    Only the token identifies a request: anybody can write the other fields.
    """
    with suppress(Unreadable, *BAD_SHAPE):
        for signature in _signatures(call.body):
            if _is_good(signature, keys, call):
                return text(signature["token"])
    return ""


def _is_good(signature, keys, call):
    timestamp, token = text(signature["timestamp"]), text(signature["token"])
    # Digits only: otherwise, a part of the token could be moved to the time.
    if not timestamp.isdecimal():
        return False
    signed = (timestamp + token).encode()
    good = [hmac.new(key.encode(), signed, hashlib.sha256).hexdigest() for key in keys]
    is_signed = is_any(text(signature["signature"]), good)
    return is_signed and is_recent(timestamp, call.now, WINDOW)


def _failure(data):
    """Return the type of the event and the reason of a failure, None without one."""
    event = EVENTS.get(data["event"])
    if data["event"] == "failed":
        code = text((data.get("delivery-status") or {}).get("code"))
        by_code = FAILURE_BY_CODE.get(code)
        if failure := FAILURE_BY_REASON.get(data.get("reason"), by_code):
            return failure
        event = FAILURE_BY_SEVERITY[text(data["severity"]).lower()]
    return event or "other", DEFAULT_REASONS.get(event)


def _answered(event, reason, answer):
    """Return type and reason by the answer of the recipient's server."""
    if event in BOUNCES:
        return failure_in(answer, event, reason)
    answered = reason and reason_in(answer, reason)
    # "Customer account is disabled" is ours: the recipient's server was not asked.
    return event, reason if answered == "mailbox_disabled" else answered


def _recipients(data):
    """Return the recipient; of a rejected mail, only its headers name one."""
    if data.get("recipient"):
        return [text(data["recipient"])]
    to = text(data["message"]["headers"]["to"])
    return [address for _name, address in getaddresses([to])]


def _reference(data):
    """Return the reference, or the Message-Id of a mail without one."""
    headers = (data.get("message") or {}).get("headers") or {}
    ours = variable_in(data.get("user-variables"))
    return ours or message_id_in(headers.get("message-id"))


def _is_about_a_mail(item):
    """Return whether the event is about a mail, and not about a list or an account."""
    data = item.get("event-data") or {}
    return data.get("event") in KNOWN or "recipient" in data or "message" in data


def _key(data, recipient):
    """Return a key that is the same for a repeated event, "" without an id."""
    # The id of an event is unique within a day only.
    event_id = data.get("id")
    return sentence(event_id, data.get("timestamp"), recipient) if event_id else ""


def _read(item):
    if not _is_about_a_mail(item):
        return
    data = item["event-data"]
    event, reason = _failure(data)
    status = data.get("delivery-status") or {}
    answer = sentence(
        status.get("code"),
        status.get("enhanced-code"),
        status.get("message") or status.get("description"),
        *map((data.get("reject") or {}).get, ("reason", "description")),
    )
    event, reason = _answered(event, reason, answer)
    client = data.get("client-info") or {}
    is_bot = BOTS.get(client["bot"]) if "bot" in client else None
    recipients = _recipients(data)
    for recipient in recipients:
        yield Report(
            event_type=event,
            recipient=text(recipient),
            reference=_reference(data),
            time=time_of(data.get("timestamp")),
            key=_key(data, recipient),
            error_type=reason,
            diagnostic=sentence(data["event"] if event == "other" else "", answer),
            server=text(status.get("mx-host")),
            **sign_of_reading(event, client.get("user-agent"), is_bot),
        )


def _smtp_headers(reference):
    return {"X-Mailgun-Variables": json_header(reference=reference)}


PROVIDER = Provider(
    name="mailgun",
    label="Mailgun",
    key_help=_lt(
        "Mailgun > Settings > API security: HTTP webhook signing key (not the API key)."
    ),
    page="https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhooks",
    smtp_page="https://documentation.mailgun.com/docs/mailgun/user-manual/"
    "sending-messages/send-smtp",
    steps=(
        Step(
            _lt(
                "Under Sending > Webhooks, add the webhook URL for every type of event."
            )
        ),
        Step(
            _lt(
                "Under Settings > API security, copy the HTTP webhook signing key and "
                "enter it as the webhook key."
            ),
            "https://documentation.mailgun.com/docs/mailgun/user-manual/"
            "webhooks/securing-webhooks",
        ),
    ),
    authenticate=authenticate,
    events=partial(read_items, read=_read),
    smtp_headers=_smtp_headers,
    request_key=_good_token,
    refusal=406,
)
