"""What an SMTP server answered, turned into a reason.

Pure functions and tables: exceptions of `smtplib` and reply texts in, codes out.
"""

import re
import smtplib

ENHANCED_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]\d)\b")

# Enhanced codes, RFC 3463 and the IANA registry of "SMTP enhanced status codes", as
# subject.detail since the class says only whether it is for good.
REASON_BY_ENHANCED_CODE = {
    "1.1": "address_unknown",
    "1.2": "address_unknown",  # the domain does not exist
    "1.3": "mail_email_invalid",
    "1.6": "address_unknown",  # moved
    "1.7": "mail_from_invalid",
    "1.8": "mail_from_invalid",
    "1.10": "address_unknown",  # null MX, RFC 7505
    "2.1": "address_unknown",  # the mailbox is disabled
    "2.2": "mailbox_full",
    "2.3": "too_big",
    "3.4": "too_big",
    "4.1": "timeout",
    "4.7": "timeout",
}
# Subjects whose details all mean the same to a sender.
REASON_BY_SUBJECT = {"7": "policy"}
# Replies that say enough without an enhanced code, RFC 5321 section 4.2.3, RFC 4954.
REASON_BY_REPLY = {
    452: "mailbox_full",
    530: "auth_failed",
    534: "auth_failed",
    535: "auth_failed",
    552: "too_big",
    553: "mail_email_invalid",
}


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
    if found := ENHANCED_CODE.search(text):
        _class, subject, detail = found.groups()
        reason = REASON_BY_ENHANCED_CODE.get(f"{subject}.{detail}")
        if reason := reason or REASON_BY_SUBJECT.get(subject):
            return reason
    return REASON_BY_REPLY.get(code, "refused")


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
