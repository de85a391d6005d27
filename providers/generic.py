"""Own mail servers, log shippers, and providers without an adapter.

JSON, signed as in Standard Webhooks: an object or a list of objects with `reference`
(the header X-Odoo-Mail-Tracking-Reference of the mail), `recipient`, `event` (a type of
event of this addon), and optionally `timestamp`, `id`, `reason`, `diagnostic`,
`evidence`, `server`. `token`, from the header X-Odoo-Mail-Tracking, may stand for
`reference`.
"""

from functools import partial

from .contract import REFERENCE_HEADER, Provider, Report, Step, _lt
from .standard_webhooks import verify
from .times import time_of
from .values import failure_in, first_text, read_items, text

# Types that a report may have; others are kept as "other".
EVENTS = {
    *("sent", "deferral", "delivered", "auto_reply", "error", "reject"),
    *("soft_bounce", "hard_bounce", "open", "click", "reply", "read", "unsub", "spam"),
}
BOUNCES = {"soft_bounce", "hard_bounce"}
FAILURES = {*BOUNCES, "error", "reject"}
# Reasons of `tools.states.REASONS` that a server can give.
REASONS = {
    *("address_unknown", "blocklisted", "content_refused", "domain_unknown"),
    *("encryption_needed", "mail_bounce", "mail_email_invalid", "mail_from_invalid"),
    *("mail_spam", "mailbox_disabled", "mailbox_full", "policy", "postponed"),
    *("refused", "sender_unverified", "server_problem", "timeout", "too_big"),
    "unknown",
}
EVIDENCE = {"human", "proxy", "machine", "shared", "suspect"}
# The evidence when a report names none: such an open proves nothing.
UNTOLD = {"open": "suspect", "click": None}


def _read(item):
    name = text(item["event"])
    event = name if name in EVENTS else "other"
    reason = text(item.get("reason"))
    event, error_type = _failure(event, reason, text(item.get("diagnostic")))
    yield Report(
        event_type=event,
        recipient=text(item["recipient"]),
        reference=text(item.get("reference") or item.get("token")),
        time=time_of(item.get("timestamp")),
        key=text(item.get("id")),
        error_type=error_type,
        diagnostic=first_text(
            item.get("diagnostic"), reason, name if event == "other" else ""
        ),
        server=text(item.get("server")),
        **_read_by(event, text(item.get("evidence"))),
    )


def _failure(event, reason, answer):
    """Return the type of the event and the reason, None if it is not a failure."""
    if event not in FAILURES:
        return event, None
    reason = reason if reason in REASONS else "unknown"
    return failure_in(answer, event, reason) if event in BOUNCES else (event, reason)


def _read_by(event, evidence):
    """Return the evidence of an open or a click, see `sign_of_reading`."""
    if event not in UNTOLD:
        return {}
    if evidence not in EVIDENCE:
        return {"evidence": UNTOLD[event]}
    return {"evidence": evidence, "evidence_rule": "provider"}


PROVIDER = Provider(
    name="generic",
    label="Other (Standard Webhooks)",
    key_help=_lt(
        "Your own secret: whsec_ followed by at least 24 random bytes in base64."
    ),
    page="https://github.com/standard-webhooks/standard-webhooks/"
    "blob/main/spec/standard-webhooks.md",
    steps=(
        Step(
            _lt(
                "Create a secret, whsec_ followed by at least 24 random bytes in "
                "base64, and enter it as the webhook key."
            )
        ),
        Step(
            _lt(
                "Make your server, or a script that reads its log, post signed reports "
                "to the webhook URL."
            )
        ),
    ),
    authenticate=partial(verify, "webhook"),
    events=partial(read_items, read=_read),
    smtp_headers=lambda reference: {REFERENCE_HEADER: reference},
    request_key=lambda _keys, call: call.headers.get("webhook-id", ""),
)
