"""SparkPost (Bird).

https://developers.sparkpost.com/api/webhooks/
No signature: Basic authentication, or the token of OAuth 2. Batches; an answer has ten
seconds; tried again for eight hours. A ping has an empty event.
"""

from functools import partial

from .contract import VARIABLE, Provider, Report
from .values import (
    first_text,
    json_header,
    knows_secret,
    moment,
    read_by,
    read_items,
    reason_in,
    sentence,
    text,
)

EVENTS = {
    "delivery": "delivered",
    "delay": "deferral",
    "policy_rejection": "reject",
    "generation_failure": "reject",
    "generation_rejection": "reject",
    "open": "open",
    "initial_open": "open",
    "click": "click",
    "spam_complaint": "spam",
    "list_unsubscribe": "unsub",
    "link_unsubscribe": "unsub",
}
# https://support.sparkpost.com/docs/deliverability/bounce-classification-codes
# Class of a bounce to type of event and reason; what is not here is soft.
BOUNCES = {
    "1": ("soft_bounce", "unknown"),
    "10": ("hard_bounce", "address_unknown"),
    "30": ("hard_bounce", "mail_bounce"),  # no recipient
    "25": ("reject", "policy"),  # suppressed, or refused by the administrator
    **dict.fromkeys(("50", "53", "54"), ("reject", "policy")),
    **dict.fromkeys(("51", "52"), ("reject", "mail_spam")),
    "22": ("soft_bounce", "mailbox_full"),
    "23": ("soft_bounce", "too_big"),
    "24": ("soft_bounce", "timeout"),
    "60": ("auto_reply", None),
    "90": ("unsub", None),
    "100": ("auto_reply", None),  # challenge-response
}
SOFT = ("soft_bounce", "mail_bounce")


def _kind(event):
    """Give the type of the event and the reason."""
    if event["type"] in ("bounce", "out_of_band"):
        return BOUNCES.get(text(event.get("bounce_class")), SOFT)
    found = EVENTS.get(event["type"], "other")
    return found, "policy" if found == "reject" else None


def _read(item):
    # One class of events in each item, none in a ping.
    for event in item["msys"].values():
        kind, reason = _kind(event)
        answer = first_text(event.get("raw_reason"), event.get("reason"))
        if kind in ("hard_bounce", "soft_bounce") and reason in ("mail_bounce", None):
            reason = reason_in(answer, reason)
        machine = event.get("is_prefetched") in (True, "true", "1")
        yield Report(
            event_type=kind,
            recipient=first_text(event.get("raw_rcpt_to"), event.get("rcpt_to")),
            reference=text((event.get("rcpt_meta") or {}).get(VARIABLE)),
            time=moment(event["timestamp"]),
            key=text(event.get("event_id")),
            error_type=reason,
            diagnostic=sentence(event["type"] if kind == "other" else "", answer),
            server=first_text(event.get("mx_host"), event.get("ip_address")),
            **read_by(kind, event.get("user_agent"), machine),
        )


def _smtp_headers(reference):
    return {"X-MSYS-API": json_header("metadata", reference=reference)}


PROVIDER = Provider(
    name="sparkpost",
    label="SparkPost",
    key_help="A password of your own, for Basic authentication.",
    authenticate=knows_secret,
    events=partial(read_items, read=_read),
    smtp_headers=_smtp_headers,
)
