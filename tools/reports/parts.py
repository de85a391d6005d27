"""The parts of a report and the fields in them, however they are encoded.

Reports are somebody else's text: illegal encodings, missing blank lines and parts that
Python's `email` does not take apart are all read here. Pure functions.
"""

import base64
import binascii
import quopri
import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header

# More is no report: a hostile mail must not cost more than a friendly one.
MOST_BYTES = 200_000
MOST_BLOCKS = 1_000
DEEPEST = 8

CONTENT_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
LINE_END = re.compile(r"\r\n|\r|\n")
FIELD = re.compile(r"([!-9;-~]{1,80})[ \t]*:[ \t]*(.*)", re.DOTALL)
# Begins where a word does: else a long word without "@" is read from each character.
ADDRESS = re.compile(r"(?<![^\s<>\"(),;:@])[^\s<>\"(),;:@]+@[^\s<>\"(),;:]+")
# What stands for a character in an address of the type utf-8, RFC 6533 section 3.
EMBEDDED_CHARACTER = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
XTEXT = re.compile(r"\+([0-9A-F]{2})")


def header(message, name):
    """Give a header as text on one line, "" when there is none.

    As it stands in the source: `email`'s own reading fails on some headers.

    :param message: `email.message.Message`
    :rtype: str
    """
    name = name.lower()
    found = (value for key, value in message.raw_items() if key.lower() == name)
    text = " ".join(clean(next(found, "")).split())
    if "=?" not in text:
        return text
    try:
        return clean(make_header(decode_header(text)))
    except (ValueError, LookupError, HeaderParseError):
        return text


def content_type(part):
    """Give the content type of a part, in lower case; see `header`."""
    found = CONTENT_TYPE.match(header(part, "Content-Type"))
    return found[0].lower() if found else part.get_default_type()


def parts_of(message, depth=0):
    """Walk through the parts of a message, not through the messages in it.

    A report that somebody has forwarded is no report.

    :param message: `email.message.Message`
    :return: iterator of messages that are not multipart
    """
    if not (content_type(message).startswith("multipart/") and message.is_multipart()):
        yield message
    elif depth < DEEPEST:
        for child in message.get_payload():
            yield from parts_of(child, depth + 1)


def text_in(part):
    """Give the content of a part as text, also of one that `email` has taken apart.

    It does so with message/*, where encodings are illegal but happen (RFC 2046 section
    5.2), and then the fields are not to be found in what it made of them.

    :param part: `email.message.Message`
    :rtype: str
    """
    if not part.is_multipart():
        data = part.get_payload(decode=True) or b""
    else:
        source = b"\n\n".join(map(_source, part.get_payload()[:MOST_BLOCKS]))
        data = _decode(source, header(part, "Content-Transfer-Encoding").lower())
    return clean(data[:MOST_BYTES].decode("utf-8", "replace"))


def _source(message):
    """Give a message as it was before `email` took it for one, as bytes."""
    lines = [_encoded(f"{name}: {value}") for name, value in message.raw_items()]
    content = message.get_payload(decode=True) or b""
    return b"\n".join([*lines, b"", content] if lines else [content])


def _decode(data, encoding):
    if encoding == "quoted-printable":
        return quopri.decodestring(data)
    if encoding == "base64":
        try:
            return base64.b64decode(data)
        except binascii.Error:
            return data
    return data


def _encoded(text):
    """Give text as the bytes that it came from: `email` escapes 8-bit characters."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def clean(text):
    """Give text without what PostgreSQL refuses: halves of characters, and NUL."""
    return _encoded(str(text)).decode("utf-8", "replace").replace("\x00", "")


def blocks_of(text, starts=()):
    """Take a text apart into blocks of fields, as RFC 3464 section 2.1 has them.

    :param str text: fields, folded or not, in blocks parted by blank lines
    :param starts: names of fields, in lower case, that begin a block when it has one of
        that name: some senders leave the blank lines out
    :return: list of dicts from names in lower case to values; the first value counts
    """
    blocks, block, name = [], {}, None
    for line in LINE_END.split(text):
        if line[:1] in (" ", "\t") and line.strip():
            if name:
                block[name] += " " + line.strip()
            continue
        field = FIELD.match(line)
        new_name = field[1].lower() if field else None
        if block and (not line.strip() or new_name in starts and new_name in block):
            blocks.append(block)
            block = {}
        name = new_name if new_name not in block else None
        if name:
            block[name] = field[2].strip()
        if len(blocks) >= MOST_BLOCKS:
            break
    return [*blocks, block] if block else blocks


def address_in(value):
    """Give the address in a field like ``rfc822; a@example.com``, "" when none.

    :param str value: the field's value
    :rtype: str
    """
    found = ADDRESS.search(EMBEDDED_CHARACTER.sub(_character, value))
    return clean(found[0]) if found else ""


def _character(match):
    number = int(match[1], 16)
    return chr(number) if number < 0x110000 else match[0]


def decode_xtext(text):
    """Undo the encoding of RFC 3461 section 4, which some servers leave in place."""
    return XTEXT.sub(lambda match: chr(int(match[1], 16)), text)
