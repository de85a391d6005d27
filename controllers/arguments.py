"""Check the arguments of JSON routes before they are used.

A client that sends a wrong value gets an error that names the argument. Otherwise Odoo
would answer, and log, the traceback of the first code that fails on it.
"""

import functools
import inspect

import werkzeug.exceptions

from odoo.exceptions import ValidationError
from odoo.http import request

# Largest id of PostgreSQL's integer.
LAST_ID = 2**31 - 1
# More ids, or a longer text, than any screen of ours sends.
MOST_IDS = 100_000
LONGEST_TEXT = 1_000


class Unfit(ValueError):
    """An argument has a wrong type or value."""


def checks(**kinds):
    """Decorate a route so that its arguments are checked before it is called.

    :param kinds: function for each argument by its name, which returns the value to
        use, or raises `Unfit` with a text that says what the value must be
    """

    def decorate(endpoint):
        signature = inspect.signature(endpoint)

        @functools.wraps(endpoint)
        def checked(self, **arguments):
            try:
                signature.bind(self, **arguments)
            except TypeError as error:  # names the argument
                refuse(str(error))
            for name, value in arguments.items():
                try:
                    arguments[name] = kinds[name](value)
                except Unfit as unfit:
                    refuse(f"{name} must be {unfit}")
            return endpoint(self, **arguments)

        return checked

    return decorate


def refuse(problem):
    """Answer a JSON request with an error, without a traceback.

    Raised as core does for invalid JSON, so that nothing is logged.

    :param str problem: what is wrong with the request
    """
    data = {
        "name": f"{ValidationError.__module__}.{ValidationError.__name__}",
        "message": problem,
        "arguments": [problem],
        "context": {},
        "debug": "",
    }
    error = {"code": 400, "message": "Odoo Server Error", "data": data}
    werkzeug.exceptions.abort(request.dispatcher._response(error=error))


# === KINDS ===#
def number(value):
    """Return a whole number that is not negative, also from a string of digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:20])
    if type(value) is not int or not 0 <= value <= LAST_ID:
        raise Unfit(f"a whole number from 0 to {LAST_ID}")
    return value


def positive(value):
    """Return the id of a record: a number, and not 0."""
    if not number(value):
        raise Unfit(f"a whole number from 1 to {LAST_ID}")
    return number(value)


def optional_number(value):
    """Return a number, None for null or false."""
    return None if value is None or value is False else number(value)


def numbers(value):
    """Return a list of ids, or of other positive numbers."""
    if not isinstance(value, list) or len(value) > MOST_IDS:
        raise Unfit(f"a list of at most {MOST_IDS} ids")
    return [positive(item) for item in value]


def optional_numbers(value):
    """Return a list of numbers, an empty one for null or false."""
    return numbers(value or [])


def flag(value):
    """Return a boolean."""
    if not isinstance(value, bool):
        raise Unfit("true or false")
    return value


def text(value):
    """Return a text that PostgreSQL accepts."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or not _is_clean(value):
        raise Unfit(f"a text of at most {LONGEST_TEXT} characters")
    return value


def _is_clean(value):
    # A surrogate is half a character: no encoding has bytes for it.
    return "\x00" not in value and not any("\ud800" <= c <= "\udfff" for c in value)


def optional_text(value):
    """Return a text, "" for null or false."""
    return text(value or "")


def at_most(most):
    """Return a check of a number that cuts it to a maximum."""

    def limit(value):
        return min(number(value), most)

    return limit


def values(**kinds):
    """Return a check of a dictionary, by name; other names are refused."""

    def dictionary(value):
        if value is None:
            return {}
        if not isinstance(value, dict) or not value.keys() <= kinds.keys():
            raise Unfit(f"an object of {', '.join(kinds)}")
        return {name: _value_of(name, kinds[name], value[name]) for name in value}

    return dictionary


def _value_of(name, kind, value):
    try:
        return kind(value)
    except Unfit as unfit:
        raise Unfit(f"an object in which {name} is {unfit}") from unfit
