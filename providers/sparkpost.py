"""SparkPost (Bird).

Source: SparkPost API Reference, "Webhooks", sections "Batch Information" and "Webhook
Event Types"; SparkPost Docs, "Bounce Classification Codes", "Event Webhook
Authentication and Security" (October 2021) and "Best Practices for Managing Webhook
Data Streams", section "Webhook Batch Sizes and Projections".
https://developers.sparkpost.com/api/webhooks/
No signature: Basic authentication. (OAuth 2 needs a server that issues tokens.)
Batches; ten seconds for an answer; retried for eight hours. A ping has an empty event,
and has to be answered with 200 before a webhook is created.
"""

from functools import partial

from .contract import Provider, Report, Step, _lt
from .times import time_of
from .values import (
    failure_in,
    first_text,
    json_header,
    knows_secret,
    read_items,
    reason_in,
    sentence,
    sign_of_reading,
    text,
    variable_in,
)

EVENTS = {
    "delivery": "delivered",
    "delay": "deferral",
    "policy_rejection": "reject",
    "generation_failure": "reject",
    "generation_rejection": "reject",
    "open": "open",
    "initial_open": "open",
    "amp_open": "open",
    "amp_initial_open": "open",
    "click": "click",
    "amp_click": "click",
    "spam_complaint": "spam",
    "list_unsubscribe": "unsub",
    "link_unsubscribe": "unsub",
}
# https://support.sparkpost.com/docs/deliverability/bounce-classification-codes
# Class of a bounce to type of event and reason, used if the answer does not say it;
# other classes are soft.
BOUNCES = {
    "1": ("soft_bounce", "unknown"),
    "10": ("hard_bounce", "address_unknown"),
    "21": ("soft_bounce", "domain_unknown"),  # its DNS failed
    "22": ("soft_bounce", "mailbox_full"),
    "23": ("soft_bounce", "too_big"),
    "24": ("soft_bounce", "timeout"),
    "25": ("reject", "policy"),  # by the policies of the account
    "26": ("reject", "mail_bl"),  # suppressed by Smart Send; not on that page any more
    "30": ("hard_bounce", "mail_bounce"),  # no recipient
    "50": ("reject", "policy"),
    "51": ("reject", "mail_spam"),
    "52": ("reject", "mail_spam"),
    "53": ("reject", "content_refused"),
    "54": ("reject", "policy"),  # relaying denied
    "60": ("auto_reply", None),
    "80": ("other", None),  # a request to subscribe
    "90": ("unsub", None),
    "100": ("auto_reply", None),  # challenge-response
}
# Events about no mail that was sent: of incoming mail, of tests of two versions.
IGNORED = ("relay_", "ab_test_", "ingest_", "success", "error")
SUPPRESSED = "suppress"  # "recipient address suppressed due to customer policy"
SOFT = ("soft_bounce", "mail_bounce")


def _kind(event, answer):
    """Return the type of the event and the reason, None if it is not a failure."""
    if event["type"] in ("bounce", "out_of_band"):
        event_type, reason = BOUNCES.get(text(event.get("bounce_class")), SOFT)
        if event_type == "reject" and SUPPRESSED in answer.lower():
            reason = "mail_bl"
        return failure_in(answer, event_type, reason) if reason else (event_type, None)
    event_type = EVENTS.get(event["type"], "other")
    if event_type != "reject":
        return event_type, None
    is_listed = SUPPRESSED in answer.lower()
    return event_type, "mail_bl" if is_listed else reason_in(answer, "policy")


def _is_bot(event):
    is_prefetched = event.get("is_prefetched")
    return (
        None if is_prefetched is None else text(is_prefetched).lower() in ("true", "1")
    )


def _read(item):
    # One class of events in each item, none in a ping.
    for group, event in item["msys"].items():
        # A mail that came in is its own event, without a type.
        if group == "relay_message" or event["type"].startswith(IGNORED):
            continue
        answer = first_text(event.get("raw_reason"), event.get("reason"))
        kind, reason = _kind(event, answer)
        yield Report(
            event_type=kind,
            recipient=first_text(event.get("raw_rcpt_to"), event.get("rcpt_to")),
            reference=variable_in(event.get("rcpt_meta")),
            time=time_of(event.get("timestamp")),
            key=text(event.get("event_id")),
            error_type=reason,
            diagnostic=sentence(event["type"] if kind == "other" else "", answer),
            server=first_text(event.get("mx_host"), event.get("ip_address")),
            **sign_of_reading(kind, event.get("user_agent"), _is_bot(event)),
        )


def _smtp_headers(reference):
    return {"X-MSYS-API": json_header("metadata", reference=reference)}


PROVIDER = Provider(
    name="sparkpost",
    label="SparkPost",
    key_help=_lt("Your own password, also entered as Basic auth in SparkPost."),
    page="https://developers.sparkpost.com/api/webhooks/",
    smtp_page="https://developers.sparkpost.com/api/smtp/",
    steps=(
        Step(
            _lt(
                "First choose a long password and enter it as the webhook key: "
                "SparkPost tests the URL when the webhook is created."
            ),
            "https://support.sparkpost.com/docs/tech-resources/webhook-authentication",
        ),
        Step(
            _lt(
                "Under Configuration > Webhooks, create a webhook with the webhook "
                "URL, all events and Basic authentication with this password."
            )
        ),
    ),
    authenticate=knows_secret,
    events=partial(read_items, read=_read),
    smtp_headers=_smtp_headers,
    max_bytes=16 * 2**20,  # batches of "1 to 1000 or more" events of some 1.2 kB
)
