"""The parts of a report and the fields in them, however they are encoded.

Reports come from all kinds of software: illegal encodings, missing blank lines and
parts that Python's `email` does not parse are all read here. Pure functions.
"""

import base64
import binascii
import html
import quopri
import re
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.policy import SMTP

# No report needs more: a hostile mail must not cost more than a friendly one.
MOST_BYTES = 200_000
MOST_BLOCKS = 1_000
DEEPEST = 8

CONTENT_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
LINE_END = re.compile(r"\r\n|\r|\n")
FIELD = re.compile(r"([!-9;-~]{1,80})[ \t]*:[ \t]*(.*)", re.DOTALL)
# Begins where a word does: else a long word without "@" would be read again from each
# of its characters.
ADDRESS = re.compile(r"(?<![^\s<>\"(),;:@])[^\s<>\"(),;:@]+@[^\s<>\"(),;:]+")
# The escape of a character in an address of the type utf-8, RFC 6533 section 3.
EMBEDDED_CHARACTER = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
# Types of S/MIME that contain what is signed; the headers of its pieces in DER.
SIGNED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
OCTETS = re.compile(rb"\x04\x82[\x00-\xff]{2}|\x04\x81[\x80-\xff]")
BOUNDARY = re.compile(rb"^--(\S[^\r\n]{0,200}?)[ \t]*\r?\n(?=Content-)", re.I | re.M)
# The boundary before a report: a text may end with a copy of a mail with boundaries.
REPORT_BOUNDARY = re.compile(
    rb"^--(\S[^\r\n]{0,200}?)[ \t]*\r?\nContent-Type:[ \t]*message/delivery-status",
    re.IGNORECASE | re.MULTILINE,
)
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
STYLE = re.compile(
    r"<(style|script|title)\b[^<>]*>[^<]*</\1>|<!--[^<>]{0,500}-->", re.I
)
NEW_LINE = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li|/?h\d|/?table)\b[^<>]*>", re.I)
# An address in angle brackets is not a tag.
TAG = re.compile(r"</?[a-z!][^<>@]*>", re.IGNORECASE)
XTEXT = re.compile(r"\+([0-9A-F]{2})")


def header(message, name):
    """Return a header as text on one line, "" when there is none.

    It is taken from the source: `email`'s own parser fails on some headers.

    :param message: `email.message.Message`
    :rtype: str
    """
    name = name.lower()
    values = (value for key, value in message.raw_items() if key.lower() == name)
    text = " ".join(clean(next(values, "")).split())
    if "=?" not in text:
        return text
    try:
        return clean(make_header(decode_header(text)))
    except (ValueError, LookupError, HeaderParseError):
        return text


def content_type(part):
    """Return the content type of a part, in lower case; see `header`."""
    match = CONTENT_TYPE.match(header(part, "Content-Type"))
    return match[0].lower() if match else part.get_default_type()


def parts_of(message, depth=0):
    """Iterate over the parts of a message, but not of the messages in it.

    A report that somebody has forwarded as an attachment is not one to us.

    :param message: `email.message.Message`
    :return: iterator of messages that are not multipart
    """
    message = _mended(message) if depth < DEEPEST else message
    if not (content_type(message).startswith("multipart/") and message.is_multipart()):
        yield message
    elif depth < DEEPEST:
        for child in message.get_payload():
            yield from parts_of(child, depth + 1)


def _mended(part):
    """Return a part, parsed again if its content is not where its headers say.

    An S/MIME signature contains the message (RFC 8551 section 3.5.2), and software that
    rewrites a report may change the boundary in one place only, or lose its content
    type.
    """
    kind = content_type(part)
    if kind in SIGNED and not part.is_multipart():
        data = OCTETS.sub(b"", part.get_payload(decode=True) or b"")
        start = data.find(b"Content-Type:")
        return message_from_bytes(data[start:], policy=SMTP) if start >= 0 else part
    pattern = BOUNDARY
    if not header(part, "Content-Type"):
        kind, pattern = "multipart/mixed", REPORT_BOUNDARY
    if not kind.startswith("multipart/") or part.is_multipart():
        return part
    data = part.get_payload(decode=True) or b""
    if not (match := pattern.search(data[:MOST_BYTES])):
        return part
    boundary = match[1].replace(b'"', b"")
    head = b'Content-Type: %s; boundary="%s"\n\n' % (kind.encode(), boundary)
    return message_from_bytes(head + data, policy=SMTP)


