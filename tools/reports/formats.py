"""Read the fields of reports in a format, one `Reported` per recipient. Pure.

Delivery status (RFC 3464, 6533), read receipts (RFC 8098) and complaints (RFC 5965).
"""

import re

from .parts import address_in, addresses_in
from .reported import STATUS, Reported, best_status

# Content type of the part that makes a mail a report.
KINDS = {
    "message/delivery-status": "dsn",
    "message/global-delivery-status": "dsn",
    "message/disposition-notification": "mdn",
    "message/global-disposition-notification": "mdn",
    "message/feedback-report": "arf",
}
# Names that begin the fields of a recipient.
RECIPIENT_FIELDS = ("final-recipient", "original-recipient", "action")
ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
# Words that servers write instead.
ACTION_WORDS = {"failure": "failed", "fail": "failed", "delay": "delayed"}
ACTION_OF_CLASS = {"4": "delayed", "5": "failed"}


def delivery_status(blocks):
    """Read message/delivery-status: RFC 3464 section 2.3."""
    reporter = next((b["reporting-mta"] for b in blocks if "reporting-mta" in b), "")
    for block in blocks:
        if not any(name in block for name in RECIPIENT_FIELDS):
            continue
        diagnostic = after_type(block.get("diagnostic-code", ""))
        status = best_status(block.get("status", ""), diagnostic)
        yield Reported(
            "dsn",
            action_of(block.get("action", ""), status),
            address_in(block.get("final-recipient", "")),
            address_in(block.get("original-recipient", "")),
            status,
            diagnostic,
            after_type(block.get("remote-mta") or reporter),
        )


def action_of(value, status):
    """Return the action for a recipient, from the status when there is none."""
    word = re.match(r"[a-z]*", value.lower())[0]
    word = ACTION_WORDS.get(word, word)
    if word in ACTIONS:
        return word
    match = STATUS.match(status)
    return ACTION_OF_CLASS.get(match[1], "") if match else ""


def after_type(value):
    """Return the text after the type, as in "smtp; 550 no"."""
    return value.partition(";")[2].strip() or value.strip()


def disposition(blocks):
    """Read message/disposition-notification: RFC 8098 section 3.1."""
    fields = blocks[0] if blocks else {}
    value = fields.get("disposition", "")
    mode, _mark, kind = value.partition(";")
    kind = re.match(r"[a-z]*", kind.strip().lower())[0]
    if kind == "deleted" and mode.strip().lower().startswith("automatic-action"):
        kind = "failed"  # the answer of a Sieve script, RFC 5429 section 2.2
    yield Reported(
        "mdn",
        kind,
        address_in(fields.get("final-recipient", "")),
        address_in(fields.get("original-recipient", "")),
        diagnostic=value,
        server=fields.get("reporting-ua", ""),
    )


def feedback(blocks):
    """Read message/feedback-report: RFC 5965 section 3."""
    fields = blocks[0] if blocks else {}
    for address in addresses_in(fields.get("original-rcpt-to", "")) or [""]:
        yield Reported(
            "arf",
            fields.get("feedback-type", "").lower(),
            original=address,
            diagnostic=fields.get("feedback-type", ""),
            server=fields.get("user-agent", ""),
        )


READERS = {"dsn": delivery_status, "mdn": disposition, "arf": feedback}
