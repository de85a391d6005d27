"""The recipients of a mail, as core will address them."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from odoo.tools.mail import email_normalize_all, email_split_tuples, formataddr


@lru_cache(maxsize=4096)
def _first_address(text):
    """Return the first address in a text, normalised, "" when there is none.

    Cached, since a mail's recipients are read several times while it is sent.
    """
    return (email_normalize_all(text) or [""])[0]


@lru_cache(maxsize=4096)
def _formatted(name, written):
    return formataddr((name, written))


# How many characters of an address a tracking keeps: RFC 3696 allows no more.
LONGEST_ADDRESS = 320


class Recipient(NamedTuple):
    """One recipient: a partner, or an address where there is no partner."""

    partner_id: int  # 0 when there is none
    name: str
    written: str  # the text in place of an address
    address: str  # normalised, "" when there is none
    recipient_type: str = "to"

    @classmethod
    def of_partner(cls, partner):
        """Return the recipient for a `res.partner`, whose first address counts."""
        email = partner.email or ""
        return cls(partner.id, partner.name or "", email, _first_address(email))

    @property
    def key(self):
        """Return the key that tells the recipients of one message apart."""
        return recipient_key(self.partner_id, self.address or self.written)

    def values(self):
        """Return the values of a tracking that describe the recipient."""
        recipient = self.written or self.name
        if self.address and self.name:
            recipient = _formatted(self.name, self.written)
        elif self.written and self.name:
            # `formataddr` would turn an invalid address into "<@invalid>".
            recipient = f"{self.name} <{self.written}>"
        return {
            "partner_id": self.partner_id,
            "recipient": recipient,
            "recipient_address": self.address,
            "recipient_type": self.recipient_type,
        }


def recipient_key(partner_id, address):
    """Return the key of a recipient in a message: the partner, else the address.

    :param int partner_id: id of the partner, false without one
    :param str address: normalised address, or the text in its place
    """
    return (partner_id, "") if partner_id else (0, (address or "")[:LONGEST_ADDRESS])


class KnownTracking(NamedTuple):
    """A tracking as the lookup finds it; records would take three times as long."""

    id: int
    mail_message_id: int | None
    mail_id: int | None
    partner_id: int | None
    recipient: str | None
    recipient_address: str | None
    token: str | None
    attempt: int
    state: str
    create_date: datetime | None
    other_addresses: str | None
    outranked: bool | None
    opens: str | None

    @property
    def key(self):
        """Return the key that tells the recipients of one message apart."""
        return recipient_key(self.partner_id, self.recipient_address or self.recipient)

    @property
    def carried_rank(self):
        """Return the rank of the tracking as that of a mail, if contacts were merged.

        The one that waits has the highest, else the one that is shown.
        """
        return (self.state == "waiting", not self.outranked, -self.id)


def recipients_of(mail):
    """List the recipients of a `mail.mail`, each once: contacts, then "To", then "Cc".

    :return: list of `Recipient`; an empty one stands for a mail to nobody, since its
        failure is worth knowing too
    """
    recipients = [Recipient.of_partner(partner) for partner in mail.recipient_ids]
    recipients += _raw_recipients(mail.email_to, "to")
    recipients += _raw_recipients(mail.email_cc, "cc")
    unique = {recipient.key: recipient for recipient in reversed(recipients)}
    return list(reversed(unique.values())) or [Recipient(0, "", "", "")]


def _raw_recipients(text, recipient_type):
    """List the recipients in the text of a header."""
    recipients = [
        Recipient(0, name, address, _first_address(address), recipient_type)
        for name, address in email_split_tuples(text or "")
    ]
    if not recipients and (text or "").strip():
        recipients = [Recipient(0, "", text.strip(), "", recipient_type)]
    return recipients
