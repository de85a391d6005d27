"""What a failure means for the next mail to the same address: RFC 3463.

Pure: the action of a report says that the mail failed, its status only how.
"""

import re

from .answers import ENHANCED_CODE

STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
REPLY = re.compile(r"(?<![\d.])([245]\d\d)(?=[ -]|$)")

# Blocked, which says nothing of the address: policy, authentication, reputation.
BLOCKED_SUBJECT = "7"
# The sender's own address is what is wrong.
BLOCKED = {"1.7", "1.8"}
# There is no such mailbox, and there will be none.
HARD = {"1.1", "1.2", "1.3", "1.6", "1.10", "4.4"}
# Mailbox, system, network, protocol, content: another mail may well get through.
SOFT_SUBJECTS = {"2", "3", "4", "5", "6"}


def best_status(status, diagnostic):
    """Give the status that says most.

    :param str status: value of the field Status, e.g. ``"5.0.0 (unknown)"``
    :param str diagnostic: what the server said; looked at when the status is generic
    :return: a code like ``"5.1.1"``, "" when there is none
    """
    found = STATUS.search(status)
    if found and (found[2], found[3]) != ("0", "0"):
        return found[0]
    inner = ENHANCED_CODE.search(diagnostic)
    if inner:
        return inner[0]
    if found:
        return found[0]
    reply = REPLY.search(diagnostic)
    return f"{reply[1][0]}.0.0" if reply else ""


def failure_event(status):
    """Tell a failure that is for good from one that is not, and from a block.

    :param str status: of `best_status`
    :return: type of the event; ``"soft_bounce"`` when the status says nothing
    :rtype: str
    """
    found = STATUS.fullmatch(status)
    if not found:
        return "soft_bounce"
    kind, subject, detail = found.groups()
    code = f"{subject}.{detail}"
    if subject == BLOCKED_SUBJECT or code in BLOCKED:
        return "reject"
    if kind == "4" or (subject in SOFT_SUBJECTS and code not in HARD):
        return "soft_bounce"
    return "hard_bounce"
