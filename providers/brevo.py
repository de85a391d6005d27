"""Brevo.

Source: Brevo Developers, "Transactional webhooks", the section of each event and
"Datetime parameters", "Secure webhook calls" and "Batched webhooks".
https://developers.brevo.com/docs/transactional-webhooks
No signature: a password or token that is set with the webhook. Events come one by one
or in lists of up to 500, often out of order. Any answer of 4xx but 429, or of 5xx,
drops the event for good; time-outs are tried again. ``ts_epoch`` is said to be in
milliseconds, and is in seconds in the examples of the same page.
"""

import re
from functools import partial

from .contract import Provider, Report, Step, _lt
from .times import time_of
from .values import (
    failure_in,
    knows_secret,
    message_id_in,
    read_items,
    reason_in,
    reference_among,
    sentence,
    sign_of_reading,
    text,
)

EVENTS = {
    "request": "sent",  # section "Sent"
    "delivered": "delivered",
    "deferred": "deferral",
    "hard_bounce": "hard_bounce",
    "soft_bounce": "soft_bounce",
    "invalid_email": "hard_bounce",
    "blocked": "reject",
    "error": "reject",
    "opened": "open",
    "unique_opened": "open",
    # Apple's and other proxies, which open without a reader.
    "proxy_open": "open",
    "unique_proxy_open": "open",
    "click": "click",
    "spam": "spam",
    "complaint": "spam",
    "unsubscribed": "unsub",
    "unsubscribe": "unsub",
}
BOUNCES = ("hard_bounce", "soft_bounce", "invalid_email")
BY_MACHINE = ("proxy_open", "unique_proxy_open")
REASONS = {
    "hard_bounce": "mail_bounce",
    "soft_bounce": "mail_bounce",
    "invalid_email": "mail_email_invalid",
    # On a list of Brevo's; it is the recipient who is, not our server.
    "blocked": "mail_bl",
    "error": "policy",
}
# "blocked : due to unsubscribed user": which list it is.
UNSUBSCRIBED = re.compile(r"unsubscri", re.IGNORECASE)


def _failure(name, answer):
    """Return the type of the event and the reason, None if it is not a failure."""
    event, reason = EVENTS.get(name, "other"), REASONS.get(name)
    if name in BOUNCES:
        return failure_in(answer, event, reason)
    if name == "blocked" and UNSUBSCRIBED.search(answer):
        reason = "mail_optout"
    return event, reason and reason_in(answer, reason)


def _reference(item):
    """Return the reference, or the Message-Id of a mail without one."""
    ours = reference_among([item.get("X-Mailin-custom")])
    return ours or message_id_in(item.get("message-id"))


def _read(item):
    name = item["event"]
    answer = text(item.get("reason"))
    event, reason = _failure(name, answer)
    yield Report(
        event_type=event,
        recipient=text(item["email"]),
        reference=_reference(item),
        # The other times are of the account's time zone.
        time=time_of(item.get("ts_epoch"), item.get("ts_event")),
        error_type=reason,
        diagnostic=sentence(name if event == "other" else "", answer),
        **sign_of_reading(event, item.get("user_agent"), name in BY_MACHINE or None),
    )


PROVIDER = Provider(
    name="brevo",
    label="Brevo",
    key_help=_lt("The token or password set for the webhook in Brevo."),
    page="https://developers.brevo.com/docs/transactional-webhooks",
    smtp_page="https://developers.brevo.com/docs/smtp-integration",
    steps=(
        Step(
            _lt(
                "Under Transactional > Settings > Webhook, add the webhook URL for all "
                "events."
            )
        ),
        Step(
            _lt("Set a token or password there, and enter it as the webhook key too."),
            "https://developers.brevo.com/docs/username-and-password-authentication",
        ),
    ),
    authenticate=knows_secret,
    events=partial(read_items, read=_read),
    smtp_headers=lambda reference: {"X-Mailin-custom": reference},
    # 500 events and more; what is refused for its size is dropped for good.
    max_bytes=16 * 2**20,
    # "Retry mechanism": 5xx drops it as well, 429 does not.
    busy=429,
)
