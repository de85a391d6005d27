"""Resend.

Source: Resend Docs, "Event Types" and the page of each event ("email.bounced",
"email.failed", "email.suppressed", ...), section "Response Body Parameters"; "Email
Bounces", section "Bounce Types and Subtypes"; and "Send emails with SMTP". Read on
2026-11-27, in stored copies.
https://resend.com/docs/webhooks/event-types
Signed by Svix, as Standard Webhooks with older names of the headers; retried for more
than a day, with the same svix-id.

A mail is recognised by ``message_id``, the "RFC Message-ID header value for the email".
Not documented: whether a mail by SMTP keeps the Message-Id that it came with, and how
SMTP sets ``tags``. Some requests return the headers of the mail as ``headers``, which
works here. ``to`` is said to be the "impacted" recipients, but is seen to have all.
"""

import re
from email.utils import parseaddr
from functools import partial

from .contract import REFERENCE_HEADER, Provider, Report, Step, _lt
from .ses import SUBTYPES, SUPPRESSED
from .standard_webhooks import verify
from .times import time_of
from .values import (
    NOT_TRIED,
    failure_in,
    first_text,
    header_value,
    message_id_in,
    read_items,
    reason_in,
    reference_among,
    sentence,
    sign_of_reading,
    text,
)

EVENTS = {
    "email.sent": "sent",
    "email.delivered": "delivered",
    "email.delivery_delayed": "deferral",
    "email.bounced": "hard_bounce",
    "email.failed": "reject",
    "email.suppressed": "reject",
    "email.opened": "open",
    "email.clicked": "click",
    "email.complained": "spam",
}
# Events of incoming mails; other events are about domains and contacts.
IGNORED = ("email.received",)
SOFT = ("Transient", "Temporary", "Undetermined")
# Objects of a report that may have details of a failure.
DETAILS = ("bounce", "failed", "suppressed")
# "reached_daily_quota": a limit of the account at Resend.
QUOTA = re.compile(r"quota|rate.limit", re.IGNORECASE)
# Resend's words about an address on its suppression list, if there is no subtype.
ON_A_LIST = re.compile(r"suppress(?:ed sending|ion list)", re.IGNORECASE)
SENDER = re.compile(r"domain|sender", re.IGNORECASE)
CODE = re.compile(r"\b[45](?:\d\d\b|\.\d)")
# Events that hold for all recipients of a mail.
OF_ALL = ("sent", "reject")


def _failure(event, details):
    """Return the type of the event and the reason, used if the answer has none."""
    kind = text(details.get("type"))
    subtype = first_text(details.get("subType"), kind)
    if event == "hard_bounce":
        event = "soft_bounce" if kind in SOFT else event
        if subtype in SUPPRESSED:
            return "reject", SUPPRESSED[subtype]
        if ON_A_LIST.search(_answer(details)):
            return "reject", "mail_bl"
        return event, SUBTYPES.get(subtype, "mail_bounce")
    return event, "policy" if event == "reject" else None


def _answered(kind, event, reason, answer):
    """Return the type of the event and the reason, as the answer has it."""
    if reason in NOT_TRIED:
        return event, reason
    if not CODE.search(answer):
        # A sentence of Resend, after which its advice to the sender follows.
        answer = answer.partition(". ")[0].replace("_", " ")
    if kind == "email.bounced":
        return failure_in(answer, event, reason)
    if QUOTA.search(answer):
        return event, "postponed"
    if SENDER.search(answer):
        return event, "mail_from_invalid"
    return event, reason_in(answer, reason)


def _answer(details):
    """Return the answer of the recipient's server, or Resend's words about it."""
    codes = details.get("diagnosticCode")
    codes = codes if isinstance(codes, list) else [codes]
    return sentence(*codes) or first_text(details.get("message"), details.get("reason"))


def _reference(data):
    tags = data.get("tags") or {}
    if isinstance(tags, list):  # as they are written when a mail is sent
        tags = {text(tag.get("name")): tag.get("value") for tag in tags}
    return (
        reference_among(tags.values())
        or header_value(data.get("headers"), REFERENCE_HEADER)
        or message_id_in(data.get("message_id"))
    )


def _read(item):
    kind = item["type"]
    if not kind.startswith("email.") or kind in IGNORED:
        return
    data = item["data"]
    details = next((data[name] for name in DETAILS if data.get(name)), {})
    event, reason = _failure(EVENTS.get(kind, "other"), details)
    if kind == "email.suppressed":
        reason = "mail_bl"
    recipients = data["to"]
    if isinstance(recipients, str):
        recipients = [recipients]
    is_shared = len(recipients) > 1 and event in ("open", "click")
    if len(recipients) > 1 and not is_shared and event not in OF_ALL:
        # It holds for one of them, and Resend does not say for which.
        event, reason = "other", None
    answer = _answer(details)
    if reason:
        event, reason = _answered(kind, event, reason, answer)
    who = (data.get("open") or data.get("click") or {}).get("userAgent")
    for recipient in recipients:
        yield Report(
            event_type=event,
            recipient=parseaddr(text(recipient))[1],
            reference=_reference(data),
            time=time_of(item.get("created_at")),
            error_type=reason,
            diagnostic=sentence(kind if event == "other" else "", answer),
            **sign_of_reading(event, who, None, is_shared),
        )


PROVIDER = Provider(
    name="resend",
    label="Resend",
    key_help=_lt("Resend > Webhooks: Signing secret (whsec_...)."),
    page="https://resend.com/docs/webhooks/event-types",
    smtp_page="https://resend.com/docs/send-with-smtp",
    steps=(
        Step(
            _lt("Under Webhooks, add the webhook URL for all events."),
            "https://resend.com/docs/webhooks/introduction",
        ),
        Step(
            _lt("Copy the signing secret and enter it as the webhook key."),
            "https://resend.com/docs/webhooks/verify-webhooks-requests",
        ),
    ),
    authenticate=partial(verify, "svix"),
    events=partial(read_items, read=_read),
    smtp_headers=lambda reference: {REFERENCE_HEADER: reference},
    request_key=lambda _keys, call: call.headers.get("svix-id", ""),
)
