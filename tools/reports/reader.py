"""Reports that come by mail, turned into what they say of each recipient.

Delivery status (RFC 3464, 6533), read receipts (RFC 8098), complaints (RFC 5965),
automatic answers (RFC 3834) and the bounces that follow no RFC. Pure: a message in, a
`Report` out, and no exception ever.
"""

import logging
import re
from typing import NamedTuple

from .automatic_mail import is_automatic, is_automatic_reply, is_daemon
from .events import event_of
from .parts import (
    address_in,
    blocks_of,
    clean,
    content_type,
    decode_xtext,
    header,
    parts_of,
    text_in,
)
from .status_code import STATUS, best_status

_logger = logging.getLogger(__name__)

# Visible to the recipient, like the pixel: it finds the tracking of a mail that comes
# back, and proves no success.
TOKEN_HEADER = "X-Odoo-Mail-Tracking"  # noqa: S105 - a name

TOKEN = re.compile(r"[a-z2-7]{26}")
TOKEN_IN_TEXT = re.compile(
    rf"^[> ]*{TOKEN_HEADER}:\s*([a-z2-7]{{26}})\s*$", re.IGNORECASE | re.MULTILINE
)
REPORT_TYPE = re.compile(r"report-type\s*=\s*\"?([\w-]+)", re.IGNORECASE)
# Bounded, and no sign may be read in two ways: a text of "<a@a@a@..." without an end
# would cost minutes.
MESSAGE_ID = re.compile(r"<[^<>\s@]{1,998}@[^<>\s]{1,998}>")
MOST_MESSAGE_IDS = 32

# Content type of the part that makes a mail a report.
KINDS = {
    "message/delivery-status": "dsn",
    "message/global-delivery-status": "dsn",
    "message/disposition-notification": "mdn",
    "message/global-disposition-notification": "mdn",
    "message/feedback-report": "arf",
}
RETURNED = (
    *("text/rfc822-headers", "message/rfc822-headers", "message/rfc822"),
    *("message/global", "message/global-headers"),
)
# Names that begin the fields of a recipient.
RECIPIENT_FIELDS = ("final-recipient", "original-recipient", "action")
ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
ACTION_OF_CLASS = {"4": "delayed", "5": "failed"}
# Subjects of the common mail servers, and of Exchange in some more languages.
UNDELIVERED = re.compile(
    r"\b(?:undeliver|non-?deliver|failure notice|returned? (?:mail|to sender)"
    r"|deliver\w* (?:fail|problem|error|status notification \(fail)|unzustellbar"
    r"|non remis|no se puede entregar|non recapitabile)",
    re.IGNORECASE,
)
STILL_TRYING = re.compile(r"\b(?:delay(?:ed)?|warning|retried|retrying)\b", re.I)


class Reported(NamedTuple):
    """What a report says of one recipient."""

    kind: str  # of the report
    action: str  # as in the report, in lower case, "" when unknown
    final: str = ""  # the address in the end, perhaps a forwarded one
    original: str = ""  # the address that the sender gave
    status: str = ""
    diagnostic: str = ""
    server: str = ""

    @property
    def addresses(self):
        """List what the recipient may be known by, in lower case, the best first."""
        found = (self.original, clean(decode_xtext(self.original)), self.final)
        return list(dict.fromkeys(address.lower() for address in found if address))

    def event(self):
        """Give the values of the event that this means, without whom it is about."""
        return event_of(self)


class Report(NamedTuple):
    """What a mail reports.

    `kind` is ``dsn``, ``mdn``, ``arf``, ``auto_reply``, ``bounce`` (a failure in no
    format), ``other`` (a report of something else) or ``broken`` (a delivery report
    that cannot be read).
    """

    kind: str
    recipients: tuple = ()
    envelope_id: str = ""  # only our mail server has seen it
    token: str = ""  # of the returned headers
    message_ids: tuple = ()  # of the mail that it is about
    sender: str = ""  # address of who reports
    report_id: str = ""  # its own Message-Id


def read_report(message):
    """Read a report.

    :param message: `email.message.EmailMessage`
    :return: a `Report`, or None when the mail is none
    """
    try:
        return _read(message)
    except Exception:
        _logger.exception("A report could not be read")
        return Report("broken")


def _read(message):
    parts = list(parts_of(message))
    report = next((part for part in parts if content_type(part) in KINDS), None)
    is_report = content_type(message) == "multipart/report"
    if report is not None and (is_report or _is_by_machine(message, parts)):
        return _formatted(message, parts, report)
    if is_report and _is_of_another_kind(message):
        return _about(message, parts, "other")
    if is_report or is_daemon(message) or _is_undelivered(message, parts):
        return _bounce(message, parts)
    if is_automatic_reply(message):
        return _automatic_reply(message)
    return None


def _is_by_machine(message, parts):
    # Else somebody shows a report to us.
    return is_daemon(message) or is_automatic_reply(message) or len(parts) == 1


