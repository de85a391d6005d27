"""The status of a report: RFC 3463. Pure; `answers` says what it means."""

import re

from .answers import ENHANCED_CODE

STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
REPLY = re.compile(r"(?<![\d.])([245]\d\d)(?=[ -]|$)")


def best_status(status, diagnostic):
    """Return the most specific status.

    :param str status: value of the field Status, e.g. ``"5.0.0 (unknown)"``
    :param str diagnostic: answer of the server, read when the status is generic
    :return: a code like ``"5.1.1"``, "" when there is none
    """
    match = STATUS.search(status)
    if match and (match[2], match[3]) != ("0", "0"):
        return match[0]
    inner = ENHANCED_CODE.search(diagnostic)
    if inner:
        return inner[0]
    if match:
        return match[0]
    reply = REPLY.search(diagnostic)
    return f"{reply[1][0]}.0.0" if reply else ""
