"""What pyproject.toml says to the developer tools."""

import re

from .common import MODULE, REPOSITORY, DevError


def expected():
    """Give the least numbers of tests and of Hoot tests.

    Python 3.10 has no reader of TOML, and two numbers need none.

    :raise DevError: when a number is missing
    """
    text = (REPOSITORY / "pyproject.toml").read_text()
    section = text.partition(f"[tool.{MODULE}]\n")[2].partition("\n[")[0]
    numbers = dict(re.findall(r"^([a-z-]+) = (\d+)$", section, re.MULTILINE))
    try:
        return int(numbers["expected-tests"]), int(numbers["expected-hoot-tests"])
    except KeyError as error:
        raise DevError(f"pyproject.toml: [tool.{MODULE}] lacks {error}") from error
