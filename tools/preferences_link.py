"""The link with which recipients say whether their opens may be recorded.

It is signed for this purpose alone: nobody can derive the link from the pixel or the
headers of a mail.
"""

import hmac
import re

from odoo import tools

from .database_key import KEY_LENGTH, database_key
from .params import public_base_url

PREFERENCES_ROUTE = "/mail/tracking/preferences"
SCOPE = "mail_activity_tracking.preferences"
MAC_LENGTH = 32  # hexadecimal digits, 128 bits
FORM = re.compile(
    rf"(?P<database>[0-9a-f]{{{KEY_LENGTH}}})(?P<token>[a-z2-7]{{26}})"
    rf"(?P<mac>[0-9a-f]{{{MAC_LENGTH}}})"
)
OWN_LINK = re.compile(f"{PREFERENCES_ROUTE}/{FORM.pattern}")


def preferences_url(env, token):
    """Return the address of the page for the recipients of one SMTP message.

    :param str token: of the message
    """
    name = f"{database_key(env)}{token}{_mac(env, token)}"
    return f"{public_base_url(env)}{PREFERENCES_ROUTE}/{name}"


def is_signed(env, token, mac):
    """Return whether this database has made a link to the page."""
    return hmac.compare_digest(_mac(env, token), mac)


def without_link(text):
    """Return the text with links to recipients' pages replaced by the reader's own."""
    return OWN_LINK.sub(PREFERENCES_ROUTE, text)


def _mac(env, token):
    return tools.hmac(env(su=True), SCOPE, token)[:MAC_LENGTH]
