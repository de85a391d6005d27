"""Amazon SES, through SNS.

Source: Amazon SES Developer Guide, "Contents of event data that Amazon SES publishes to
Amazon SNS", sections "Bounce object" to "Subscription object", and "Amazon SNS
notification contents for Amazon SES" for the older notifications of an identity, which
need "include original headers".
https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
SNS retries for up to an hour.
"""

import re

from .contract import REFERENCE_HEADER, VARIABLE, Provider, Report, Step, _lt
from .sns import Service, message_in
from .times import time_of
from .values import (
    failure_in,
    first_text,
    header_value,
    load,
    message_id_in,
    read_items,
    reason_in,
    sentence,
    sign_of_reading,
    text,
)

# AWS General Reference, "Amazon SNS endpoints and quotas"; China ends in ".cn".
ARN = re.compile(r"arn:(aws|aws-cn|aws-us-gov):sns:([a-z]{2}(?:-[a-z]+)+-\d):\d+:.+")


def _addresses_of(arn):
    """Return where certificates and confirmations of a topic are; see `Service`."""
    matched = ARN.fullmatch(arn)
    if not matched:
        return None
    ending = r"\.cn" if matched[1] == "aws-cn" else ""
    host = rf"https://sns\.{matched[2]}\.amazonaws\.com{ending}"
    return (
        host + r"/SimpleNotificationService-[0-9a-zA-Z]+\.pem",
        host + r"/\?Action=ConfirmSubscription&[!-~]+",
    )


SNS = Service(_addresses_of)

# Kind to type of event, and the object with its details.
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
# Not about a mail that was sent: tests of a topic, and incoming mail.
IGNORED = ("AmazonSnsSubscriptionSucceeded", "Received")
# Section "Bounce types": subtype to the reason, used if the answer does not say it.
SUBTYPES = {
    "NoEmail": "address_unknown",
    "MailboxFull": "mailbox_full",
    "MessageTooLarge": "too_big",
    "ContentRejected": "content_refused",
    "AttachmentRejected": "content_refused",
    "CustomTimeoutExceeded": "timeout",
}
# Subtypes of a bounce or a complaint that SES has not even tried to send.
SUPPRESSED = {
    "Suppressed": "mail_bl",
    "OnAccountSuppressionList": "mail_bl",
    "UnsubscribedRecipient": "mail_optout",
}
# Section "Complaint types": feedback that is no complaint of the recipient.
NO_COMPLAINTS = ("not-spam", "auth-failure", "virus")
# Field of the recipients, in the object of the kind.
RECIPIENTS = (
    *("bouncedRecipients", "complainedRecipients", "delayedRecipients"),
    "recipients",
)
# "dns; mail.example.com": the type of a name in a delivery report (RFC 3464, 2.1.2).
NAME_TYPE = re.compile(r"^\s*[A-Za-z][\w-]*\s*;\s*")


def _event(kind, details):
    """Return the type of the event and the reason, used if the answer has none."""
    event = EVENTS.get(kind, ("other",))[0]
    subtype = first_text(details.get("bounceSubType"), details.get("complaintSubType"))
    if subtype in SUPPRESSED:
        return "reject", SUPPRESSED[subtype]
    if kind == "Bounce":
        is_hard = details.get("bounceType") == "Permanent"
        reason = SUBTYPES.get(subtype, "mail_bounce")
        return "hard_bounce" if is_hard else "soft_bounce", reason
    if event == "spam" and details.get("complaintFeedbackType") in NO_COMPLAINTS:
        event = "other"
    if event == "unsub" and not _has_left(details):
        event = "other"
    return event, "policy" if event == "reject" else None


def _failure(kind, event, answer, reason):
    """Return the type of the event and the reason by a server's answer."""
    if kind == "Bounce":
        return failure_in(answer, event, reason)
    return event, reason and reason_in(answer, reason)


def _has_left(details):
    """Return whether a change of preferences is an unsubscription."""
    new, old = (
        details.get(name) or {}
        for name in ("newTopicPreferences", "oldTopicPreferences")
    )
    return new.get("unsubscribeAll") is True or bool(_left(new) - _left(old))


def _left(preferences):
    topics = preferences.get("topicSubscriptionStatus") or ()
    return {
        text(topic.get("topicName"))
        for topic in topics
        if topic.get("subscriptionStatus") == "OptOut"
    }


