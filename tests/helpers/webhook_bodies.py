"""Strategies of hypothesis for bodies and headers that adapters mostly accept."""

import json
import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from .webhook_case import REFERENCE

# Names and values that lead deep into the adapters.
WORDS = [
    *("event", "type", "RecordType", "data", "msg", "msys", "email", "recipient", "to"),
    *(
        "event-data",
        "delivery-status",
        "severity",
        "reason",
        "reject",
        "user-variables",
    ),
    *("timestamp", "time", "ts", "ts_epoch", "created_at", "metadata", "Metadata"),
    *("headers", "name", "value", "tags", "odoo-tracking", "rcpt_meta", "bounce"),
    *("Message", "Type", "eventType", "notificationType", "mail", "destination"),
    *("bouncedRecipients", "emailAddress", "bounceType", "signature", "token"),
    *("Notification", "SubscriptionConfirmation", "SubscribeURL", "TopicArn"),
    *("delivered", "bounce", "failed", "opened", "Delivery", "Bounce", "Open", "send"),
    *("email.bounced", "email.opened", "activity.opened", "morph", "email_delivered"),
    *("hard_bounce", "permanent", "message_event", "email_to", "email_headers"),
    *("Timestamp", "MessageId", "Signature", "SignatureVersion", "SigningCertURL"),
    *("2026-11-22T10:00:00Z", "9999-99-99T99:99:99Z", "1e999", "NaN", "1795341600"),
    *(REFERENCE, "alice@example.com", "", "\x00", "\ud800", "550 5.1.1 No such user"),
]
words = st.one_of(st.sampled_from(WORDS), st.text(max_size=20))
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), words, st.just(10**400)
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=6)
    ),
    max_leaves=25,
)
bodies = st.one_of(
    st.binary(max_size=200),
    values.map(lambda value: json.dumps(value).encode()),
    values.map(
        lambda value: json.dumps(
            {"Type": "Notification", "Message": json.dumps(value)}
        ).encode()
    ),
    values.map(lambda value: b"mandrill_events=" + json.dumps(value).encode()),
)
SIGNED_BY = "X-Twilio-Email-Event-Webhook-"
header_names = st.sampled_from(
    [
        *("Authorization", "Signature", "X-Mandrill-Signature"),
        *("webhook-id", "webhook-timestamp", "webhook-signature"),
        *("svix-id", "svix-timestamp", "svix-signature"),
        *(f"{SIGNED_BY}Timestamp", f"{SIGNED_BY}Signature"),
    ]
)
headers = st.dictionaries(header_names, words)
keys = st.lists(st.text(min_size=30, max_size=40), min_size=1, max_size=2)
bounded = settings(
    max_examples=int(os.environ.get("MAT_FUZZ_EXAMPLES", "40")),
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
