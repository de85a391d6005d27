"""Read what a report says, one `Reported` per recipient. Pure.

From the fields of its format: delivery status (RFC 3464, 6533), read receipts (RFC
8098) and complaints (RFC 5965). From its text, where a bounce follows no format or its
fields say too little.
"""

import re

from .answers import failure_of_reply, reply_in
from .bounce_text import coded_words, is_failure, tidy, words_about
from .mail_words import GIVEN_UP, NOT_YET, STILL_TRYING
from .parts import address_in, addresses_in, blocks_of, header
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
# "b@y.com (generated from a@x.com)": Exim, Postfix and sendmail.
FORWARDED = re.compile(r"\b(?:generated|expanded) from:? <?([^\s<>()]{1,320})")
ACTION_OF_CLASS = {"4": "delayed", "5": "failed"}


# === FIELDS ===#
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
    """Return the action for a recipient, without one from the class of the status."""
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


# === TEXT ===#
def completed(mail, reported, alone):
    """Return a report of a recipient, completed from the text of its mail.

    The text counts where the fields say nothing useful.
    """
    if reported.action in ("delivered", "relayed", "expanded"):
        return reported
    named = mail.words_by_recipient
    if not reported.addresses and alone and len(named) == 1:
        reported = reported._replace(original=next(iter(named)))
    words = next((named[a] for a in reported.addresses if a in named), "")
    if not words and alone:
        words = mail.text.strip()
    if not reported.action and is_failure(mail.text):
        reported = reported._replace(action="failed")
    answer = f"{reported.diagnostic} {reported.status}"
    if failure_of_reply(reply_in(answer), answer).reason in (
        "refused",
        "server_problem",
    ):
        if words := words_about(words, ""):
            reported = reported._replace(
                diagnostic=f"{reported.diagnostic}\n{words}".strip(),
            )
    elif not reported.diagnostic:
        reported = reported._replace(diagnostic=coded_words(words))
    return reported


def bounce(mail):
    """Read a bounce that follows no format, like those of qmail and Exim."""
    recipients = _status_as_text(mail) or [
        Reported(
            "bounce",
            "delayed" if _is_still_tried(mail) else "failed",
            address,
            original=_address_before(words),
            status=best_status("", words),
            diagnostic=words,
        )
        for address, words in _named_recipients(mail)
    ]
    return mail.report(
        "bounce",
        recipients=tuple(recipients),
        extra=header(mail.message, "In-Reply-To"),
    )


def _address_before(words):
    """Return the address that the mail was forwarded from, "" when it was not."""
    match = FORWARDED.search(words)
    return tidy(match[1]) if match else ""


def _named_recipients(mail):
    """Return address and words of each recipient, "" for an address not known."""
    text = mail.text.strip()
    if named := mail.words_by_recipient:
        return [(a, words_about(words, text)) for a, words in named.items()]
    # Nobody is named: a mail to one recipient came back from that one.
    returned = addresses_in(mail.returned.get("to", ""))
    return [(returned[0] if len(returned) == 1 else "", text)]


def _status_as_text(mail):
    """Read a delivery status that stands in the text because its part was lost."""
    if "final-recipient" not in mail.text.lower():
        return []
    blocks = blocks_of(mail.text, RECIPIENT_FIELDS)
    recipients = delivery_status([b for b in blocks if "final-recipient" in b])
    return [
        reported._replace(kind="bounce") for reported in recipients if reported.final
    ]


def _is_still_tried(mail):
    """Return whether the server is still trying; a mail that it gave up is final."""
    if GIVEN_UP.search(mail.text):
        return False
    subject = header(mail.message, "Subject")
    return bool(STILL_TRYING.search(subject) or NOT_YET.search(mail.text))