def kinds_of_multipart(message, depth=0):
    """List the content types of a message and of the multiparts in it, outer first."""
    kinds = [content_type(message)]
    if kinds[0].startswith("multipart/") and message.is_multipart() and depth < DEEPEST:
        for child in message.get_payload():
            inner = kinds_of_multipart(child, depth + 1)
            kinds += [kind for kind in inner if kind.startswith("multipart/")]
    return kinds


def text_in(part):
    """Return the content of a part as text, also of one that `email` has parsed.

    `email` parses message/* without decoding it: encodings are illegal there, but
    happen (RFC 2046 section 5.2). What it has parsed is put together and decoded here.

    :param part: `email.message.Message`
    :rtype: str
    """
    if not part.is_multipart():
        data = part.get_payload(decode=True) or b""
    else:
        source = b"\n\n".join(map(_source, part.get_payload()[:MOST_BLOCKS]))
        data = _decode(source, header(part, "Content-Transfer-Encoding").lower())
    return clean(_decoded(data[:MOST_BYTES], charset_of(part)))


def charset_of(part):
    """Return the charset that a part names, in lower case, "" when it names none."""
    match = CHARSET.search(header(part, "Content-Type"))
    return match[1].lower() if match else ""


def _decoded(data, charset):
    """Return bytes as text: as UTF-8 if they are valid, else in the named charset.

    Reports that call UTF-8 "us-ascii" are common; other text rarely decodes as UTF-8.
    """
    if charset.startswith("iso-2022"):
        return _decoded_as(data, charset)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _decoded_as(data, charset)


def _decoded_as(data, charset):
    try:
        return data.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def plain_text(markup):
    """Return HTML as text: a new line for each tag that begins one."""
    text = STYLE.sub(" ", markup)
    text = TAG.sub("", NEW_LINE.sub("\n", text))
    return clean(html.unescape(text)).replace("\xa0", " ")


def _source(message):
    """Return the bytes that `email` has parsed as a message."""
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
    """Return text as the bytes that it came from: `email` escapes 8-bit characters."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def clean(text):
    """Return text without what PostgreSQL refuses: lone surrogates and NUL."""
    return _encoded(str(text)).decode("utf-8", "replace").replace("\x00", "")


def blocks_of(text, starts=(), repeated=()):
    """Split a text into blocks of fields, as in RFC 3464 section 2.1.

    :param str text: fields, folded or not, in blocks separated by blank lines
    :param starts: names of fields, in lower case, that begin a new block when the
        current one has them already: some senders omit the blank lines
    :param repeated: names of fields that may come several times, whose values are
        joined
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
        if new_name in repeated and new_name in block:
            block[new_name] += f", {field[2].strip()}"
        name = new_name if new_name not in block else None
        if name:
            block[name] = field[2].strip()
        if len(blocks) >= MOST_BLOCKS:
            break
    return [*blocks, block] if block else blocks


def address_in(value):
    """Return the address in a field like ``rfc822; a@example.com``, "" when none.

    :param str value: the field's value
    :rtype: str
    """
    match = ADDRESS.search(EMBEDDED_CHARACTER.sub(_character, value))
    return clean(match[0]) if match else ""


def addresses_in(value):
    """Return every address in a field, each once, in lower case."""
    addresses = (clean(match[0]).lower() for match in ADDRESS.finditer(value))
    return list(dict.fromkeys(address.strip("'\"") for address in addresses))


def _character(match):
    number = int(match[1], 16)
    return chr(number) if number < 0x110000 else match[0]


def decode_xtext(text):
    """Undo the encoding of RFC 3461 section 4, which some servers leave in place."""
    return XTEXT.sub(lambda match: chr(int(match[1], 16)), text)
