"""Resend.

https://resend.com/docs/dashboard/webhooks/introduction
Signed by Svix, as Standard Webhooks under older names of the headers; tried again for
more than a day, with the same svix-id.
"""

from functools import partial

from .contract import REFERENCE_HEADER, Provider, Report
from .standard_webhooks import verify
from .values import (
    first_text,
    header,
    moment,
    read_by,
    read_items,
    reason_in,
    sentence,
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
BOUNCES = {"Transient": "soft_bounce", "Undetermined": "soft_bounce"}
# Objects of a report that may say why.
DETAILS = ("bounce", "failed", "suppressed")
REASONS = {
    "hard_bounce": "mail_bounce",
    "soft_bounce": "mail_bounce",
    "reject": "policy",
}


def _read(item):
    data = item["data"]
    event = EVENTS.get(item["type"], "other")
    details = next((data[name] for name in DETAILS if data.get(name)), {})
    if event == "hard_bounce":
        event = BOUNCES.get(details.get("type"), event)
    recipients = data["to"]
    if isinstance(recipients, str):
        recipients = [recipients]
    if len(recipients) > 1:
        # It is true of one of them, and Resend does not say of which.
        event = "other"
    answer = first_text(details.get("message"), details.get("reason"))
    reason = REASONS.get(event)
    reader = read_by(event, (data.get(event) or {}).get("userAgent"))
    for recipient in recipients:
        yield Report(
            event_type=event,
            recipient=text(recipient),
            reference=header(data.get("headers"), REFERENCE_HEADER),
            time=moment(item["created_at"]),
            error_type=reason_in(answer, reason) if reason else None,
            diagnostic=sentence(item["type"] if event == "other" else "", answer),
            **reader,
        )


PROVIDER = Provider(
    name="resend",
    label="Resend",
    key_help="The signing secret of the webhook: whsec_...",
    authenticate=partial(verify, "svix"),
    events=partial(read_items, read=_read),
    smtp_headers=lambda reference: {REFERENCE_HEADER: reference},
    request_key=lambda _keys, call: call.headers.get("svix-id", ""),
)
