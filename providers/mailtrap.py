"""Mailtrap Email Sending.

Source: Mailtrap Docs, "Webhooks", sections "Event types" and "Webhook signature
verification", "Retry schedule" and "Batches", "JSON Handler" and "JSON Lines Handler",
"Statuses and Events", "Bounce Categorization", and "Custom Variables", section "How to
set up custom variables with SMTP".
https://docs.mailtrap.io/email-api-smtp/advanced/webhooks
HMAC-SHA256 of the body. An object with a list of events, or one event on each line, up
to 500; tried again every five minutes, forty times. A suspension ends in a delivery or
in a rejection.
"""

import hashlib
import hmac
import re

from .contract import Provider, Report, Step, Unreadable, _lt
from .times import time_of
from .values import (
    failure_in,
    first_text,
    is_any,
    json_header,
    load,
    read_items,
    reason_in,
    sentence,
    sign_of_reading,
    text,
    variable_in,
)

EVENTS = {
    "delivery": "delivered",
    "soft bounce": "deferral",  # "will retry"
    "suspension": "deferral",
    "bounce": "hard_bounce",
    "reject": "reject",
    "open": "open",
    "click": "click",
    "spam": "spam",
    "spam complaint": "spam",
    "unsubscribe": "unsub",
}
# "Bounce Categorization": Mailtrap's name for a bounce, used if the answer does not say
# the reason. Only "badrecipient" says that the address is bad.
CATEGORIES = {
    "badrecipient": ("hard_bounce", "address_unknown"),
    "badsender": ("reject", "mail_from_invalid"),
    "block": ("reject", "policy"),
    "content": ("reject", "content_refused"),
    "dnsfail": ("soft_bounce", "domain_unknown"),  # its DNS failed
    "generalfail": ("soft_bounce", "server_problem"),
    "greylisting": ("soft_bounce", "postponed"),
    "other": ("soft_bounce", "mail_bounce"),
    "overquota": ("soft_bounce", "mailbox_full"),
    "relayfail": ("reject", "policy"),
    "serverfail": ("soft_bounce", "server_problem"),
    "serverpolicy": ("reject", "policy"),
    "spam": ("reject", "mail_spam"),
    "spam_gmail": ("reject", "policy"),
    "timeout": ("soft_bounce", "timeout"),
    "transientfail": ("soft_bounce", "server_problem"),
    "verifyfail": ("soft_bounce", "mail_bounce"),  # the sender's address, or this one
}
# Words about a mail that was not tried because the address is on a list.
UNSUBSCRIBED, SUPPRESSED = (
    re.compile(words, re.IGNORECASE) for words in ("unsubscri", "suppress")
)


def authenticate(keys, call):
    """Check the signature over the body."""
    good = [
        hmac.new(key.encode(), call.body, hashlib.sha256).hexdigest() for key in keys
    ]
    return is_any(call.headers.get("Mailtrap-Signature", ""), good)


def _failure(event, item, answer):
    """Return the type of the event and the reason, None if it is not a failure."""
    if event == "hard_bounce":
        category = text(item.get("bounce_category")).lower()
        return failure_in(answer, *CATEGORIES.get(category, (event, "mail_bounce")))
    return event, _reason_of_reject(answer) if event == "reject" else None


def _reason_of_reject(answer):
    if UNSUBSCRIBED.search(answer):
        return "mail_optout"
    return "mail_bl" if SUPPRESSED.search(answer) else reason_in(answer, "policy")


def _read(item):
    if "event" not in item or "email" not in item:
        return  # of the account
    kind = text(item["event"]).replace("_", " ").lower()
    event = EVENTS.get(kind, "other")
    answer = sentence(
        item.get("response_code"), first_text(item.get("response"), item.get("reason"))
    )
    event, reason = _failure(event, item, answer)
    yield Report(
        event_type=event,
        recipient=text(item["email"]),
        reference=variable_in(item.get("custom_variables")),
        time=time_of(item.get("timestamp")),
        key=text(item.get("event_id")),
        error_type=reason,
        diagnostic=sentence(kind if event == "other" else "", answer),
        **sign_of_reading(event, item.get("user_agent")),
    )


def _items(body):
    """Return the events in a body: in a list, or one on each line."""
    try:
        value = load(body)
    except Unreadable:
        return [load(line) for line in body.splitlines() if line.strip()]
    if isinstance(value, dict) and isinstance(value.get("events"), list):
        return value["events"]
    return value


def events(body):
    """Read all events; see `Provider.events`."""
    return read_items(_items(body), _read)


def _smtp_headers(reference):
    return {"X-MT-Custom-Variables": json_header(reference=reference)}


PROVIDER = Provider(
    name="mailtrap",
    label="Mailtrap",
    key_help=_lt("The signature secret of the webhook."),
    page="https://docs.mailtrap.io/email-api-smtp/advanced/webhooks",
    smtp_page="https://docs.mailtrap.io/email-api-smtp/setup/smtp-integration",
    steps=(
        Step(
            _lt(
                "Under Settings > Webhooks, create a webhook with the webhook URL, "
                "Email Sending and all events."
            )
        ),
        Step(_lt("Copy the signature secret and enter it as the webhook key.")),
    ),
    authenticate=authenticate,
    events=events,
    smtp_headers=_smtp_headers,
    # 500 events; how long one may be is not documented.
    max_bytes=16 * 2**20,
)
