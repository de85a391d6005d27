"""Azure Communication Services, through Event Grid.

Source: Microsoft Learn, "Azure Communication Services - Email events", both events, and
"Webhook event delivery", section "Endpoint validation with Event Grid events".
https://learn.microsoft.com/en-us/azure/event-grid/communication-services-email-events
No signature: an Authorization header among the delivery properties. Lists of events.
No reference is returned; a report names the Message-Id, which is kept as it is sent
("Adding Reserved Custom headers", on ``x-ms-acsemail-validate-message-id``). A report
of an open or a click names no Message-Id, and matches no mail.
"""

import re
from contextlib import suppress
from functools import partial

from .contract import REFERENCE_HEADER, Provider, Report, Step, Unreadable, _lt
from .times import time_of
from .values import (
    BAD_SHAPE,
    failure_in,
    first_text,
    knows_secret,
    load,
    read_items,
    sentence,
    sign_of_reading,
    text,
)

DELIVERY = "Microsoft.Communication.EmailDeliveryReportReceived"
ENGAGEMENT = "Microsoft.Communication.EmailEngagementTrackingReportReceived"
VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent"
VALIDATION_URL = re.compile(
    r"https://rp-[a-z0-9-]+\.eventgrid\.azure\.net(?::553)?/eventsubscriptions/[!-~]+"
)
# Status of a delivery report to type of event and reason, where its message tells none.
STATUSES = {
    "Delivered": ("delivered", None),
    "Expanded": ("expanded", None),
    "Suppressed": ("reject", "mail_bl"),
    "Bounced": ("hard_bounce", "mail_bounce"),
    "Quarantined": ("reject", "mail_spam"),
    "FilteredSpam": ("reject", "mail_spam"),
    "Failed": ("soft_bounce", "mail_bounce"),
}
ENGAGEMENTS = {"view": "open", "click": "click"}


def _read(item):
    kind = first_text(item.get("eventType"), item.get("type"))
    if kind not in (DELIVERY, ENGAGEMENT):
        return
    data = item["data"]
    status = first_text(data.get("status"), data.get("engagementType"))
    if kind == DELIVERY:
        event, reason = STATUSES.get(status, ("other", None))
    else:
        event, reason = ENGAGEMENTS.get(status.lower(), "other"), None
    details = _details(data)
    answer = text(details.get("statusMessage"))
    if reason:
        event, reason = failure_in(answer, event, reason)
    yield Report(
        event_type=event,
        recipient=text(data.get("recipient")),
        reference=text(data.get("internetMessageId")).strip(),
        time=time_of(_time(item, data)),
        key=text(item.get("id")),
        error_type=reason,
        diagnostic=sentence(status if event == "other" else "", answer),
        server=text(details.get("recipientMailServerHostName")),
        **sign_of_reading(event, data.get("userAgent")),
    )


def _details(data):
    """Return the details of a status; in the older form of the event, they are text."""
    details = first_text(data.get("DeliveryStatusDetails"))
    return data.get("deliveryStatusDetails") or {"statusMessage": details}


def _time(item, data):
    """Return the time of the event; its name is written in two ways."""
    names = (
        "deliveryAttemptTimeStamp",
        "deliveryAttemptTimestamp",
        "ReceivedTimestamp",
    )
    engaged = data.get("userActionTimeStamp") or data.get("userActionTimestamp")
    moment_text = first_text(*map(data.get, names), engaged)
    return moment_text or first_text(item.get("eventTime"), item.get("time"))


def confirmation(body):
    """Return the address that confirms a subscription; see `Provider`."""
    with suppress(Unreadable, *BAD_SHAPE):
        for item in load(body):
            if item["eventType"] == VALIDATION:
                url = text(item["data"]["validationUrl"])
                return url if VALIDATION_URL.fullmatch(url) else None
    return None


PROVIDER = Provider(
    name="azure",
    label="Azure Communication Services",
    key_help=_lt(
        "The token in the Authorization header, set under Delivery Properties of the "
        "event subscription."
    ),
    page="https://learn.microsoft.com/en-us/azure/event-grid/"
    "communication-services-email-events",
    smtp_page="https://learn.microsoft.com/en-us/azure/"
    "communication-services/quickstarts/email/send-email-smtp/send-email-smtp",
    steps=(
        Step(
            _lt("Choose a long token and enter it as the webhook key."),
            "https://learn.microsoft.com/en-us/azure/event-grid/delivery-properties",
        ),
        Step(
            _lt(
                "Add an event subscription: schema Event Grid, event type Email "
                "Delivery Report Received, endpoint type Web Hook, and the webhook URL."
            ),
            "https://learn.microsoft.com/en-us/azure/"
            "communication-services/quickstarts/email/handle-email-events",
        ),
        Step(
            _lt(
                "Add a delivery property: header Authorization, type Static, secret, "
                "value Bearer followed by a space and the token."
            ),
            "https://learn.microsoft.com/en-us/azure/event-grid/delivery-properties",
        ),
    ),
    authenticate=knows_secret,
    events=partial(read_items, read=_read),
    smtp_headers=lambda reference: {REFERENCE_HEADER: reference},
    confirmation=confirmation,
    hosts=(r"rp-[a-z0-9-]+\.eventgrid\.azure\.net(:553)?",),
)