def _recipients(mail, details):
    """Yield address and answer of each recipient: addresses, or objects with more."""
    recipients = next((details[name] for name in RECIPIENTS if details.get(name)), None)
    for recipient in recipients or mail["destination"]:
        if isinstance(recipient, str):
            yield text(recipient), text(details.get("smtpResponse"))
        else:
            yield (
                text(recipient["emailAddress"]),
                sentence(recipient.get("status"), recipient.get("diagnosticCode")),
            )


def _reference(mail):
    """Return the reference, or the Message-Id of a mail without one."""
    tagged = (mail.get("tags") or {}).get(VARIABLE) or [""]
    tagged = tagged if isinstance(tagged, list) else [tagged]
    headers = mail.get("headers")
    ours = text(tagged[0]) or header_value(headers, REFERENCE_HEADER)
    return ours or header_value(headers, "Message-ID") or _common_id(mail)


def _common_id(mail):
    """Return the Message-Id of a mail whose headers are truncated.

    Events publish SES's own id in its place, which has no "@".
    """
    message_id = text((mail.get("commonHeaders") or {}).get("messageId"))
    return message_id_in(message_id) if "@" in message_id else ""


def _words(details):
    """Return the details that hold for all recipients, without a server's answer."""
    names = ("reason", "errorMessage", "delayType", "bounceType", "bounceSubType")
    return sentence(
        *map(details.get, names),
        details.get("complaintSubType"),
        details.get("complaintFeedbackType"),
    )


def _read(item):
    kind = first_text(item.get("eventType"), item.get("notificationType"))
    if kind in IGNORED:
        return
    mail = item["mail"]
    details = item.get(EVENTS.get(kind, ("", kind))[1]) or {}
    event, default = _event(kind, details)
    recipients = list(_recipients(mail, details))
    # These events name no recipient: they hold for one of them.
    is_shared = event in ("open", "click", "unsub") and len(recipients) > 1
    if is_shared and event == "unsub":
        event = "other"
    reference = _reference(mail)
    for recipient, answer in recipients:
        answer_or_words = answer or _words(details)
        happened, reason = _failure(kind, event, answer, default)
        yield Report(
            event_type=happened,
            recipient=recipient,
            reference=reference,
            time=time_of(details.get("timestamp"), mail.get("timestamp")),
            error_type=reason,
            diagnostic=sentence(kind if event == "other" else "", answer_or_words),
            server=NAME_TYPE.sub("", text(details.get("reportingMTA"))),
            **sign_of_reading(event, details.get("userAgent"), None, is_shared),
        )


def events(body):
    """Read the one notification; see `Provider.events`."""
    message = message_in(body)
    # A text is what SES sends to try a topic, or a person on the page of the topic.
    is_text = message is None or not text(message).lstrip().startswith(("{", "["))
    return iter(()) if is_text else read_items(message, _read)


def _smtp_headers(reference):
    return {
        "X-SES-MESSAGE-TAGS": f"{VARIABLE}={reference}",
        REFERENCE_HEADER: reference,
    }


PROVIDER = Provider(
    name="ses",
    label="Amazon SES",
    key_help=_lt("ARN of the SNS topic: arn:aws:sns:..."),
    page="https://docs.aws.amazon.com/ses/latest/dg/"
    "event-publishing-retrieving-sns-contents.html",
    smtp_page="https://docs.aws.amazon.com/ses/latest/dg/send-email-smtp.html",
    steps=(
        Step(
            _lt(
                "In SNS, create a standard topic in the region of SES and enter its "
                "ARN as the webhook key."
            ),
            "https://docs.aws.amazon.com/sns/latest/dg/sns-create-topic.html",
        ),
        Step(
            _lt(
                "Subscribe the webhook URL to the topic: protocol HTTPS, raw message "
                "delivery off."
            ),
            "https://docs.aws.amazon.com/sns/latest/dg/"
            "sns-http-https-endpoint-as-subscriber.html",
        ),
        Step(
            _lt(
                "In SES, create a configuration set that publishes all events to the "
                "topic, and make it the default of your identity."
            ),
            "https://docs.aws.amazon.com/ses/latest/dg/"
            "event-publishing-add-event-destination-sns.html",
        ),
    ),
    authenticate=SNS.authenticate,
    events=events,
    smtp_headers=_smtp_headers,
    request_key=lambda _keys, call: text(load(call.body).get("MessageId")),
    confirmation=SNS.confirmation,
    hosts=(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?",),
)
