"""The developer tools of this addon."""

import argparse
import errno
import signal
import sys

from tests_live.core_suites import core_suites

from . import demo
from .benchmark import SIZES, bench
from .common import DevError, say
from .lint import lint
from .lock import lock
from .screenshots import screenshots
from .terms import write_terms
from .testing import test

EPILOG = """\
environment:
  XDG_CACHE_HOME   where everything that is fetched or made goes (~/.cache)
  ODOO_PATH        a checkout of Odoo 19.0, instead of Debian's package
  PGHOST, PGUSER … a PostgreSQL server (13 or later), instead of the embedded one
  CHROME_BIN       a Chromium or Chrome, instead of Debian's package
  DEV_ODOO_PORT, DEV_MAIL_PORT, DEV_SMTP_PORT   ports of `up` (8069, 8025, 8026)
"""


def main():
    """Run the command of the command line and return the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    arguments = _parser().parse_args()
    try:
        return _run(arguments)
    except DevError as error:
        say(f"./dev: {error}")
    except BrokenPipeError:
        pass
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        hint = ": free some space, or set XDG_CACHE_HOME" if full else ""
        say(f"./dev: {error}{hint}")
    except KeyboardInterrupt:
        say("./dev: stopped; nothing is left running, run it again when you like")
        return 130
    return 1


def _interrupt(_number, _frame):
    # What is being stopped in order is not interrupted again.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _run(arguments):
    if arguments.command == "shell":
        return demo.shell()
    if arguments.command == "clean" and not (arguments.yes or _agreed()):
        return 1
    with lock():
        return int(not COMMANDS[arguments.command](arguments))


def _agreed():
    if not sys.stdin.isatty():
        raise DevError("clean asks before it removes anything: say ./dev clean --yes")
    return input("Remove the demo and all that was fetched? [y/N] ").lower() == "y"


COMMANDS = {
    "up": demo.up,
    "down": lambda arguments: demo.down(),
    "clean": lambda arguments: demo.clean(),
    "bench": lambda arguments: bench(arguments.size, arguments.rounds, arguments.write),
    "screenshots": lambda arguments: screenshots(),
    "terms": lambda arguments: write_terms(),
    "lint": lambda arguments: not lint(arguments.fix),
    "test": lambda arguments: (
        core_suites()
        if arguments.core
        else test(arguments.tags, arguments.postfix, arguments.live)
    ),
}


def _parser():
    parser = argparse.ArgumentParser(
        prog="./dev",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start Odoo with demo data, and a mail server")
    up.add_argument("--port", type=int, help="port of Odoo")
    up.add_argument("--mail-port", type=int, help="port of the mailbox's web page")
    up.add_argument("--smtp-port", type=int, help="port of the mail server")
    tests = commands.add_parser("test", help="run lint and all tests")
    tests.add_argument("tags", nargs="?", help="run these Odoo test tags alone")
    tests.add_argument(
        "--core", action="store_true", help="instead run core's own suites (30 minutes)"
    )
    tests.add_argument(
        "--postfix",
        action="store_true",
        help="also the tests with a real Postfix (root, 2 MB to fetch)",
    )
    tests.add_argument(
        "--live",
        action="store_true",
        help="also the long tests with several servers, a replica, kill -9",
    )
    measured = commands.add_parser("bench", help="compare with plain Odoo (13 minutes)")
    measured.add_argument(
        "--size",
        choices=SIZES,
        default="medium",
        help="how many emails are stored: 10 thousand, 100 thousand, a million",
    )
    measured.add_argument(
        "--rounds", type=int, default=5, help="more make medians steadier (default: 5)"
    )
    measured.add_argument(
        "--write", action="store_true", help="put table and plot into docs"
    )
    commands.add_parser("screenshots", help="make the README's pictures from `up`")
    commands.add_parser("terms", help="write the template for translators anew")
    linters = commands.add_parser("lint", help="run the linters")
    linters.add_argument("--fix", action="store_true", help="mend what can be mended")
    commands.add_parser("shell", help="an Odoo shell on the database of `up`")
    commands.add_parser("down", help="stop what `up` has started")
    clean = commands.add_parser("clean", help="remove the demo, caches and all state")
    clean.add_argument("--yes", action="store_true", help="do not ask")
    return parser
