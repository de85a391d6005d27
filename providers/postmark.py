"""Postmark.

Source: Postmark Developer Docs, "Bounce webhook", "Delivery webhook", "Open tracking
webhook", "Click webhook", "Spam complaint webhook", "Subscription change webhook",
"Bounce API" (section "Bounce types") and "SMTP API Error"; "Webhook notifications",
whose examples have no record type.
https://postmarkapp.com/developer/webhooks/webhooks-overview
No signature: the secret is a password of HTTP's Basic authentication, which is written
into the address, or set in Postmark. 403 ends the retries; any other answer except 200
is retried, ten times in ten and a half hours.
"""

from functools import partial

from .contract import VARIABLE, Provider, Report, Step, _lt
from .times import time_of
from .values import (
    failure_in,
    first_text,
    knows_secret,
    read_items,
    reason_in,
    sentence,
    sign_of_reading,
    variable_in,
)

# Record type to the type of event and the field that tells its time.
RECORDS = {
    "Delivery": ("delivered", "DeliveredAt"),
    "Bounce": ("soft_bounce", "BouncedAt"),
    "SpamComplaint": ("spam", "BouncedAt"),
    # As "SMTP API Error" names it; in the Bounce API it is a type of bounce.
    "SMTPApiError": ("reject", "BouncedAt"),
    "Open": ("open", "ReceivedAt"),
    "Click": ("click", "ReceivedAt"),
    "SubscriptionChange": ("other", "ChangedAt"),
}
# Field that only one kind of event has, to the record type of this kind.
UNNAMED = {
    "DeliveredAt": "Delivery",
    "BouncedAt": "Bounce",
    "OriginalLink": "Click",
    "FirstOpen": "Open",
}
# About no mail that was sent.
IGNORED = ("Inbound",)
# https://postmarkapp.com/developer/api/bounce-api#bounce-types
# Type of a bounce to type of event and reason, used if the answer does not say it.
BOUNCES = {
    "HardBounce": ("hard_bounce", "mail_bounce"),
    "SoftBounce": ("soft_bounce", "mail_bounce"),
    "Unknown": ("soft_bounce", "mail_bounce"),
    "Transient": ("deferral", None),
    "DnsError": ("deferral", None),
    "Blocked": ("reject", "policy"),
    "DMARCPolicy": ("reject", "policy"),
    "Unconfirmed": ("reject", "policy"),  # the sender's signature
    "TemplateRenderingFailed": ("reject", "policy"),
    "ManuallyDeactivated": ("reject", "mail_bl"),
    # A mail by SMTP to an address that is suppressed.
    "SMTPApiError": ("reject", "mail_bl"),
    "BadEmailAddress": ("reject", "mail_email_invalid"),
    "SpamNotification": ("reject", "mail_spam"),
    "VirusNotification": ("reject", "content_refused"),
    "SpamComplaint": ("spam", None),
    "AutoResponder": ("auto_reply", None),
    "ChallengeVerification": ("auto_reply", None),
    "AddressChange": ("auto_reply", None),
    "Unsubscribe": ("unsub", None),
    # "Subscribe", "OpenRelayTest" and "InboundError" say nothing of the mail.
}
# Bounces that Postmark has not tried to send.
NOT_SENT = ("BadEmailAddress", "TemplateRenderingFailed", "Unconfirmed")


def _record(item):
    """Return the record type, which older webhooks do not name."""
    records = (record for field, record in UNNAMED.items() if field in item)
    return item.get("RecordType") or next(records, None) or item["RecordType"]


def _kind(item, record):
    """Return type of event, field of its time, and reason."""
    event, moment_field = RECORDS.get(record, ("other", ""))
    if record in ("Bounce", "SMTPApiError"):
        kind = record if record == "SMTPApiError" else item.get("Type")
        event, reason = BOUNCES.get(kind, ("other", None))
        return event, moment_field, reason
    if record == "SubscriptionChange" and item.get("SuppressSending") is True:
        # Other reasons are bounces and complaints, which have events of their own.
        is_wish = item.get("SuppressionReason") == "ManualSuppression"
        # "Customer" and "Admin" are the sender and Postmark.
        by_recipient = item.get("Origin") in (None, "", "Recipient")
        event = "unsub" if is_wish and by_recipient else event
    return event, moment_field, None


def _read(item):
    record = _record(item)
    if record in IGNORED:
        return
    event, moment_field, reason = _kind(item, record)
    answer = first_text(item.get("Details"), item.get("Description"))
    if event == "reject" and item.get("Type") in NOT_SENT:
        reason = reason_in(answer, reason)
    elif reason:
        event, reason = failure_in(answer, event, reason)
    title = first_text(item.get("Type"), record) if event == "other" else ""
    # Only events that Postmark stores as a bounce have an id.
    key = item.get("ID")
    yield Report(
        event_type=event,
        recipient=first_text(item.get("Recipient"), item.get("Email")),
        reference=variable_in(item.get("Metadata")),
        time=time_of(item.get(moment_field)),
        key=sentence(record, key) if key else "",
        error_type=reason,
        diagnostic=sentence(title, answer),
        **sign_of_reading(event, item.get("UserAgent")),
    )


def _smtp_headers(reference):
    return {f"X-PM-Metadata-{VARIABLE}": reference}


PROVIDER = Provider(
    name="postmark",
    label="Postmark",
    key_help=_lt("Your own password, also entered as Basic auth in Postmark."),
    page="https://postmarkapp.com/developer/webhooks/webhooks-overview",
    smtp_page="https://postmarkapp.com/developer/user-guide/send-email-with-smtp",
    steps=(
        Step(
            _lt(
                "Choose a long password of letters and digits and enter it as the "
                "webhook key."
            )
        ),
        Step(
            _lt(
                "In the message stream, under Webhooks, add the webhook URL for all "
                "events, with this password for Basic authentication."
            )
        ),
        Step(
            _lt(
                "Enable SMTP API errors through Postmark's API. Otherwise, emails to "
                "suppressed addresses are not reported."
            ),
            "https://postmarkapp.com/developer/api/server-api",
        ),
    ),
    authenticate=knows_secret,
    events=partial(read_items, read=_read),
    smtp_headers=_smtp_headers,
)
