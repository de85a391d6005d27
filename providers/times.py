"""Read the times of providers. Pure; nothing is trusted."""

import re
from contextlib import suppress
from datetime import datetime, timedelta, timezone

from .values import BAD_SHAPE

ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?\s*"
    r"(?:(Z)|([+-]\d\d):?(\d\d)?)?",
    re.IGNORECASE,
)
# As seconds it would be in the year 5138. Some providers document one unit and send the
# other.
MILLISECONDS = 1e11


def moment(value):
    """Return a time in UTC without time zone.

    :param value: seconds or milliseconds since 1970, as a number or text, or a time of
        ISO 8601
    :return: datetime, None without a value
    :raise ValueError: when it is not a time
    """
    if value in (None, ""):
        return None
    if matched := ISO.fullmatch(str(value).strip()):
        day, clock, fraction, _utc, hours, minutes = matched.groups()
        when = datetime.fromisoformat(f"{day} {clock}")
        when += timedelta(microseconds=int((fraction or "")[:6].ljust(6, "0")))
        if hours:
            offset = int(hours[1:]) * 60 + int(minutes or 0)
            when -= timedelta(minutes=-offset if hours[0] == "-" else offset)
        return when
    seconds = float(value)
    if seconds >= MILLISECONDS:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)


def time_of(*values):
    """Return the first of the values that is a time, see `moment`; None without one.

    An event without a good time happened when it was reported, and is not lost.
    """
    for value in values:
        with suppress(*BAD_SHAPE):
            if when := moment(value):
                return when
    return None
