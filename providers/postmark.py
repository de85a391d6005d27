"""Postmark.

https://postmarkapp.com/developer/webhooks/webhooks-overview
No signature: the secret is a password of HTTP's Basic authentication, which is written
into the address, or set in Postmark. 403 ends it; anything else but 200 is tried again,
ten times in ten and a half hours.
"""

from functools import partial

from .contract import VARIABLE, Provider, Report
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

# Record type to the type of event and the field that tells its time.
RECORDS = {
    "Delivery": ("delivered", "DeliveredAt"),
    "Bounce": ("soft_bounce", "BouncedAt"),
    "SpamComplaint": ("spam", "BouncedAt"),
    "Open": ("open", "ReceivedAt"),
    "Click": ("click", "ReceivedAt"),
    "SubscriptionChange": ("other", "ChangedAt"),
}
# https://postmarkapp.com/developer/api/bounce-api#bounce-types
# Type of a bounce to type of event and reason, where the answer does not tell it.
BOUNCES = {
    "HardBounce": ("hard_bounce", "mail_bounce"),
    "SoftBounce": ("soft_bounce", "mail_bounce"),
    "Transient": ("deferral", None),
    "DnsError": ("deferral", None),
    "Blocked": ("reject", "policy"),
    "DMARCPolicy": ("reject", "policy"),
    "ManuallyDeactivated": ("reject", "mail_bl"),
    "BadEmailAddress": ("reject", "mail_email_invalid"),
    "SpamNotification": ("reject", "mail_spam"),
    "AutoResponder": ("auto_reply", None),
    "Subscribe": ("other", None),
    "Unsubscribe": ("unsub", None),
    "ChallengeVerification": ("auto_reply", None),
    "AddressChange": ("auto_reply", None),
}


def _kind(item):
    """Give type of event, field of its time, and reason."""
    record = item["RecordType"]
    event, moment_field = RECORDS.get(record, ("other", ""))
    reason = None
    if record == "Bounce":
        event, reason = BOUNCES.get(item.get("Type"), ("other", None))
    elif record == "SubscriptionChange" and item.get("SuppressSending") is True:
        # Other reasons are bounces and complaints, which are told by themselves.
        is_wish = item.get("SuppressionReason") == "ManualSuppression"
        event = "unsub" if is_wish else event
    return event, moment_field, reason


def _read(item):
    event, moment_field, reason = _kind(item)
    answer = first_text(item.get("Details"), item.get("Description"))
    if event in ("hard_bounce", "soft_bounce"):
        reason = reason_in(answer, reason)
    told = first_text(item.get("Type"), item["RecordType"]) if event == "other" else ""
    # Only what Postmark keeps as a bounce has an id.
    key = item.get("ID")
    yield Report(
        event_type=event,
        recipient=first_text(item.get("Recipient"), item.get("Email")),
        reference=text((item.get("Metadata") or {}).get(VARIABLE)),
        time=moment(item.get(moment_field)),
        key=sentence(item["RecordType"], key) if key else "",
        error_type=reason,
        diagnostic=sentence(told, answer),
        **read_by(event, item.get("UserAgent")),
    )


def _smtp_headers(reference):
    return {f"X-PM-Metadata-{VARIABLE}": reference}


PROVIDER = Provider(
    name="postmark",
    label="Postmark",
    key_help="A password of your own, for Basic authentication.",
    authenticate=knows_secret,
    events=partial(read_items, read=_read),
    smtp_headers=_smtp_headers,
)
