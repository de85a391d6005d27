"""Somebody else's text beside our own words, whatever direction it is written in."""

import re

# Letters written from right to left, and marks that turn the direction around.
DIRECTIONAL = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]"
)
FIRST_STRONG_ISOLATE, POP_DIRECTIONAL_ISOLATE = "\u2068", "\u2069"


def isolated(text):
    """Return the text such that it turns none of the words beside it around.

    See Unicode Standard Annex #9, 2.4 Explicit Directional Isolates. Text without a
    direction of its own is returned as it is.
    """
    if text and DIRECTIONAL.search(text):
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_DIRECTIONAL_ISOLATE}"
    return text
