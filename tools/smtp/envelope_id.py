"""The ENVID of an SMTP message (RFC 3461), which comes back with its delivery reports.

It is a secret that only the mail servers on its way see: whoever knows it speaks for
them. It contains the id of the tracking, so that it can be checked before the sending
transaction is committed. The numbers are encrypted: in clear they would tell other
servers how many mails are sent.
"""

import hmac
import os
import re
import struct
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from odoo import tools

SCOPE = "mail_activity_tracking.envelope_id"
KEY_SCOPE = "mail_activity_tracking.envelope_id.key"
NUMBERS = struct.Struct(">III")
# A random nonce is good for 2^32 messages of one key (NIST SP 800-38D, section 8.3).
NONCE_LENGTH = 12
TAG_LENGTH = 16
FORM = re.compile(
    rf"mat-([0-9a-f]{{{2 * (NONCE_LENGTH + NUMBERS.size + TAG_LENGTH)}}})"
)
# Of release 19.0.1.0.0, signed and not encrypted.
MAC_LENGTH = 40  # hexadecimal digits, 160 bits
SIGNED_FORM = re.compile(r"mat-(\d{1,10})-(\d{1,6})-(\d{1,10})-([0-9a-f]{40})")


class Envelope(NamedTuple):
    """The contents of an ENVID."""

    tracking_id: int  # of the first recipient of the SMTP message
    attempt: int
    server_id: int  # of the `ir.mail_server` that the mail was handed to

    def sign(self, env, cipher=None):
        """Return the ENVID, encrypted and authenticated, a different one at each call.

        Its 84 characters (of at most 100) need no encoding (RFC 3461 section 4.4).

        :param cipher: from `envelope_cipher`, where many are signed
        """
        cipher = cipher or envelope_cipher(env)
        nonce = os.urandom(NONCE_LENGTH)
        numbers = NUMBERS.pack(*self)
        sealed = cipher.encrypt(nonce, numbers, SCOPE.encode())
        return f"mat-{(nonce + sealed).hex()}"

    @classmethod
    def parse(cls, env, text):
        """Read an ENVID, also one that release 19.0.1.0.0 has made.

        :param str text: as in the report
        :return: an `Envelope`, or None when it is not one of ours
        """
        if matched := FORM.fullmatch(text):
            return cls._decrypt(env, bytes.fromhex(matched[1]))
        if matched := SIGNED_FORM.fullmatch(text):
            envelope = cls(*map(int, matched.groups()[:3]))
            mac = tools.hmac(env(su=True), SCOPE, tuple(envelope))[:MAC_LENGTH]
            return envelope if hmac.compare_digest(matched[4], mac) else None
        return None

    @classmethod
    def _decrypt(cls, env, content):
        nonce, sealed = content[:NONCE_LENGTH], content[NONCE_LENGTH:]
        try:
            numbers = envelope_cipher(env).decrypt(nonce, sealed, SCOPE.encode())
        except InvalidTag:
            return None
        return cls(*NUMBERS.unpack(numbers))


def envelope_cipher(env):
    """Return the cipher, with a key derived from the secret of the database.

    Deriving the key takes longer than encrypting with it.
    """
    return AESGCM(bytes.fromhex(tools.hmac(env(su=True), KEY_SCOPE, "AES-256-GCM")))
