"""When to send a mail again that its server may take later. Pure."""

from datetime import timedelta

# After the first failure, the second, ...; the last one holds for all that follow.
# RFC 5321 section 4.5.4.1 asks for at least 30 minutes between two attempts, and for
# two in the first hour: greylisting needs no more than 5 minutes.
DELAYS = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)


def next_time(failures, hours):
    """Return when to try again.

    :param list failures: times of the temporary failures, oldest first, not empty
    :param int hours: how long to try after the first of them
    :return: datetime, None when the mail is given up
    """
    due = failures[-1] + DELAYS[min(len(failures), len(DELAYS)) - 1]
    return due if due < failures[0] + timedelta(hours=hours) else None
