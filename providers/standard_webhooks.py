"""Signatures of the Standard Webhooks specification, which Svix and others use.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
from contextlib import suppress

from .values import is_any, is_recent

WINDOW = 5 * 60  # seconds; each attempt has a new signature
PREFIX = "whsec_"


def sign(key, message_id, timestamp, body):
    """Return the signature of a request, with its version.

    :param str key: base64 after ``whsec_``; anything else is used as it is
    :param str message_id: of the request
    :param timestamp: seconds since 1970
    :param bytes body: as it is sent
    """
    secret = key.removeprefix(PREFIX).encode()
    with suppress(binascii.Error, ValueError):  # a secret that is not base64
        secret = base64.b64decode(secret, validate=True)
    signed = f"{message_id}.{timestamp}.".encode("utf-8", "replace") + body
    digest = hmac.new(secret, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def verify(prefix, keys, call):
    """Return whether a request is signed with one of the keys, and fresh.

    :param str prefix: of the names of its headers, ``"webhook"`` or ``"svix"``
    :param list keys: as `sign` takes them
    :param Call call: the request
    """
    message_id, timestamp, signatures = (
        call.headers.get(f"{prefix}-{name}", "")
        for name in ("id", "timestamp", "signature")
    )
    if not message_id or not is_recent(timestamp, call.now, WINDOW):
        return False
    # An incomplete key is no secret: anybody could sign with it.
    keys = [key for key in keys if key.removeprefix(PREFIX)]
    good = [sign(key, message_id, timestamp, call.body) for key in keys]
    return any(is_any(given, good) for given in signatures.split())
