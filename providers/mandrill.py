"""Mailchimp Transactional (Mandrill).

Source: Mailchimp Transactional, "Webhooks", sections "Formats" (the names of events, up
to 1,000 of them in a request) and "Event types"; "Message Event Webhook Format", "Sync
Event Format" and "Introduction to Webhooks". Read on 2026-11-27, in stored copies.
"Webhooks" writes "hard-bounce", "Message Event Webhook Format" "hard_bounce".
https://mandrill.zendesk.com/hc/en-us/articles/205583307-Message-Event-Webhook-Format
A form whose field `mandrill_events` is a list. HMAC-SHA1 over the address of the
webhook, exactly as it is entered there, and the fields of the form. A HEAD request
comes when the webhook is set up.
"""

import base64
import hashlib
import hmac
from urllib.parse import parse_qsl

from .contract import Provider, Report, Step, _lt
from .times import time_of
from .values import (
    failure_in,
    first_text,
    is_any,
    json_header,
    load_form,
    read_items,
    reason_in,
    sentence,
    sign_of_reading,
    text,
    variable_in,
)

FIELD = "mandrill_events"

EVENTS = {
    "send": "sent",
    "delivered": "delivered",
    "deferral": "deferral",
    "hard_bounce": "hard_bounce",
    "soft_bounce": "soft_bounce",
    "reject": "reject",
    "open": "open",
    "click": "click",
    "spam": "spam",
    "unsub": "unsub",
}
# Why a mail was bounced or rejected, used if the answer does not say it: its
# `bounce_description`, and the `reject_reason` of the page "Send new message".
REASONS = {
    "bad_mailbox": "address_unknown",
    "invalid_domain": "domain_unknown",
    "mailbox_full": "mailbox_full",
    **dict.fromkeys(("hard-bounce", "soft-bounce", "spam", "custom"), "mail_bl"),
    "unsub": "mail_optout",
    "invalid": "mail_email_invalid",
    "invalid-sender": "mail_from_invalid",
    "unsigned": "sender_unverified",
}
DEFAULT_REASONS = {
    "hard_bounce": "mail_bounce",
    "soft_bounce": "mail_bounce",
    "reject": "policy",
}


def _fields(body):
    # Bounded, as the body is: `parse_qsl` raises ValueError beyond.
    return parse_qsl(body.decode("utf-8", "replace"), True, max_num_fields=100)


def authenticate(keys, call):
    """Check the signature over the address and the fields."""
    given = call.headers.get("X-Mandrill-Signature", "")
    try:
        fields = sorted(_fields(call.body))
    except ValueError:
        return False
    signed = "".join(name + value for name, value in fields)
    good = [_sign(key, url + signed) for key in keys for url in call.urls]
    return is_any(given, good)


def _sign(key, signed):
    digest = hmac.new(key.encode(), signed.encode("utf-8", "replace"), hashlib.sha1)
    return base64.b64encode(digest.digest()).decode()


def events(body):
    """Read the list in the form; see `Provider.events`."""
    return read_items(load_form(body).get(FIELD), _read)


def _words(event, message):
    """Return the server's answer and Mandrill's name for the reason; both may be empty.

    The answer of a delay is only in the last attempt.
    """
    tries = [entry.get("diag") for entry in message.get("smtp_events") or ()]
    tries = tries[-1:] if event == "deferral" else []
    reject = message.get("reject")
    reject = reject.get("reason") if isinstance(reject, dict) else reject
    called = first_text(message.get("bounce_description"), reject)
    return first_text(message.get("diag"), *tries), called


def _failure(event, answer, reason):
    """Return the type of the event and the reason."""
    if event == "reject":  # not tried
        return event, reason_in(answer, reason)
    return failure_in(answer, event, reason)


def _is_bot(item):
    parsed = item.get("user_agent_parsed")
    kind = parsed.get("type") if isinstance(parsed, dict) else None
    return text(kind).lower() == "robot" if kind else None


def _read(item):
    if "event" not in item or item["event"] == "inbound":
        return  # a list has changed, or a mail has come in
    message, kind = item["msg"], text(item["event"]).replace("-", "_")
    event = EVENTS.get(kind, "other")
    mail_id = item.get("_id") or message.get("_id")
    answer, called = _words(event, message)
    reason = DEFAULT_REASONS.get(event)
    if reason:
        event, reason = _failure(event, answer, REASONS.get(called, reason))
    yield Report(
        event_type=event,
        recipient=text(message["email"]),
        reference=variable_in(message.get("metadata")),
        time=time_of(item.get("ts")),
        # Without an id, events of two mails in the same second would be one.
        key=sentence(mail_id, kind, item.get("ts")) if mail_id else "",
        error_type=reason,
        diagnostic=sentence(kind if event == "other" else "", answer or called),
        **sign_of_reading(event, item.get("user_agent"), _is_bot(item)),
    )


def _smtp_headers(reference):
    return {"X-MC-Metadata": json_header(reference=reference)}


PROVIDER = Provider(
    name="mandrill",
    label="Mailchimp Transactional (Mandrill)",
    key_help=_lt("Mandrill > Settings > Webhooks: Key."),
    page="https://mailchimp.com/developer/transactional/guides/"
    "track-respond-activity-webhooks/",
    smtp_page="https://mailchimp.com/developer/transactional/docs/smtp-integration/",
    steps=(
        Step(
            _lt(
                "Under Settings > Webhooks, add the webhook URL for all message events."
            )
        ),
        Step(_lt("Copy the key of the webhook and enter it as the webhook key.")),
    ),
    authenticate=authenticate,
    events=events,
    smtp_headers=_smtp_headers,
    # Up to 1,000 events, written for a form; Odoo reads no larger form.
    max_bytes=10 * 2**20,
)
