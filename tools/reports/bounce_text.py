"""Read the text of bounces that follow no format. Pure.

Only the server's own words count. The returned mail, and all text after it, was written
by somebody else and decides nothing.
"""

import re
from itertools import takewhile
from typing import NamedTuple

from .answers import failure_of_reply, reply_in, says_why, with_spaces
from .mail_words import COPIED_FIELDS, COPY, FAILED_WORDS, NOT_FAILED, SUBJECT
from .parts import ADDRESS, FIELD, LINE_END, clean, content_type, plain_text, text_in

MOST_LINES = 400
MOST_ADDRESSES = 100
# How surely an address is that of a failed recipient, the surest first.
LISTED, NAMED, MENTIONED = range(3)
# Text that may stand around an address which has a line of its own, or begins one.
BEGINS = re.compile(
    r"[ \t>*+\-\"'<(\[]*(?:<{3} )?"
    r"(?:[245]\d\d[ -](?:[245]\.\d{1,3}\.\d{1,3} )?)?[<\"'\[]*$"
)
GOES_ON = re.compile(
    r"[>\"')\]]*(?:\s*<(?:mailto:)?[^<>\s]{1,320}>)?[>\"')\]]*"
    r"\s*(?:$|:|\.\.\.|,|;|\[|\(|-|=|\bon \S|failed|unknown|user|is |was |does )",
    re.IGNORECASE,
)
# Words in front of the address of a failed recipient, in the same line and sentence.
NAMES = re.compile(
    r"(?:\bto|\bfor|recipient|user|mailbox|userid|address|account|rcpt to|\ban?"
    r"|empfänger|destinataire|destinatario|para|收件人|宛先|cannot find|delivering)\b"
    r"(?:(?!\. )[^@\n]){0,40}$",
    re.IGNORECASE,
)
# The answer that Microsoft 365 quotes below its own advice, which names every reason.
QUOTED_ANSWER = re.compile(
    r"^[ \t]*(?:reported |remote )?error[ \t]*:[ \t]*([45]\d\d[ -][^\n]{1,2000})",
    re.IGNORECASE | re.MULTILINE,
)
REPLY_TO = re.compile(r"\s*[45]\d\d <[^<>\s]{1,320}>\.\.\. ")
QUOTED = re.compile(r"^>+ ?")
SUMMARY = re.compile(r"\s*(?:from|to|cc|bcc|sender|reply-to)\s*:", re.IGNORECASE)
MESSAGE_ID_LINE = re.compile(r"\s*message[- ]?id\b", re.IGNORECASE)


class Mention(NamedTuple):
    """The text about one recipient."""

    address: str
    words: str  # of this recipient alone, as far as they can be told apart


def own_text(parts, returned_types):
    """Return the server's own text, and the text of the copy that follows.

    :param parts: of a message, see `parts.parts_of`
    :param returned_types: content types of the returned mail, where the text ends
    :return: tuple (text, text of the copy, "" when it is no text)
    """
    texts = {"text/plain": [], "text/html": []}
    for part in parts:
        kind = content_type(part)
        if kind in returned_types:
            break
        if kind.startswith("multipart/"):  # its parts cannot be told apart
            kind = "text/plain"
        if kind in texts:
            texts[kind].append(text_in(part))
    text = "\n".join(texts["text/plain"])
    if not text.strip():
        text = "\n".join(map(plain_text, texts["text/html"]))
    own, copy = split_copy(text)
    return _without_subject(own), copy


def split_copy(text):
    """Return the text before the returned mail, and the returned mail."""
    lines = LINE_END.split(text)
    for number, line in enumerate(lines):
        if COPY.match(line) and _is_copy(lines, number + 1):
            return "\n".join(lines[:number]), "\n".join(lines[number + 1 :]).lstrip()
        if _is_copied_field(line) and _is_head(lines, number):
            return "\n".join(lines[:number]), "\n".join(lines[number:])
    return text, ""


def _is_copy(lines, number):
    """Return whether fields of a mail, or nothing, follow within a few lines."""
    following = [line for line in lines[number : number + 12] if line.strip()][:4]
    return not following or any(FIELD.match(line.lstrip("> ")) for line in following)


def _is_copied_field(line):
    match = FIELD.match(line.lstrip("> "))
    return bool(match) and match[1].lower() in COPIED_FIELDS


def _is_head(lines, number):
    """Return whether a field is one of several in a row: one may be part of a text."""
    if "delivery-status" in lines[number]:
        return False
    following = (QUOTED.sub("", line) for line in lines[number + 1 : number + 8])
    block = takewhile(str.strip, following)
    return any(FIELD.match(line) for line in block)


