"""What an SMTP server answered, turned into a reason.

Pure functions and tables: exceptions of `smtplib` and reply texts in, codes out.
"""

import re
import smtplib

ENHANCED_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]\d)\b")

# Enhanced codes, RFC 3463 section 3 and the IANA registry of "SMTP enhanced status
# codes", as subject.detail since the class says only whether it is for good.
REASON_BY_ENHANCED_CODE = {
    # addresses
    "1.1": "address_unknown",
    "1.2": "domain_unknown",
    "1.3": "mail_email_invalid",
    "1.4": "address_unknown",  # matches several mailboxes
    "1.6": "address_unknown",  # moved
    "1.7": "mail_from_invalid",
    "1.8": "mail_from_invalid",
    "1.10": "domain_unknown",  # null MX: takes no mail, RFC 7505
    # the mailbox
    "2.1": "mailbox_disabled",
    "2.2": "mailbox_full",
    "2.3": "too_big",
    # the recipient's mail system
    "3.1": "server_problem",  # full
    "3.2": "server_problem",  # takes no mail now
    "3.4": "too_big",
    "3.5": "server_problem",  # not configured
    # the way there
    "4.1": "timeout",
    "4.2": "timeout",
    "4.3": "server_problem",  # its directory does not answer
    "4.4": "domain_unknown",  # no route
    "4.5": "server_problem",  # congested
    "4.6": "server_problem",  # the mail goes round in circles
    "4.7": "timeout",
    "5.3": "postponed",  # too many recipients at once
    # rights and proofs
    "7.4": "encryption_needed",
    "7.8": "auth_failed",  # RFC 4954, as the next ones
    "7.9": "auth_failed",
    "7.10": "encryption_needed",  # RFC 5248
    "7.11": "auth_failed",
    "7.12": "auth_failed",
    "7.13": "mailbox_disabled",
    "7.16": "too_big",
    "7.17": "address_unknown",  # the mailbox has a new owner, RFC 7293
    "7.18": "domain_unknown",  # so has the domain
    "7.20": "sender_unverified",  # DKIM, RFC 7372, as the next ones
    "7.21": "sender_unverified",
    "7.22": "sender_unverified",
    "7.23": "sender_unverified",  # SPF
    "7.24": "sender_unverified",
    "7.25": "sender_unverified",  # no name for the server's address
    "7.26": "sender_unverified",
    "7.27": "mail_from_invalid",  # the sender's domain takes no mail, RFC 7505
    "7.28": "postponed",  # a flood of mails
    "7.29": "sender_unverified",  # ARC, RFC 8617
    "7.30": "encryption_needed",  # RFC 8689
}
# Subjects whose other details all mean the same to a sender.
REASON_BY_SUBJECT = {"6": "content_refused", "7": "policy"}
# Replies that say enough without an enhanced code, RFC 5321 section 4.2.3, RFC 4954.
REASON_BY_REPLY = {
    452: "mailbox_full",
    530: "auth_failed",
    534: "auth_failed",
    535: "auth_failed",
    552: "too_big",
    553: "mail_email_invalid",
    556: "domain_unknown",  # RFC 7504
}
# What the words of a reply say where its codes say little: the first that is found.
REASON_BY_WORDS = [
    (
        "blocklisted",
        re.compile(
            r"spamhaus|dnsbl|\brbl\b|spamcop|barracuda|(?:block|black)[- ]?list"
        ),
    ),
    ("mail_spam", re.compile(r"\bspam|unsolicited|\bjunk\b")),
    ("mailbox_full", re.compile(r"mailbox (?:is )?full|over ?quota|quota exceeded")),
    (
        "address_unknown",
        re.compile(
            r"(?:no such|unknown|invalid) (?:user|recipient|mailbox|address)"
            r"|(?:user|recipient|mailbox|address) (?:is )?(?:unknown|not found)"
            r"|(?:user|recipient|mailbox|address|account) does(?: not|n't) exist"
        ),
    ),
]
# Reasons that the words may tell more exactly.
VAGUE = ("policy", "refused", "postponed")


def text_of(answer):
    """Give a server's reply as text.

    :param answer: bytes or str, as `smtplib` hands it out
    :rtype: str
    """
    if isinstance(answer, bytes):
        return answer.decode("utf-8", "replace")
    return str(answer)


def reason_of_reply(code, text):
    """Give the code of the reason behind a refusal.

    :param int code: SMTP reply code, e.g. 550
    :param str text: the rest of the reply
    :return: a code of the addon's or of core's failure types; ``"refused"`` when the
        reply does not tell
    :rtype: str
    """
    reason = _reason_of_codes(code, text)
    if reason in VAGUE:
        words = text.lower()
        reason = next((r for r, said in REASON_BY_WORDS if said.search(words)), reason)
    return reason


def _reason_of_codes(code, text):
    kind = str(code)[:1]
    if found := ENHANCED_CODE.search(text):
        kind, subject, detail = found.groups()
        reason = REASON_BY_ENHANCED_CODE.get(f"{subject}.{detail}")
        if reason := reason or REASON_BY_SUBJECT.get(subject):
            # Greylisting, and limits of how much may be sent.
            return "postponed" if (kind, reason) == ("4", "policy") else reason
    return REASON_BY_REPLY.get(code, "postponed" if kind == "4" else "refused")


def reason_of_exception(error):
    """Give what an exception of sending says.

    :param Exception error: what `smtplib`, the network or core raised
    :return: tuple (code of the reason, or None when only the caller can tell, text)
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = [(code, text_of(text)) for code, text in error.recipients.values()]
        code, text = replies[0]
        return reason_of_reply(code, text), f"{code} {text}"
    if isinstance(error, smtplib.SMTPResponseException):
        text = text_of(error.smtp_error)
        reason = reason_of_reply(error.smtp_code, text)
        if isinstance(error, smtplib.SMTPAuthenticationError):
            reason = "auth_failed"
        elif isinstance(error, smtplib.SMTPSenderRefused) and reason == "refused":
            reason = "mail_from_invalid"
        return reason, f"{error.smtp_code} {text}"
    if isinstance(error, OSError):
        return "mail_smtp", f"{type(error).__name__}: {error}"
    return None, str(error)
