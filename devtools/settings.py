"""What pyproject.toml says to the developer tools."""

import re

from .common import MODULE, REPOSITORY, DevError

KINDS = ("", "hoot-", "live-")


def expected():
    """Give the least numbers of tests, of Hoot tests and of live tests.

    Python 3.10 has no reader of TOML, and three numbers need none.

    :raise DevError: when a number is missing
    """
    text = (REPOSITORY / "pyproject.toml").read_text()
    section = text.partition(f"[tool.{MODULE}]\n")[2].partition("\n[")[0]
    numbers = dict(re.findall(r"^([a-z-]+) = (\d+)$", section, re.MULTILINE))
    try:
        return tuple(int(numbers[f"expected-{kind}tests"]) for kind in KINDS)
    except KeyError as error:
        raise DevError(f"pyproject.toml: [tool.{MODULE}] lacks {error}") from error
