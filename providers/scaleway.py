"""Scaleway Transactional Email, through its Topics and Events.

https://www.scaleway.com/en/docs/transactional-email/reference-content/webhook-events-payloads/
Messages as those of SNS, signed with a certificate that Scaleway's own authority has
issued.
"""

import re

from .contract import REFERENCE_HEADER, Provider, Report
from .sns import Service, message_in
from .values import (
    first_text,
    header,
    load,
    moment,
    read_items,
    reason_in,
    sentence,
    text,
)

# https://www.scaleway.com/en/docs/topics-and-events/reference-content/veriying-webhooks/
BUCKET = "https://messaging.s3.fr-par.scw.cloud"
REGION = re.compile(r"/([a-z]{2}-[a-z]{3})/sns/")


def _authority_of(url):
    region = REGION.search(url)[1]
    return f"{BUCKET}/{region}/sns/sns-trust-chain.pem"


SNS = Service(
    re.escape(BUCKET) + r"/[a-z]{2}-[a-z]{3}/sns/[\w.-]+\.pem",
    r"https://(sns\.mnq\.[a-z]{2}-[a-z]{3}\.scaleway\.com|[a-z0-9.-]+\.scw\.cloud)"
    r"/[!-~]*",
    _authority_of,
)

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


def _read(item):
    kind = item["type"]
    event = EVENTS.get(kind, "other")
    message = first_text(item.get("email_response_message"), item.get("email_error"))
    answer = sentence(item.get("email_response_code"), message)
    reason = REASONS.get(kind)
    yield Report(
        event_type=event,
        recipient=text(item["email_to"]),
        reference=header(item.get("email_headers"), REFERENCE_HEADER),
        time=moment(item["created_at"]),
        key=text(item.get("id")),
        error_type=reason_in(answer, reason) if reason else None,
        diagnostic=sentence(kind if event == "other" else "", answer),
    )


def events(body):
    """Read the one notification; see `Provider.events`."""
    message = message_in(body)
    return read_items(message, _read) if message is not None else iter(())


PROVIDER = Provider(
    name="scaleway",
    label="Scaleway Transactional Email",
    key_help="The ARN of the topic that reports: arn:scw:sns:...",
    authenticate=SNS.authenticate,
    events=events,
    smtp_headers=lambda reference: {REFERENCE_HEADER: reference},
    request_key=lambda _keys, call: text(load(call.body).get("MessageId")),
    confirmation=SNS.confirmation,
)
