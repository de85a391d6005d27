"""Brevo.

https://developers.brevo.com/docs/transactional-webhooks
No signature: a password or token that is set with the webhook. Events come one by one
or in lists, often out of order. Any answer of 4xx or 5xx drops the event for good, only
time-outs are tried again.
"""

from functools import partial

from .contract import Provider, Report
from .values import (
    knows_secret,
    moment,
    read_by,
    read_items,
    reason_in,
    sentence,
    text,
)

EVENTS = {
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
}
BY_MACHINE = ("proxy_open", "unique_proxy_open")
REASONS = {
    "hard_bounce": "mail_bounce",
    "soft_bounce": "mail_bounce",
    "invalid_email": "mail_email_invalid",
    "blocked": "mail_bl",
    "error": "policy",
}


def _read(item):
    name = item["event"]
    event = EVENTS.get(name, "other")
    answer = text(item.get("reason"))
    reason = REASONS.get(name)
    machine = name in BY_MACHINE
    yield Report(
        event_type=event,
        recipient=text(item["email"]),
        reference=text(item.get("X-Mailin-custom")),
        # The other times are of the account's time zone.
        time=moment(item.get("ts_epoch"), 1000),
        error_type=reason_in(answer, reason) if reason else None,
        diagnostic=sentence(name if event == "other" else "", answer),
        **read_by(event, item.get("user_agent"), machine),
    )


PROVIDER = Provider(
    name="brevo",
    label="Brevo",
    key_help="The token, or the password, that is set with the webhook.",
    authenticate=knows_secret,
    events=partial(read_items, read=_read),
    smtp_headers=lambda reference: {"X-Mailin-custom": reference},
)