def _is_undelivered(message, parts):
    """Tell whether a server that calls itself otherwise could not deliver a mail.

    By two of three signs: its name, the mail that it returns, what the subject says;
    the subject counts for machines only, since people write about such mails.
    """
    by_postmaster = address_in(header(message, "From")).startswith("postmaster@")
    returned = any(content_type(part) in RETURNED for part in parts)
    said = is_automatic(message) and UNDELIVERED.search(header(message, "Subject"))
    return by_postmaster + returned + bool(said) > 1


def _is_of_another_kind(message):
    found = REPORT_TYPE.search(header(message, "Content-Type"))
    return bool(found) and "delivery-status" not in found[1].lower()


def _formatted(message, parts, part):
    kind = KINDS[content_type(part)]
    blocks = blocks_of(text_in(part), RECIPIENT_FIELDS if kind == "dsn" else ())
    recipients = READERS[kind](blocks)
    fields = {
        name: value for block in reversed(blocks) for name, value in block.items()
    }
    if kind == "dsn" and not recipients:
        kind = "broken"
        recipients = [Reported(kind, "", diagnostic=text_in(part).strip())]
    return _about(
        message,
        parts,
        kind,
        recipients=tuple(recipients),
        envelope_id=fields.get("original-envelope-id", ""),
        extra=fields.get("original-message-id", ""),
    )


def _delivery_status(blocks):
    """Read message/delivery-status: RFC 3464 section 2.3."""
    reporter = next((b["reporting-mta"] for b in blocks if "reporting-mta" in b), "")
    for block in blocks:
        if not any(name in block for name in RECIPIENT_FIELDS):
            continue
        diagnostic = _after_type(block.get("diagnostic-code", ""))
        status = best_status(block.get("status", ""), diagnostic)
        yield Reported(
            "dsn",
            _action(block.get("action", ""), status),
            address_in(block.get("final-recipient", "")),
            address_in(block.get("original-recipient", "")),
            status,
            diagnostic,
            _after_type(block.get("remote-mta") or reporter),
        )


def _action(value, status):
    """Give the action of a recipient; the status tells when none is to be found."""
    word = re.match(r"[a-z]*", value.lower())[0]
    if word in ACTIONS:
        return word
    found = STATUS.match(status)
    return ACTION_OF_CLASS.get(found[1], "") if found else ""


def _after_type(value):
    return value.partition(";")[2].strip() or value.strip()


def _disposition(blocks):
    """Read message/disposition-notification: RFC 8098 section 3.1."""
    fields = blocks[0] if blocks else {}
    disposition = fields.get("disposition", "")
    kind = re.match(r"[a-z]*", disposition.partition(";")[2].strip().lower())[0]
    yield Reported(
        "mdn",
        kind,
        address_in(fields.get("final-recipient", "")),
        address_in(fields.get("original-recipient", "")),
        diagnostic=disposition,
        server=fields.get("reporting-ua", ""),
    )


def _feedback(blocks):
    """Read message/feedback-report: RFC 5965 section 3."""
    fields = blocks[0] if blocks else {}
    yield Reported(
        "arf",
        fields.get("feedback-type", "").lower(),
        original=address_in(fields.get("original-rcpt-to", "")),
        diagnostic=fields.get("feedback-type", ""),
        server=fields.get("user-agent", ""),
    )


READERS = {
    "dsn": lambda blocks: list(_delivery_status(blocks)),
    "mdn": lambda blocks: list(_disposition(blocks)),
    "arf": lambda blocks: list(_feedback(blocks)),
}


def _bounce(message, parts):
    """Read a bounce that follows no format, like those of qmail."""
    text = "\n".join(
        text_in(part) for part in parts if content_type(part).startswith("text/")
    )
    status = best_status("", text)
    subject = header(message, "Subject")
    trying = STILL_TRYING.search(subject)
    reported = Reported(
        "bounce",
        "delayed" if trying else "failed",
        address_in(header(message, "X-Failed-Recipients")),
        status=status,
        diagnostic=text.strip(),
    )
    token = TOKEN_IN_TEXT.search(text)
    return _about(
        message,
        parts,
        "bounce",
        recipients=(reported,),
        token=token[1] if token else "",
        extra=header(message, "In-Reply-To"),
    )


def _automatic_reply(message):
    sender = address_in(header(message, "From"))
    reported = Reported(
        "auto_reply", "replied", sender, diagnostic=header(message, "Subject")
    )
    answered = header(message, "In-Reply-To") or header(message, "References")
    return _about(message, [], "auto_reply", recipients=(reported,), extra=answered)


def _about(message, parts, kind, token="", extra="", **values):
    """Complete a report with what tells which mail it is about."""
    returned = next((p for p in parts if content_type(p) in RETURNED), None)
    headers = (blocks_of(text_in(returned)) or [{}])[0] if returned is not None else {}
    names = ("x-microsoft-original-message-id", "message-id")
    found = " ".join([extra, *(headers.get(name, "") for name in names)])
    token = headers.get(TOKEN_HEADER.lower(), token)
    return Report(
        kind,
        token=token if TOKEN.fullmatch(token) else "",
        message_ids=tuple(dict.fromkeys(MESSAGE_ID.findall(found)))[:MOST_MESSAGE_IDS],
        sender=address_in(header(message, "From")).lower(),
        report_id=header(message, "Message-Id"),
        **values,
    )
