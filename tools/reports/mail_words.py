"""The words by which mails of machines are recognised: `mail_words.txt`, read once."""

import re

from .word_table import read_file

_TABLE = dict(read_file("mail_words.txt", flags=re.IGNORECASE))
DAEMON = _TABLE["daemon"]
PERHAPS_DAEMON = _TABLE["perhaps_daemon"]
UNDELIVERED = _TABLE["undelivered"]
STILL_TRYING = _TABLE["still_trying"]
GIVEN_UP = _TABLE["given_up"]
NOT_YET = _TABLE["not_yet"]
FAILED_WORDS = _TABLE["failed"]
COPY = re.compile(rf"[>\s]*(?:{_TABLE['copy'].pattern})", re.IGNORECASE)
SUBJECT = re.compile(rf"\s*(?:{_TABLE['subject'].pattern})\s*[:：]", re.IGNORECASE)
REPLY_SUBJECT = re.compile(
    rf"\s*(?:{_TABLE['automatic_reply'].pattern})(?!\w)", re.IGNORECASE
)

NULL_PATHS = ("<>", "<mailer-daemon>", "mailer-daemon", "<null>")
# Prefixes of the subject when a person answers a mail or forwards it.
ANSWERED = re.compile(
    r"\s*(?:re|aw|antw?|sv|vs|odp|ynt|rif|res|fwd?|wg|tr|rv|enc|doorst|vb|i|pd)"
    r"(?:\[\d+\])?\s*:",
    re.IGNORECASE,
)
# Fields of a mail that no explanation lists: the copy begins with them.
COPIED_FIELDS = (
    *("received", "return-path", "dkim-signature", "message-id", "mime-version"),
    *("x-received", "arc-seal", "arc-message-signature", "delivered-to", "x-mailer"),
    *("content-type", "x-originating-ip", "content-transfer-encoding", "received-spf"),
)
# Words in front of an address that is not a recipient's.
NOT_FAILED = re.compile(
    r"(?:mail from|from|sender(?: address)?|sent by|by|reply-to|return-path"
    r"|envelope-from|contact|generated from|expanded from|x-sender|mailto|abuse"
    r"|postmaster at|see|originator|help|support|write to|(?<!your )e-?mail to|dear"
    r"|hello|hi|on behalf of|bonjour|hallo|administrator|forward \w+ to)"
    r"\W*(?:rfc822;)?\s*[<\"'(:]*\s*$",
    re.IGNORECASE,
)
