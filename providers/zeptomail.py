"""Zoho ZeptoMail.

Source: ZeptoMail Help, "Webhooks in a Mail Agent", sections "Types of Webhooks" and on
the authentication key, "Webhooks, instant notification" with its examples, and "Email
sending with SMTP" (``X-TM-CLIENT-REF``).
https://www.zoho.com/zeptomail/help/webhooks.html
HMAC-SHA256 of the event, as JSON or as the field of a form, in ``producer-signature``;
newer pages of the settings offer an Authorization header instead. The time in the
signature's header is not signed. Not documented: how often requests are retried.
"""

import base64
import hashlib
import hmac
from urllib.parse import unquote

from .contract import Provider, Report, Step, Unreadable, _lt
from .times import time_of
from .values import (
    failure_in,
    first_text,
    is_any,
    knows_secret,
    load_form,
    read_items,
    sentence,
    sign_of_reading,
    text,
)

EVENTS = {
    "delivered": "delivered",
    "softbounce": "soft_bounce",
    "hardbounce": "hard_bounce",
    "email_open": "open",
    "email_link_click": "click",
    "feedback_loop": "spam",
    "fbl_compliant": "spam",
}
BOUNCES = ("soft_bounce", "hard_bounce")


def _content(body):
    """Return the JSON of a request, which may be the one field of a form.

    :raise Unreadable: when it is neither
    """
    if body.lstrip()[:1] in (b"{", b"["):
        return body
    fields = load_form(body)
    if not fields:
        raise Unreadable(_lt("Neither JSON nor a form"))
    return next(iter(fields.values())).encode()


def authenticate(keys, call):
    """Check the signature over the event, or the Authorization header."""
    if knows_secret(keys, call):
        return True
    header = call.headers.get("producer-signature", "")
    parts = dict(part.strip().partition("=")[::2] for part in header.split(";"))
    try:
        content = _content(call.body)
    except Unreadable:
        return False
    digests = [hmac.new(key.encode(), content, hashlib.sha256) for key in keys]
    good = [base64.b64encode(digest.digest()).decode() for digest in digests]
    return is_any(unquote(parts.get("s", "")), good)


def _names(value):
    names = value if isinstance(value, list) else [value]
    return [text(name).lower().replace(" ", "_") for name in names]


def _details(message):
    """Yield a report for each recipient of the event."""
    data = message.get("event_data") or [{}]
    for entry in data if isinstance(data, list) else [data]:
        details = entry.get("details") or [{}]
        yield from details if isinstance(details, list) else [details]


def _addresses(info):
    return [
        text(entry["email_address"]["address"])
        for name in ("to", "cc", "bcc")
        for entry in info.get(name) or ()
    ]


def _read_message(name, message):
    info = message["email_info"]
    event = EVENTS.get(name, "other")
    for details in _details(message):
        bounced = details.get("bounced_recipient")
        recipients = [text(bounced)] if bounced else _addresses(info)
        is_shared = len(recipients) > 1 and event != "delivered"
        if is_shared and event not in ("open", "click"):
            event = "other"  # it is true of one of them, and nobody says of which
        answer = sentence(details.get("reason"), details.get("diagnostic_message"))
        happened, reason = event, None
        if event in BOUNCES:
            happened, reason = failure_in(answer, event)
        told_at = first_text(details.get("time"), info.get("processed_time"))
        for recipient in recipients:
            yield Report(
                event_type=happened,
                recipient=recipient,
                reference=text(info.get("client_reference")),
                time=time_of(told_at),
                error_type=reason,
                diagnostic=sentence(name if event == "other" else "", answer),
                **sign_of_reading(event, _agent(details), None, is_shared),
            )


def _agent(details):
    agent = details.get("user_agent")
    return agent if isinstance(agent, str) else None


def _read(item):
    name = next(iter(_names(item["event_name"])))
    messages = item["event_message"]
    for message in messages if isinstance(messages, list) else [messages]:
        yield from _read_message(name, message)


def events(body):
    """Read all events; see `Provider.events`."""
    return read_items(_content(body), _read)


PROVIDER = Provider(
    name="zeptomail",
    label="Zoho ZeptoMail",
    key_help=_lt(
        "The authentication key of the webhook, or the token in its Authorization "
        "header."
    ),
    page="https://www.zoho.com/zeptomail/help/webhooks.html",
    smtp_page="https://www.zoho.com/zeptomail/help/smtp-home.html",
    steps=(
        Step(
            _lt(
                "In the Mail Agent, under Webhooks, create the authentication key and "
                "enter it as the webhook key."
            )
        ),
        Step(_lt("Add the webhook URL for all events.")),
    ),
    authenticate=authenticate,
    events=events,
    smtp_headers=lambda reference: {"X-TM-CLIENT-REF": reference},
)
