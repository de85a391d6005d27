"""Scaleway Transactional Email, through its Topics and Events.

Source: "Understanding Webhook event payloads" (validated 2025-10-01), sections "Webhook
event type" and "Examples of payload by event type"; "How to create and manage Topics
and Events subscriptions", section "How to confirm an HTTP or HTTPS subscription" (the
host of ``SubscribeURL``). Read on 2026-11-27, in stored copies.
https://www.scaleway.com/en/docs/transactional-email/reference-content/webhook-events-payloads/
Messages like those of SNS, signed with a certificate that Scaleway's own authority has
issued.
"""

import re
from urllib.parse import urlsplit

from .contract import REFERENCE_HEADER, Provider, Report, Step, _lt
from .sns import Service, message_in
from .times import time_of
from .values import (
    failure_in,
    first_text,
    header_value,
    load,
    read_items,
    sentence,
    text,
)

# "Verifying webhook signatures" (2025-12-03), section "Use the CA trust chain".
# https://www.scaleway.com/en/docs/topics-and-events/reference-content/veriying-webhooks/
BUCKET = "https://messaging.s3.fr-par.scw.cloud"
ARN = re.compile(r"arn:scw:sns:([a-z]{2}-[a-z]{3}):[\w-]+:.+")
REGION = re.compile(r"/([a-z]{2}-[a-z]{3})/sns/")


def _authority_of(url):
    region = REGION.search(url)[1]
    return f"{BUCKET}/{region}/sns/sns-trust-chain.pem"


def _addresses_of(arn):
    """Return where certificates and confirmations of a topic are; see `Service`."""
    matched = ARN.fullmatch(arn)
    return matched and (
        rf"{re.escape(BUCKET)}/{matched[1]}/sns/[\w.-]+\.pem",
        rf"https://sns\.mnq\.{matched[1]}\.scaleway\.com/[!-~]*",
    )


SNS = Service(_addresses_of, _authority_of)

EVENTS = {
    "email_delivered": "delivered",
    "email_deferred": "deferral",
    "email_dropped": "hard_bounce",
    "email_mailbox_not_found": "hard_bounce",
    "email_spam": "reject",
    "email_blocklisted": "reject",
}
REASONS = {
    "email_dropped": "mail_bounce",
    "email_mailbox_not_found": "address_unknown",
    "email_spam": "mail_spam",
    "email_blocklisted": "mail_bl",
}
# About an address, not about a mail.
IGNORED = ("blocklist_created",)


def _reference(headers):
    """Return the reference, or the Message-Id of a mail without one."""
    ours = header_value(headers, REFERENCE_HEADER, "key")
    return ours or header_value(headers, "Message-Id", "key")


def _read(item):
    kind = item["type"]
    if kind in IGNORED:
        return
    event = EVENTS.get(kind, "other")
    message = first_text(item.get("email_response_message"), item.get("email_error"))
    answer = sentence(
        item.get("blocklist_type"),
        item.get("blocklist_reason"),
        item.get("email_response_code"),
        message,
    )
    reason = REASONS.get(kind)
    if reason:
        event, reason = failure_in(answer, event, reason)
    yield Report(
        event_type=event,
        recipient=text(item["email_to"]),
        reference=_reference(item.get("email_headers")),
        time=time_of(item.get("created_at")),
        key=text(item.get("id")),
        error_type=reason,
        diagnostic=sentence(kind if event == "other" else "", answer),
    )


def events(body):
    """Read the one notification; see `Provider.events`."""
    message = message_in(body)
    return read_items(message, _read) if message is not None else iter(())


PROVIDER = Provider(
    name="scaleway",
    label="Scaleway Transactional Email",
    key_help=_lt("ARN of the Scaleway topic: arn:scw:sns:..."),
    page="https://www.scaleway.com/en/docs/transactional-email/"
    "reference-content/webhook-events-payloads/",
    smtp_page="https://www.scaleway.com/en/docs/transactional-email/"
    "reference-content/smtp-configuration/",
    steps=(
        Step(
            _lt(
                "In Topics and Events, create a topic and enter its ARN as the webhook "
                "key."
            ),
            "https://www.scaleway.com/en/docs/topics-and-events/how-to/"
            "create-manage-topics/",
        ),
        Step(
            _lt("Subscribe the webhook URL to the topic: protocol HTTPS."),
            "https://www.scaleway.com/en/docs/topics-and-events/how-to/"
            "create-manage-subscriptions/",
        ),
        Step(
            _lt(
                "In Transactional Email, on the page of the domain, create a webhook "
                "that publishes all events to the topic."
            ),
            "https://www.scaleway.com/en/docs/transactional-email/how-to/"
            "create-webhooks/",
        ),
    ),
    authenticate=SNS.authenticate,
    events=events,
    smtp_headers=lambda reference: {REFERENCE_HEADER: reference},
    request_key=lambda _keys, call: text(load(call.body).get("MessageId")),
    confirmation=SNS.confirmation,
    hosts=(re.escape(urlsplit(BUCKET).hostname), r"sns\.mnq\.[a-z-]+\.scaleway\.com"),
)
