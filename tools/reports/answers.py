"""Read the answer of a mail server: the reason, and how final it is.

The only reader of answers, for SMTP, delivery reports and webhooks. Precedence, also in
`docs/adding_a_reason.rst`:

1. words that say more than any code: `reason_words.txt`;
2. an enhanced code that says something exact, the first of the answer;
3. words that count where the codes are vague: `reason_hints.txt`;
4. the subject of the enhanced code, then the reply code;
5. nothing: ``"refused"``, or ``"postponed"`` while the server is still being asked.

The event follows from the reason alone, so that both can never contradict each other.
Pure functions: exceptions of `smtplib` and reply texts in, codes out.
"""

import re
import smtplib
from typing import NamedTuple

from .reason_codes import (
    EVENT_BY_REASON,
    OTHER_EVENT,
    REASON_BY_ENHANCED_CODE,
    REASON_BY_RANGE,
    REASON_BY_REPLY,
    REASON_BY_SUBJECT,
    SOFT_WHEN_TEMPORARY,
)
from .reason_words import HINTS, WORDS

ENHANCED_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]\d)\b")
REPLY = re.compile(r"(?<![\d.#:\[])([45]\d\d)(?=[ -]|$)")
# More adds nothing, and a hostile answer must not cost more than a friendly one.
MOST_CHARACTERS = 4_000
MOST_CODES = 8

# Repeated at the beginning of each line of one reply: "550-5.1.1".
CONTINUATION = re.compile(r"(?<=\s)[245]\d\d-(?:[245]\.\d{1,3}\.\d{1,3})?\s")
ADDRESS = re.compile(r"(?<![^\s<\"'(:;,])<?[^\s<>\"'():;,@]+@[^\s<>\"'():;,@]+>?")
# Writings without spaces: Han, kana and hangul, with their punctuation.
ASIAN = "\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef"
PLAIN_ADDRESS = r"[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
AMONG_ASIAN = re.compile(
    rf"(?<=[{ASIAN}]){PLAIN_ADDRESS}|(?<![\w.%+-]){PLAIN_ADDRESS}(?=[{ASIAN}])",
    re.ASCII,
)
# An answer to MAIL, EHLO or HELO is about the sender, not about the recipient.
ABOUT_THE_SENDER = re.compile(
    r"(?:in reply to|in response to|after|did not like our|when sending)(?: the)? "
    r"(?:mail from|helo|ehlo|initial connection|end of initial)"
    r"|but (?:sender|my name) was rejected"
    r"|>>> (?:mail from|helo|ehlo)[^<>]{0,200}<<< [45]"
)
# Words for what may pass, whatever the code: a mailbox that is closed for now, and a
# name server whose reply makes no sense. Older versions of Postfix use these words for
# a null MX, too.
FOR_NOW = re.compile(
    r"\btemporar\w+ (?:disabled|suspended|inactive|locked|closed|deactivated)"
    r"|(?:unexpected|malformed) name server reply"
    r"|try (?:it )?again (?:later|in)\b|(?:try|retry) later"
)
ABOUT_THE_ADDRESS = ("address_unknown", "domain_unknown", "mail_email_invalid")
ONLY_FOR_GOOD = ("address_unknown", "mail_email_invalid")


class Failure(NamedTuple):
    """The meaning of a permanent failure."""

    event_type: str  # "hard_bounce", "soft_bounce" or "reject"
    reason: str


def text_of(answer):
    """Return a server's reply as text.

    :param answer: bytes or str, as `smtplib` hands it out
    :rtype: str
    """
    if isinstance(answer, bytes):
        return answer.decode("utf-8", "replace")
    return str(answer)


def reason_of_reply(code, text):
    """Return the code of the reason behind a refusal.

    :param int code: SMTP reply code, e.g. 550, or 0
    :param str text: the rest of the reply
    :return: a code of the addon or one of core's failure types; ``"refused"`` when the
        reply gives no reason, ``"postponed"`` when it only asks to try again
    :rtype: str
    """
    reason, is_temporary, _is_said = _judge(code, text)
    # Greylisting, and limits on how much may be sent.
    return "postponed" if is_temporary and reason in ("policy", "refused") else reason


def failure_of_reply(code, text):
    """Return the failure that the final answer of a server means.

    :param int code: SMTP reply code, or 0
    :param str text: the rest of the reply, and the status of a report
    :rtype: Failure
    """
    reason, is_temporary, is_said = _judge(code, text)
    if reason == "postponed" and not is_said or is_temporary and reason == "refused":
        reason = "server_problem"  # retried in vain
    return Failure(event_of_reason(reason, is_temporary), reason)


