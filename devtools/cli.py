"""The commands of ./dev."""

import argparse

from .common import DevError, say
from .lint import lint
from .lock import lock
from .testing import test


def main():
    """Run the command of the command line; give the exit code."""
    parser = argparse.ArgumentParser(prog="./dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    linters = commands.add_parser("lint", help="run the linters")
    linters.add_argument("--fix", action="store_true", help="mend what can be mended")
    tests = commands.add_parser("test", help="run lint and all tests")
    tests.add_argument("tags", nargs="?", help="Odoo test tags")
    arguments = parser.parse_args()
    try:
        with lock():
            if arguments.command == "lint":
                return int(bool(lint(arguments.fix)))
            return int(not test(arguments.tags))
    except DevError as error:
        say(f"./dev: {error}")
        return 1
    except KeyboardInterrupt:
        say("./dev: stopped")
        return 130
