"""Where a text names an address, as PostgreSQL and Python look for it."""

import re
from urllib.parse import quote

# What may stand in an address before it (RFC 5322, section 3.2.3) makes another one.
BEFORE = r"(?<![[:alnum:].!#$%&'*+/=?^_`{|}~-])"
# So does a longer domain; a full stop at the end of a sentence does not.
AFTER = r"(?![[:alnum:]-]|\.[[:alnum:]])"


def variants_of(address):
    """Return an address as texts write it: plain, in a URL, in JSON, in a VERP.

    :param str address: normalised address
    :rtype: list
    """
    return [
        address,
        quote(address, safe="").lower(),
        quote(address, safe="@").lower(),
        address.replace("@", "\\u0040"),
        address.replace("+", "\\u002b"),
        address.replace("@", "="),
    ]


def pattern_of(address):
    """Return the regular expression of PostgreSQL for a text that names an address.

    Anything may stand before an encoded one, such as "bounce+" in a VERP.
    """
    plain, *encoded = dict.fromkeys(variants_of(address))
    return "|".join([f"{BEFORE}{re.escape(plain)}{AFTER}", *map(re.escape, encoded)])


def loose_pattern_of(address):
    """Return the same for encoded texts, in which anything may stand before it."""
    return "|".join(map(re.escape, dict.fromkeys(variants_of(address))))


def names_address(content, address):
    """Return whether bytes name an address, whatever stands around it."""
    text = content.decode("utf-8", "replace").lower()
    return any(variant in text for variant in variants_of(address))
