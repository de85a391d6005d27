"""How PostgreSQL and Python look for an address in a text."""

import re
from urllib.parse import quote

# Preceded by a character of an atom (RFC 5322, section 3.2.3) it is another address.
BEFORE = r"(?<![[:alnum:].!#$%&'*+/=?^_`{|}~-])"
# So it is with a longer domain, but not with the full stop of a sentence.
AFTER = r"(?![[:alnum:]-]|\.[[:alnum:]])"


def variants_of(address):
    """Return the ways in which texts write an address: plain, in a URL, JSON or VERP.

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
    """Return the pattern for encoded texts: anything may stand before the address."""
    return "|".join(map(re.escape, dict.fromkeys(variants_of(address))))


def names_address(content, address):
    """Return whether bytes name an address, whatever stands around it."""
    text = content.decode("utf-8", "replace").lower()
    return any(variant in text for variant in variants_of(address))
