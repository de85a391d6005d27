"""The secret of an SMTP message that comes back with its delivery reports.

Only mail servers on its way see it: who knows it, speaks for them. It names the row, so
that it can be judged before the transaction that sends the mail is committed.
"""

import hmac
import re
from typing import NamedTuple

from odoo import tools

SCOPE = "mail_activity_tracking.envelope_id"
MAC_LENGTH = 40  # hexadecimal digits, 160 bits
FORM = re.compile(r"mat-(\d{1,10})-(\d{1,6})-(\d{1,10})-([0-9a-f]{40})")


class Envelope(NamedTuple):
    """What an ENVID says."""

    tracking_id: int  # of the first recipient of the SMTP message
    attempt: int
    server_id: int  # of the `ir.mail_server` that the mail was handed to

    def sign(self, env):
        """Return the ENVID, in characters that need no encoding."""
        return f"mat-{'-'.join(map(str, self))}-{self._mac(env)}"

    def _mac(self, env):
        return tools.hmac(env(su=True), SCOPE, tuple(self))[:MAC_LENGTH]

    @classmethod
    def parse(cls, env, text):
        """Read an ENVID.

        :param str text: as in the report
        :return: an `Envelope`, or None when it is not one of ours
        """
        found = FORM.fullmatch(text)
        if not found:
            return None
        envelope = cls(*map(int, found.groups()[:3]))
        return envelope if hmac.compare_digest(found[4], envelope._mac(env)) else None
