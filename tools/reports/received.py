"""An incoming mail, of which each piece is read only once. Pure."""

import re
from functools import cached_property
from typing import NamedTuple

from .automatic_mail import is_server
from .bounce_text import message_id_lines, own_text, recipients_in
from .parts import (
    address_in,
    addresses_in,
    blocks_of,
    content_type,
    header,
    kinds_of_multipart,
    parts_of,
    text_in,
)

# Visible to the recipient, like the pixel: it finds the tracking of a returned mail,
# but proves no success.
TOKEN_HEADER = "X-Odoo-Mail-Tracking"  # noqa: S105 - a name

TOKEN = re.compile(r"[a-z2-7]{26}")
TOKEN_IN_TEXT = re.compile(
    rf"^[> ]*{TOKEN_HEADER}:\s*([a-z2-7]{{26}})\s*$", re.IGNORECASE | re.MULTILINE
)
MESSAGE_ID_FIELD = re.compile(
    r"^[> ]*message-id:\s{0,4}(<[^<>\s@]{1,998}@[^<>\s]{1,998}>)",
    re.IGNORECASE | re.MULTILINE,
)
# Bounded, and no character may match in two ways: a text of "<a@a@a@..." without an end
# would take minutes.
MESSAGE_ID = re.compile(r"<[^<>\s@]{1,998}@[^<>\s]{1,998}>")
MOST_MESSAGE_IDS = 32

RETURNED_TYPES = (
    *("text/rfc822-headers", "message/rfc822-headers", "message/rfc822"),
    *("message/global", "message/global-headers"),
)
# Headers of sender and receiver of the report: none of them is a failed recipient.
OTHER_ADDRESSES = ("From", "To", "Reply-To", "Return-Path", "Sender", "Delivered-To")
# Types of the parts that contain the returned mail, rightly or by mistake.
COPIES = (*RETURNED_TYPES, "message/delivery-status")
RETURNED_SENDERS = ("from", "return-path", "sender", "reply-to")


class MailReport(NamedTuple):
    """The report in a mail.

    `kind` is ``dsn``, ``mdn``, ``arf``, ``auto_reply``, ``bounce`` (a failure in no
    format), ``other`` (a report of something else) or ``broken`` (a delivery report
    that cannot be read).
    """

    kind: str
    recipients: tuple = ()
    envelope_id: str = ""  # only mail servers have seen it
    token: str = ""  # of the returned headers
    message_ids: tuple = ()  # of the mail that it is about
    sender: str = ""  # address of the reporter
    report_id: str = ""  # its own Message-Id


class Received:
    """A mail that may be a report; each piece of it is read only once."""

    def __init__(self, message, sent_to):
        self.message = message
        self.sent_to = sent_to
        self.parts = list(parts_of(message))

    @cached_property
    def is_report(self):
        """Whether it is a multipart/report, perhaps with the footer of a gateway."""
        kinds = kinds_of_multipart(self.message)
        return kinds[0] == "multipart/report" or (
            "multipart/report" in kinds and is_server(self.message)
        )

    @cached_property
    def texts(self):
        return own_text(self.parts, RETURNED_TYPES)

    @property
    def text(self):
        """The server's own text."""
        return self.texts[0]

    @cached_property
    def returned(self):
        """The fields of the returned mail, by name in lower case."""
        part = next((p for p in self.parts if content_type(p) in RETURNED_TYPES), None)
        text = self.texts[1] if part is None else text_in(part)
        return (blocks_of(text) or [{}])[0]

    @cached_property
    def returned_text(self):
        """The text of the returned mail, for fields that cannot be parsed.

        Lines that gateways have broken end the fields too early; a part with a wrong
        boundary is at the end of the part before it.
        """
        if not self.is_report:
            return self.texts[1]
        texts = (text_in(p) for p in self.parts if content_type(p) in COPIES)
        return "\n".join([self.texts[1], *texts])

    @cached_property
    def failed(self):
        """The addresses that a header names as failed, as Exim and Gmail do."""
        return addresses_in(header(self.message, "X-Failed-Recipients"))

    @cached_property
    def words_by_recipient(self):
        """The words of the text about each recipient, see `bounce_text`."""
        others = [header(self.message, name) for name in OTHER_ADDRESSES]
        others += [self.returned.get(name, "") for name in RETURNED_SENDERS]
        mentions = recipients_in(
            self.text, self.sent_to, addresses_in(" ".join(others)), self.failed
        )
        return {mention.address: mention.words for mention in mentions}

    def report(self, kind, extra="", **values):
        """Return the report, with the ids of the mail that it is about."""
        token = TOKEN_IN_TEXT.search("\n".join([*self.texts, self.returned_text]))
        token = self.returned.get(TOKEN_HEADER.lower(), token[1] if token else "")
        names = ("x-microsoft-original-message-id", "message-id")
        texts = [extra, *(self.returned.get(name, "") for name in names)]
        if not texts[-1]:
            texts += MESSAGE_ID_FIELD.findall(self.returned_text)[:1]
        texts = " ".join([*texts, message_id_lines(self.text)])
        return MailReport(
            kind,
            token=token if TOKEN.fullmatch(token) else "",
            message_ids=tuple(dict.fromkeys(MESSAGE_ID.findall(texts)))[
                :MOST_MESSAGE_IDS
            ],
            sender=address_in(header(self.message, "From")).lower(),
            report_id=header(self.message, "Message-Id"),
            **values,
        )
