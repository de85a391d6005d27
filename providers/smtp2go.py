"""SMTP2GO.

Source: SMTP2GO Developers, "Webhooks", section "Standard Reported Data", "Webhooks
Overview", section "Webhook Events - Email", and "Add a new Webhook" (`headers`);
SMTP2GO Support, "Webhooks". Read on 2026-11-27, in stored copies.
https://developers.smtp2go.com/docs/webhooks-overview
No signature: an Authorization header that is set with the webhook. One event in a
request, as JSON or as a form. Headers of the mail are returned where the settings of
the webhook name them; its Message-Id always.

Not documented: whether these headers stand beside the other fields or in an object
`custom_headers`, where the activities of the API have them. Both are read.
"""

import re

from .contract import REFERENCE_HEADER, Provider, Report, Step, _lt
from .times import time_of
from .values import (
    failure_in,
    first_text,
    knows_secret,
    load_form,
    message_id_in,
    read_items,
    sentence,
    sign_of_reading,
    text,
)

EVENTS = {
    "delivered": "delivered",
    "open": "open",
    "click": "click",
    "bounce": "soft_bounce",
    "reject": "reject",
    "spam": "spam",
    "unsubscribe": "unsub",
}
REASONS = {
    "soft_bounce": "mail_bounce",
    "hard_bounce": "mail_bounce",
    # To recipients who bounced, complained or unsubscribed before.
    "reject": "mail_bl",
}
# Rejected for another reason: the same page names an unverified sender and a recipient
# who has unsubscribed.
REJECTIONS = (
    (re.compile(r"verified|sender", re.IGNORECASE), "mail_from_invalid"),
    (re.compile(r"unsubscri", re.IGNORECASE), "mail_optout"),
)


def _reference(fields):
    """Return the reference, or the Message-Id, among fields in lower case."""
    message_id = message_id_in(fields.get("message-id"))
    return first_text(fields.get(REFERENCE_HEADER.lower()), message_id)


def _recipients(fields):
    """Return addresses; a form has several of them as one text."""
    recipients = fields.get("rcpt") or fields.get("recipients") or []
    if isinstance(recipients, str):
        recipients = [part.strip() for part in recipients.split(",")]
    return recipients


def _failure(event, answer):
    """Return the type of the event and the reason, None if it is not a failure."""
    reason = REASONS.get(event)
    if event == "reject":
        reasons = (code for words, code in REJECTIONS if words.search(answer))
        return event, next(reasons, reason)
    return failure_in(answer, event, reason) if reason else (event, None)


def _read(item):
    headers = item.get("custom_headers")
    values = {**headers, **item} if isinstance(headers, dict) else item
    fields = {name.lower(): value for name, value in values.items()}
    recipients = _recipients(fields)
    if not recipients:
        return  # of a short message to a telephone
    kind = fields["event"]
    event = EVENTS.get(kind, "other")
    if kind == "bounce" and fields.get("bounce") == "hard":
        event = "hard_bounce"
    answer = sentence(fields.get("message"), fields.get("context"))
    happened, reason = _failure(event, answer)
    for recipient in recipients:
        yield Report(
            event_type=happened,
            recipient=text(recipient),
            reference=_reference(fields),
            time=time_of(fields.get("time")),
            error_type=reason,
            diagnostic=sentence(kind if event == "other" else "", answer),
            server=text(fields.get("host")),
            **sign_of_reading(event, fields.get("user-agent")),
        )


def events(body):
    """Read the one event, JSON or a form; see `Provider.events`."""
    is_json = body.lstrip()[:1] in (b"{", b"[")
    return read_items(body if is_json else load_form(body), _read)


PROVIDER = Provider(
    name="smtp2go",
    label="SMTP2GO",
    key_help=_lt("The token or password in the Authorization header of the webhook."),
    page="https://developers.smtp2go.com/docs/webhooks-overview",
    steps=(
        Step(
            _lt("Choose a long token and enter it as the webhook key."),
            "https://developers.smtp2go.com/docs/setup-a-webhook",
        ),
        Step(
            _lt(
                "Under Settings > Webhooks, add the webhook URL with Authorization "
                "header Bearer and the token, output type JSON and all email events."
            ),
            "https://support.smtp2go.com/hc/en-gb/articles/223087967-Webhooks",
        ),
        Step(
            _lt("Under Email headers, enter X-Odoo-Mail-Tracking-Reference."),
            "https://support.smtp2go.com/hc/en-gb/articles/223087967-Webhooks",
        ),
    ),
    authenticate=knows_secret,
    events=events,
    smtp_headers=lambda reference: {REFERENCE_HEADER: reference},
)