def _without_subject(text):
    """Return a text without the subject of the mail, which somebody else wrote."""
    kept, is_subject = [], False
    for line in LINE_END.split(text):
        is_subject = bool(SUBJECT.match(line)) or (
            is_subject
            and line[:1] in (" ", "\t")
            and bool(line.strip())
            and not FIELD.match(line.strip())
        )
        if not is_subject:
            kept.append(line)
    return "\n".join(kept)


def is_failure(text):
    """Return whether a text says that a mail could not be delivered."""
    return bool(FAILED_WORDS.search(text[:20_000]))


# === WHO ===#
def recipients_in(text, sent_to=(), others=(), failed=()):
    """Return the server's words about each recipient who did not get the mail.

    :param str text: the server's own words
    :param sent_to: addresses that the mail went to
    :param others: addresses that cannot be a recipient, like the sender's
    :param failed: addresses that a header names as failed
    :return: list of `Mention`, empty when nobody is named
    """
    lines = LINE_END.split(with_spaces(text))[:MOST_LINES]
    ranks = _addresses_in(lines, {address.lower() for address in others})
    chosen = _chosen(ranks, {address.lower() for address in sent_to}, failed)
    sections = _sections(lines, set(chosen))
    whole = "\n".join(lines).strip()
    return [Mention(address, sections.get(address) or whole) for address in chosen]


def _addresses_in(lines, others):
    """Return a dict from each address to how surely it is a failed recipient."""
    ranks = {}
    for line in lines:
        for match in ADDRESS.finditer(line):
            address = tidy(match[0])
            if not address or address in others or len(ranks) >= MOST_ADDRESSES:
                continue
            rank = _rank(line, match)
            if rank is not None:
                ranks[address] = min(rank, ranks.get(address, MENTIONED))
    return ranks


def _rank(line, match):
    before, after = line[: match.start()], line[match.end() :]
    if NOT_FAILED.search(before[-60:]):
        return None
    if BEGINS.fullmatch(before) and GOES_ON.match(after):
        return LISTED
    if SUMMARY.match(line):
        return MENTIONED
    return NAMED if NAMES.search(before[-80:]) else MENTIONED


def tidy(address):
    """Return an address in the form for comparison, "" when it is not one."""
    address = clean(address).lower().removeprefix("mailto:").strip("'\"`[]{}.,;!?*|=")
    local, _at, domain = address.rpartition("@")
    is_machine = local in ("postmaster", "mailer-daemon", "abuse")
    return "" if not local or not domain or is_machine else address


def _chosen(ranks, sent_to, failed):
    if failed:
        return list(dict.fromkeys(failed))
    if there := [address for address in ranks if address in sent_to]:
        best = min(ranks[address] for address in there)
        return [address for address in there if ranks[address] == best]
    if not ranks:
        return []
    best = min(ranks.values())
    return [address for address, rank in ranks.items() if rank == best]


def _sections(lines, addresses):
    """Return a dict from each address to the lines that are about it."""
    sections, current = {}, None
    for line in lines:
        for match in ADDRESS.finditer(line):
            address = tidy(match[0])
            if address in addresses and _rank(line, match) is not None:
                current = address
                break
        if current:
            sections.setdefault(current, []).append(line)
    return {address: "\n".join(own).strip() for address, own in sections.items()}


# === WHY ===#
def words_about(section, text):
    """Return the words that give a reason: of the recipient, else of the whole text.

    A line that begins with a reply and names the recipient, as sendmail writes it, is
    complete; the next lines may be about another recipient.
    """
    if (quoted := QUOTED_ANSWER.search(section)) and says_why(quoted[1]):
        return quoted[1].strip()
    first = section.split("\n", 1)[0]
    for words in (first, section, text) if REPLY_TO.match(first) else (section, text):
        if failure_of_reply(reply_in(words), words).reason != "refused":
            return words
    return section


def coded_words(words):
    """Return the part of a text that begins with the reply of a server, "" if none."""
    lines = words.split("\n")
    places = (number for number, line in enumerate(lines) if reply_in(line))
    first = next(places, None)
    return "" if first is None else "\n".join(lines[first : first + 6]).strip()


def message_id_lines(text):
    """Return the lines that name the Message-Id of the mail, as one text."""
    return "\n".join(
        line for line in LINE_END.split(text) if MESSAGE_ID_LINE.match(line)
    )
