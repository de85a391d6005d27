"""MailerSend.

Source: MailerSend Developers, "Webhooks", sections "Available events", "Payload
example" and "Security", and "SMTP relay", section "Custom tags".
https://developers.mailersend.com/api/v1/webhooks.html
HMAC-SHA256 of the body. For mails by SMTP it returns tags on any plan, at most five per
mail, and headers on some plans.
"""

import hashlib
import hmac
from functools import partial

from .contract import REFERENCE_HEADER, Provider, Report, Step, _lt
from .values import (
    failure_in,
    first_text,
    header_value,
    is_any,
    moment,
    read_items,
    reference_among,
    sentence,
    sign_of_reading,
    text,
)

TAGS_HEADER = "X-MailerSend-Tags"

EVENTS = {
    "activity.sent": "sent",
    "activity.delivered": "delivered",
    "activity.deferred": "deferral",
    "activity.soft_bounced": "soft_bounce",
    "activity.hard_bounced": "hard_bounce",
    "activity.opened": "open",
    "activity.opened_unique": "open",
    "activity.clicked": "click",
    "activity.clicked_unique": "click",
    "activity.unsubscribed": "unsub",
    "activity.spam_complaint": "spam",
}
# Other events are about senders, lists and MailerSend itself.
OF_A_MAIL = "activity."
BOUNCES = ("soft_bounce", "hard_bounce")


def authenticate(keys, call):
    """Check the signature over the body."""
    good = [
        hmac.new(key.encode(), call.body, hashlib.sha256).hexdigest() for key in keys
    ]
    return is_any(call.headers.get("Signature", ""), good)


def _read(item):
    if not item["type"].startswith(OF_A_MAIL):
        return
    data = item["data"]
    email = data["email"]
    event = EVENTS.get(item["type"], "other")
    about = data.get("morph") or {}
    answer = first_text(about.get("readable_reason"), about.get("reason"))
    reason = None
    if event in BOUNCES:
        event, reason = failure_in(answer, event)
    tagged = reference_among(email.get("tags"))
    yield Report(
        event_type=event,
        recipient=text(email["recipient"]["email"]),
        reference=tagged or header_value(email.get("headers"), REFERENCE_HEADER),
        time=moment(first_text(data.get("created_at"), item.get("created_at"))),
        key=text(data.get("id")),
        error_type=reason,
        diagnostic=sentence(item["type"] if event == "other" else "", answer),
        **sign_of_reading(event, about.get("user_agent")),
    )


PROVIDER = Provider(
    name="mailersend",
    label="MailerSend",
    key_help=_lt("The signing secret of the webhook."),
    page="https://developers.mailersend.com/api/v1/webhooks.html",
    smtp_page="https://developers.mailersend.com/smtp-relay.html",
    steps=(
        Step(
            _lt("Under Domains, Webhooks create one: the webhook address, all events.")
        ),
        Step(
            _lt("Copy the signing secret and enter it as key."),
            "https://developers.mailersend.com/api/v1/webhooks.html#security",
        ),
    ),
    authenticate=authenticate,
    events=partial(read_items, read=_read),
    smtp_headers=lambda reference: {
        TAGS_HEADER: reference,
        REFERENCE_HEADER: reference,
    },
)
