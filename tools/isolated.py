"""Isolate text of others, so that its direction does not affect our own words."""

import re

# Letters written from right to left, and marks that turn the direction around.
DIRECTIONAL = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]"
)
FIRST_STRONG_ISOLATE, POP_DIRECTIONAL_ISOLATE = "\u2068", "\u2069"
# They begin and end an isolate: one within the text could end ours before its end.
ISOLATES = re.compile("[\u2066-\u2069]")


def isolated(text):
    """Return the text isolated, so that it does not reverse the words beside it.

    See Unicode Standard Annex #9, 2.4 Explicit Directional Isolates. Text without a
    direction of its own is returned as it is.
    """
    if text and DIRECTIONAL.search(text):
        inner = ISOLATES.sub("", text)
        return f"{FIRST_STRONG_ISOLATE}{inner}{POP_DIRECTIONAL_ISOLATE}"
    return text
