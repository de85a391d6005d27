"""MailerSend.

Source: MailerSend Developers, "Webhooks", sections "Available events", "Payload
example" and "Security"; "What's new", "Check out the new lighter, faster webhooks" (the
payload of version 2.0); MailerSend Help, "Webhooks"; and "SMTP relay", section "Custom
tags". Read on 2026-11-27, in stored copies.
https://developers.mailersend.com/api/v1/webhooks.html
HMAC-SHA256 of the body. For mails by SMTP it returns tags, at most five per mail.

New webhooks send version 2.0, older ones 1.0, whose ``email`` is an object. While a
webhook is made, MailerSend posts ``webhook.test`` and saves nothing unless it is
answered with 2xx: at that time there is no secret yet.

Not documented: which fields ``meta`` may have (the names of the reasons are those of
public code that reads them), and whether headers are returned.
"""

import hashlib
import hmac
import re
from functools import partial

from .contract import REFERENCE_HEADER, Provider, Report, Step, Unreadable, _lt
from .times import time_of
from .values import (
    failure_in,
    first_text,
    header_value,
    is_any,
    load,
    read_items,
    reference_among,
    sentence,
    sign_of_reading,
    text,
)

TAGS_HEADER = "X-MailerSend-Tags"

EVENTS = {
    "activity.sent": "sent",
    "activity.delivered": "delivered",
    "activity.deferred": "deferral",
    "activity.soft_bounced": "soft_bounce",
    "activity.hard_bounced": "hard_bounce",
    "activity.suppressed": "reject",
    "activity.opened": "open",
    "activity.opened_unique": "open",
    "activity.clicked": "click",
    "activity.clicked_unique": "click",
    "activity.unsubscribed": "unsub",
    "activity.spam_complaint": "spam",
}
# Other events are about senders, lists and MailerSend itself.
OF_A_MAIL = "activity."
BOUNCES = ("soft_bounce", "hard_bounce")
# Body with which MailerSend tests an address; it has a hundred characters.
TRIAL = "webhook.test"
LONGEST_TRIAL = 1_000
UNSUBSCRIBED = re.compile(r"unsubscri", re.IGNORECASE)


def authenticate(keys, call):
    """Check the signature over the body."""
    good = [
        hmac.new(key.encode(), call.body, hashlib.sha256).hexdigest() for key in keys
    ]
    return is_any(call.headers.get("Signature", ""), good)


def is_trial(body):
    """Return whether MailerSend asks if the address answers; see `Provider`.

    It is signed with a secret from MailerSend's documentation, which proves
    nothing.
    """
    if len(body) > LONGEST_TRIAL:
        return False
    try:
        item = load(body)
    except Unreadable:
        return False
    return isinstance(item, dict) and item.get("type") == TRIAL


def _mail(data):
    """Return the address of the recipient, the tags and the headers of the mail."""
    email = data.get("email")
    if isinstance(email, dict):  # version 1.0
        recipient = email["recipient"]["email"]
        return recipient, email.get("tags"), email.get("headers")
    return data.get("recipient") or data["email"], data.get("tags"), data.get("headers")


def _answer(about):
    """Return the reason in words."""
    reasons = ("readable_reason", "reason", "bounce_reason")
    reasons += ("suppression_reason", "unsubscribe_reason")
    return sentence(about.get("bounce_code"), first_text(*map(about.get, reasons)))


def _failure(event, answer):
    """Return the type of the event and the reason, None if it is not a failure."""
    if event in BOUNCES:
        return failure_in(answer, event)
    if event == "reject":
        return event, "mail_optout" if UNSUBSCRIBED.search(answer) else "mail_bl"
    return event, None


def _read(item):
    if not item["type"].startswith(OF_A_MAIL):
        return
    data = item["data"]
    recipient, tags, headers = _mail(data)
    # An empty object is written as an empty list.
    about = data.get("morph") or data.get("meta") or {}
    answer = _answer(about)
    event, reason = _failure(EVENTS.get(item["type"], "other"), answer)
    yield Report(
        event_type=event,
        recipient=text(recipient),
        reference=reference_among(tags) or header_value(headers, REFERENCE_HEADER),
        time=time_of(data.get("created_at"), item.get("created_at")),
        key=text(data.get("id")),
        error_type=reason,
        diagnostic=sentence(item["type"] if event == "other" else "", answer),
        **sign_of_reading(event, about.get("user_agent")),
    )


PROVIDER = Provider(
    name="mailersend",
    label="MailerSend",
    key_help=_lt("MailerSend > Domains > Webhooks: Signing secret."),
    page="https://developers.mailersend.com/api/v1/webhooks.html",
    smtp_page="https://developers.mailersend.com/smtp-relay.html",
    steps=(
        Step(
            _lt(
                "Under Domains > Webhooks, create a webhook with the webhook URL and "
                "all events."
            ),
            "https://www.mailersend.com/help/webhooks",
        ),
        Step(
            _lt("Copy the signing secret and enter it as the webhook key."),
            "https://developers.mailersend.com/api/v1/webhooks.html#security",
        ),
    ),
    authenticate=authenticate,
    events=partial(read_items, read=_read),
    smtp_headers=lambda reference: {
        TAGS_HEADER: reference,
        REFERENCE_HEADER: reference,
    },
    is_trial=is_trial,
)
