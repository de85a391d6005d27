"""Mailjet.

https://dev.mailjet.com/email/guides/webhooks/
No signature: a password in the address, for Basic authentication. Lists of events when
they are grouped; tried again every 30 seconds for a day.
"""

from functools import partial

from .contract import Provider, Report
from .values import (
    first_text,
    knows_secret,
    moment,
    read_by,
    read_items,
    reason_in,
    sentence,
    text,
)

EVENTS = {
    "sent": "delivered",  # taken by the recipient's server, whose answer it tells
    "blocked": "reject",
    "open": "open",
    "click": "click",
    "spam": "spam",
    "unsub": "unsub",
}
# What Mailjet calls the error, where the server's answer does not tell the reason.
REASONS = {
    "user unknown": "address_unknown",
    "mailbox inactive": "address_unknown",
    "quota exceeded": "mailbox_full",
    "blacklisted": "mail_bl",
    "spam reporter": "mail_bl",
    "invalid domain": "address_unknown",
    "no mail host": "address_unknown",
    "typofix": "mail_email_invalid",
    "connection issue": "timeout",
    "content blocked": "mail_spam",
    "preblocked": "mail_bl",
}


def _event(item):
    """Give the type of the event."""
    if item["event"] == "bounce":
        if item.get("error") == "greylisted":
            return "deferral"
        return "hard_bounce" if item.get("hard_bounce") is True else "soft_bounce"
    return EVENTS.get(item["event"], "other")


def _read(item):
    event = _event(item)
    error = text(item.get("error"))
    answer = first_text(item.get("smtp_reply"), item.get("comment"))
    default = "policy" if event == "reject" else "mail_bounce"
    failed = event in ("reject", "hard_bounce", "soft_bounce")
    yield Report(
        event_type=event,
        recipient=text(item["email"]),
        reference=text(item.get("CustomID")),
        time=moment(item["time"]),
        error_type=REASONS.get(error) or reason_in(answer, default) if failed else None,
        diagnostic=sentence(item["event"] if event == "other" else "", error, answer),
        **read_by(event, item.get("agent")),
    )


PROVIDER = Provider(
    name="mailjet",
    label="Mailjet",
    key_help="A password of your own, written into the address: "
    "https://odoo:password@...",
    authenticate=knows_secret,
    events=partial(read_items, read=_read),
    smtp_headers=lambda reference: {"X-MJ-CustomID": reference},
)
