"""Amazon SES, through SNS.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
Events of a configuration set, and the older notifications of an identity, which need
"include original headers". SNS tries again for up to an hour.
"""

from .contract import REFERENCE_HEADER, VARIABLE, Provider, Report
from .sns import Service, message_in
from .values import (
    first_text,
    header,
    load,
    moment,
    read_by,
    read_items,
    reason_in,
    sentence,
    text,
)

SNS = Service(
    r"https://sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?"
    r"/SimpleNotificationService-[0-9a-zA-Z]+\.pem",
    r"https://sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/\?[!-~]+",
)

# Kind to type of event, and the object that tells more of it.
EVENTS = {
    "Send": ("sent", "send"),
    "Delivery": ("delivered", "delivery"),
    "DeliveryDelay": ("deferral", "deliveryDelay"),
    "Bounce": ("soft_bounce", "bounce"),
    "Complaint": ("spam", "complaint"),
    "Reject": ("reject", "reject"),
    "Rendering Failure": ("reject", "failure"),
    "Open": ("open", "open"),
    "Click": ("click", "click"),
    "Subscription": ("unsub", "subscription"),
}
# Subtypes of a bounce that SES has not even tried to send.
SUPPRESSED = ("Suppressed", "OnAccountSuppressionList")
# Where the recipients stand, in the object of the kind.
RECIPIENTS = (
    *("bouncedRecipients", "complainedRecipients", "delayedRecipients"),
    "recipients",
)


def _event(kind, details):
    """Give the type of the event and the reason where the answer tells none."""
    event = EVENTS.get(kind, ("other",))[0]
    if kind == "Bounce":
        if details.get("bounceSubType") in SUPPRESSED:
            return "reject", "mail_bl"
        if details.get("bounceType") == "Permanent":
            event = "hard_bounce"
        return event, "mail_bounce"
    return event, "policy" if event == "reject" else None


def _recipients(mail, details):
    """Give address and answer for each recipient: addresses, or objects with more."""
    found = next((details[name] for name in RECIPIENTS if details.get(name)), None)
    for recipient in found or mail["destination"]:
        if isinstance(recipient, str):
            yield recipient, text(details.get("smtpResponse"))
        else:
            yield (
                text(recipient["emailAddress"]),
                sentence(recipient.get("status"), recipient.get("diagnosticCode")),
            )


def _read(item):
    kind = first_text(item.get("eventType"), item.get("notificationType"))
    mail = item["mail"]
    details = item.get(EVENTS.get(kind, ("", kind))[1]) or {}
    event, default = _event(kind, details)
    tagged = (mail.get("tags") or {}).get(VARIABLE) or [""]
    reader = read_by(event, details.get("userAgent"))
    for recipient, answer in _recipients(mail, details):
        told = answer or first_text(details.get("reason"), details.get("errorMessage"))
        yield Report(
            event_type=event,
            recipient=recipient,
            reference=text(tagged[0]) or header(mail.get("headers"), REFERENCE_HEADER),
            time=moment(details.get("timestamp") or mail["timestamp"]),
            error_type=reason_in(told, default) if default else None,
            diagnostic=sentence(kind if event == "other" else "", told),
            server=text(details.get("reportingMTA")),
            **reader,
        )


def events(body):
    """Read the one notification; see `Provider.events`."""
    message = message_in(body)
    return read_items(message, _read) if message is not None else iter(())


def _smtp_headers(reference):
    return {
        "X-SES-MESSAGE-TAGS": f"{VARIABLE}={reference}",
        REFERENCE_HEADER: reference,
    }


PROVIDER = Provider(
    name="ses",
    label="Amazon SES",
    key_help="The ARN of the SNS topic that reports: arn:aws:sns:...",
    authenticate=SNS.authenticate,
    events=events,
    smtp_headers=_smtp_headers,
    request_key=lambda _keys, call: text(load(call.body).get("MessageId")),
    confirmation=SNS.confirmation,
)
