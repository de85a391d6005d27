"""Resend.

Source: Resend Docs, "Event Types" and the page of each event ("email.bounced",
"email.failed", "email.suppressed", ...), and "Email Bounces", section "Bounce Types and
Subtypes".
https://resend.com/docs/webhooks/event-types
Signed by Svix, as Standard Webhooks with older names of the headers; retried for more
than a day, with the same svix-id.

Not documented: how a mail that was sent by SMTP is recognised. The pages list ``tags``
and an ``email_id``, but do not say how SMTP sets the one or returns the other. Some
requests return the headers of the mail as ``headers``, which works here; reports
without them match no mail.
"""

import re
from functools import partial

from .contract import REFERENCE_HEADER, Provider, Report, Step, _lt
from .ses import SUBTYPES, SUPPRESSED
from .standard_webhooks import verify
from .values import (
    failure_in,
    first_text,
    header_value,
    moment,
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
# Of the mails that come in; other events are about domains and contacts.
IGNORED = ("email.received",)
SOFT = ("Transient", "Temporary", "Undetermined")
# Objects of a report that may say more of a failure.
DETAILS = ("bounce", "failed", "suppressed")
# "reached_daily_quota": a limit of the account at Resend.
QUOTA = re.compile(r"quota|rate_limit", re.IGNORECASE)
# True of all recipients when it is true of one.
OF_ALL = ("sent", "reject")


def _failure(event, details):
    """Return the type of the event and the reason where the answer tells none."""
    kind = text(details.get("type"))
    subtype = first_text(details.get("subType"), kind)
    if event == "hard_bounce":
        event = "soft_bounce" if kind in SOFT else event
        if subtype in SUPPRESSED:
            return "reject", SUPPRESSED[subtype]
        return event, SUBTYPES.get(subtype, "mail_bounce")
    return event, "policy" if event == "reject" else None


def _answered(kind, event, reason, answer):
    """Return the type of the event and the reason, as the answer has it."""
    if kind == "email.bounced":
        return failure_in(answer, event, reason)
    return event, "postponed" if QUOTA.search(answer) else reason_in(answer, reason)


def _answer(details):
    """Return what the recipient's server has answered, or what Resend says of it."""
    codes = details.get("diagnosticCode")
    codes = codes if isinstance(codes, list) else [codes]
    return sentence(*codes) or first_text(details.get("message"), details.get("reason"))


def _reference(data):
    tags = data.get("tags") or {}
    if isinstance(tags, list):  # as they are written when a mail is sent
        tags = {text(tag.get("name")): tag.get("value") for tag in tags}
    return reference_among(tags.values()) or header_value(
        data.get("headers"), REFERENCE_HEADER
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
        # It is true of one of them, and Resend does not say of which.
        event, reason = "other", None
    answer = _answer(details)
    if reason:
        event, reason = _answered(kind, event, reason, answer)
    who = (data.get("open") or data.get("click") or {}).get("userAgent")
    for recipient in recipients:
        yield Report(
            event_type=event,
            recipient=text(recipient),
            reference=_reference(data),
            time=moment(item["created_at"]),
            error_type=reason,
            diagnostic=sentence(kind if event == "other" else "", answer),
            **sign_of_reading(event, who, None, is_shared),
        )


PROVIDER = Provider(
    name="resend",
    label="Resend",
    key_help=_lt("The signing secret of the webhook: whsec_..."),
    page="https://resend.com/docs/webhooks/event-types",
    smtp_page="https://resend.com/docs/send-with-smtp",
    steps=(
        Step(
            _lt("Under Webhooks add the webhook address for all events."),
            "https://resend.com/docs/webhooks/introduction",
        ),
        Step(
            _lt("Copy the signing secret and enter it as key."),
            "https://resend.com/docs/webhooks/verify-webhooks-requests",
        ),
    ),
    authenticate=partial(verify, "svix"),
    events=partial(read_items, read=_read),
    smtp_headers=lambda reference: {REFERENCE_HEADER: reference},
    request_key=lambda _keys, call: call.headers.get("svix-id", ""),
)