def event_of_reason(reason, is_temporary=False):
    """Return the type of the event of a failure for this reason."""
    if is_temporary and reason in SOFT_WHEN_TEMPORARY:
        return OTHER_EVENT
    return EVENT_BY_REASON.get(reason, OTHER_EVENT)


def with_spaces(text):
    """Return a text with spaces around addresses where the writing has none."""
    return AMONG_ASIAN.sub(r" \g<0> ", text)


def plain(text):
    """Return an answer in the form that the tables of words expect."""
    text = f" {with_spaces(text[:MOST_CHARACTERS])} ".lower().replace("’", "'")
    text = CONTINUATION.sub(" ", ADDRESS.sub("@", text))
    return " ".join(text.split())


def says_why(text):
    """Return whether an answer gives a reason by more than its reply code."""
    words, codes = plain(text), codes_in(text)
    is_said = _reason_of_words(WORDS, words) or _reason_of_codes(codes)
    return bool(is_said or _reason_of_words(HINTS, words))


def codes_in(text):
    """Return the enhanced codes of failures in a text, as texts."""
    codes = (match[0] for match in ENHANCED_CODE.finditer(text[:MOST_CHARACTERS]))
    codes = dict.fromkeys(code for code in codes if code[0] != "2")
    return list(codes)[:MOST_CODES]


def reply_in(text):
    """Return the reply code of a failure in a text, 0 when there is none."""
    match = REPLY.search(text[:MOST_CHARACTERS])
    return int(match[1]) if match else 0


# === PRECEDENCE ===#
def _judge(code, text):
    """Return the reason, whether it is temporary, and whether the answer states it."""
    words, codes = plain(text), codes_in(text)
    kind = codes[0][0] if codes else str(code)[:1]
    said = _reason_of_words(WORDS, words)
    by_code = _reason_of_codes(codes)
    # "452 4.1.1 Too busy": words tell whether an address is dead, if there are any.
    if kind == "4" and by_code in ONLY_FOR_GOOD:
        said = said or _reason_of_hints(words, kind)
    said = said or by_code
    reason = said or _reason_of_hints(words, kind) or _vague_reason(code, codes)
    if reason in ABOUT_THE_ADDRESS and _is_about_the_sender(words, codes):
        reason = "mail_from_invalid"
    is_temporary = kind == "4" or bool(FOR_NOW.search(words))
    return reason, is_temporary, bool(said)


def _is_about_the_sender(words, codes):
    is_coded = _reason_of_codes(codes) == "mail_from_invalid"
    return is_coded or bool(ABOUT_THE_SENDER.search(words))


def _reason_of_words(table, words):
    return next((reason for reason, said in table if said.search(words)), None)


def _reason_of_hints(words, kind):
    reason = _reason_of_words(HINTS, words)
    # A busy mailbox is called "unavailable", too: RFC 5321 section 4.2.3, reply 450.
    return None if kind == "4" and reason in ABOUT_THE_ADDRESS else reason


def _reason_of_codes(codes):
    exact = (_reason_of_code(*code.split(".")[1:]) for code in codes)
    return next((reason for reason in exact if reason), None)


def _reason_of_code(subject, detail):
    for range_subject, first, last, reason in REASON_BY_RANGE:
        if subject == range_subject and first <= int(detail) <= last:
            return reason
    return REASON_BY_ENHANCED_CODE.get(f"{subject}.{detail}")


def _vague_reason(code, codes):
    subjects = (REASON_BY_SUBJECT.get(code.split(".")[1]) for code in codes)
    by_subject = next((reason for reason in subjects if reason), None)
    return by_subject or REASON_BY_REPLY.get(code, "refused")


# === EXCEPTIONS ===#
def reason_of_exception(error):
    """Return the reason behind an exception of sending.

    :param Exception error: what `smtplib`, the network or core raised
    :return: tuple (code of the reason, or None when only the caller can tell, text)
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = [(code, text_of(text)) for code, text in error.recipients.values()]
        code, text = replies[0]
        return reason_of_reply(code, text), f"{code} {text}"
    if isinstance(error, smtplib.SMTPResponseException):
        text = text_of(error.smtp_error)
        return _reason_of_response(error, text), f"{error.smtp_code} {text}"
    if isinstance(error, OSError):
        return "mail_smtp", f"{type(error).__name__}: {error}"
    return None, str(error)


def _reason_of_response(error, text):
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "auth_failed"
    reason = reason_of_reply(error.smtp_code, text)
    about_recipient = (*ABOUT_THE_ADDRESS, "refused")
    if isinstance(error, smtplib.SMTPSenderRefused) and reason in about_recipient:
        return "mail_from_invalid"
    return reason
