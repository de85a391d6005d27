"""Read reports that come by mail, recipient by recipient.

Delivery status, read receipts, complaints and bounces that follow no RFC (`formats`),
notices of providers (`notices`) and automatic answers (RFC 3834). Pure: a message in,
a `MailReport` out, and no exception ever.
"""

import logging
import re

from .automatic_mail import (
    has_null_path,
    is_automatic,
    is_automatic_reply,
    is_daemon,
    is_named_server,
    is_server,
    is_surely_server,
)
from .bounce_text import is_failure
from .formats import KINDS, READERS, RECIPIENT_FIELDS, bounce, completed
from .mail_words import ANSWERED, UNDELIVERED
from .notices import notice_in
from .parts import ADDRESS, address_in, blocks_of, content_type, header, text_in
from .received import (
    MESSAGE_ID,
    MOST_MESSAGE_IDS,
    RETURNED_TYPES,
    TOKEN_HEADER,
    MailReport,
    Received,
)
from .reported import Reported

__all__ = [
    "KINDS",
    "MESSAGE_ID",
    "MOST_MESSAGE_IDS",
    "RETURNED_TYPES",
    "TOKEN_HEADER",
    "MailReport",
    "Reported",
    "read_report",
]

_logger = logging.getLogger(__name__)

REPORT_TYPE = re.compile(r"report-type\s*=\s*\"?([\w-]+)", re.IGNORECASE)


def read_report(message, sent_to=(), to_bounce=False):
    """Read a report.

    :param message: `email.message.EmailMessage`
    :param sent_to: addresses that the mail in question went to, if they are known:
        a bounce that marks nobody is about those of them that its text names
    :param bool to_bounce: whether the mail came to a bounce address, to which only mail
        servers and automatic replies write
    :return: a `MailReport`, or None when the mail is not a report
    """
    # Reads a text, and nothing from the database.
    # nosemgrep: broad-except
    try:
        return _read(message, sent_to, to_bounce)
    except Exception:
        _logger.exception("A report could not be read")
        return MailReport("broken")


def _read(message, sent_to=(), to_bounce=False):
    mail = Received(message, sent_to)
    report = next((part for part in mail.parts if content_type(part) in KINDS), None)
    is_report = mail.is_report
    if report is not None and (is_report or to_bounce or _is_by_machine(mail)):
        return _formatted(mail, report)
    if is_report and _is_of_another_kind(message):
        return mail.report("other")
    if notice := notice_in(message, mail.parts):
        return mail.report(
            notice.kind, recipients=notice.recipients, extra=notice.message_id
        )
    if is_report or _is_bounce(mail, to_bounce):
        return _report_within(mail) or bounce(mail)
    return _automatic_reply(mail) if is_automatic_reply(message) else None


# === WHAT IT IS ===#
def _is_by_machine(mail):
    # Otherwise a person has forwarded a report for us to look at.
    message = mail.message
    return is_server(message) or is_automatic_reply(message) or len(mail.parts) == 1


def _is_of_another_kind(message):
    match = REPORT_TYPE.search(header(message, "Content-Type"))
    return bool(match) and "delivery-status" not in match[1].lower()


def _is_bounce(mail, to_bounce):
    """Return whether a mail server says that it could not deliver a mail.

    Judged by signs, of which a mail of a person never has enough: people forward
    bounces and ask about them, and robots write about deliveries of other things.
    """
    message = mail.message
    if is_daemon(message):
        return True
    is_returned, is_said, is_named = _signs(mail)
    signs = is_returned + is_said + is_named
    if to_bounce:
        return signs > 0 or (is_server(message) and not _is_away(message))
    if ANSWERED.match(header(message, "Subject")) and not has_null_path(message):
        return False
    if is_surely_server(message):
        return signs > 0
    if is_server(message):
        return signs > 1
    return is_automatic(message) and is_returned and is_said


def _signs(mail):
    """Return whether a mail is returned, the subject says so, and somebody is named."""
    subject = header(mail.message, "Subject")
    is_said = not ANSWERED.match(subject) and bool(UNDELIVERED.search(subject))
    names_somebody = bool(ADDRESS.search(mail.text))
    is_named = bool(mail.failed) or (names_somebody and is_failure(mail.text))
    return bool(mail.returned), is_said, is_named


def _is_away(message):
    """Return whether a mail to the bounce address is a mailbox's automatic reply."""
    return is_automatic_reply(message) and not is_named_server(message)


# === REPORTS IN A FORMAT ===#
def _formatted(mail, part):
    kind = KINDS[content_type(part)]
    starts = RECIPIENT_FIELDS if kind == "dsn" else ()
    blocks = blocks_of(text_in(part), starts, repeated=("original-rcpt-to",))
    recipients = list(READERS[kind](blocks))
    fields = {
        name: value for block in reversed(blocks) for name, value in block.items()
    }
    if kind == "dsn" and not recipients:
        if mail.words_by_recipient:
            return bounce(mail)
        kind = "broken"
        recipients = [Reported(kind, "", diagnostic=text_in(part).strip())]
    elif kind == "dsn":
        alone = len(recipients) == 1
        recipients = [completed(mail, reported, alone) for reported in recipients]
    return mail.report(
        kind,
        recipients=tuple(recipients),
        envelope_id=fields.get("original-envelope-id", ""),
        extra=fields.get("original-message-id", ""),
    )


def _report_within(mail):
    """Return the report inside a gateway's own report, if that one names nobody.

    A returned mail is one that we sent: one from a mail server must be a report.
    """
    part = next((p for p in mail.parts if content_type(p) == "message/rfc822"), None)
    if (
        part is None
        or not part.is_multipart()
        or mail.words_by_recipient
        or not is_daemon(mail.message)
    ):
        return None
    inner = Received(part.get_payload()[0], mail.sent_to)
    part = next((p for p in inner.parts if content_type(p) in KINDS), None)
    if not is_daemon(inner.message) or part is None:
        return None
    return _formatted(inner, part)


# === AUTOMATIC ANSWERS ===#
def _automatic_reply(mail):
    message = mail.message
    reported = Reported(
        "auto_reply",
        "replied",
        address_in(header(message, "From")),
        diagnostic=header(message, "Subject"),
    )
    answered = header(message, "In-Reply-To") or header(message, "References")
    answer = Received(message, ())
    answer.parts = []  # a quoted mail may not be the one it is about
    return answer.report("auto_reply", recipients=(reported,), extra=answered)
