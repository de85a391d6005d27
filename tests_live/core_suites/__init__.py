"""`./dev test --core`: core's own suites, with and without the addon.

The second side is a copy of the first one's database, so that nothing but the addon
differs. With the addon everything runs, without it what then is in question.
"""

import contextlib
import json
import tempfile
from pathlib import Path

from devtools.common import CACHE, CACHE_KEY, MODULE, DevError, say
from devtools.database import check_server, copy_database, drop_database
from devtools.export import export
from devtools.odoo_run import Odoo
from devtools.odoo_source import odoo_path
from devtools.postgres import external, test_server
from devtools.python_env import python

from .compare import compare, in_question, read

SUITES = ["mail", "test_mail", "test_mail_full", "mass_mailing", "test_mass_mailing"]
SUITES += ["hr"]
INSTALLED = [*SUITES, "sms", "crm"]
# Nothing that the machines of core's authors have and others lack.
TAGS = "standard,-external"
# The least that must have run: fewer means that the suites were not found.
LEAST = 1000
FOLDER = Path(__file__).parent
RUNNER = FOLDER / "runner.py"
ACCEPTED = FOLDER / "accepted.json"
LOGS = CACHE / "logs"


class CoreOdoo(Odoo):
    """Odoo that runs core's suites once the whole registry is loaded."""

    def command(self, *arguments, subcommand=()):
        """Return the arguments of a call: our runner in the place of `-m odoo`."""
        command = super().command(*arguments, subcommand=subcommand)
        return [command[0], str(RUNNER), *command[3:]]

    def run_suites(self, side, classes=None):
        """Run the suites and return their outcomes.

        :param str side: name of the side
        :param list classes: run these alone
        """
        result = LOGS / f"core-{side}.jsonl"
        result.unlink(missing_ok=True)
        self.environment.update(CORE_SUITES=",".join(SUITES), CORE_TAGS=TAGS)
        self.environment["CORE_RESULT"] = str(result)
        if classes is not None:
            self.environment["CORE_CLASSES"] = ",".join(classes)
        # Its exit code tells of failures; that it came to the end tells the last line.
        log = LOGS / f"core-{side}.log"
        self.call(f"core's suites, {side}", log, "--test-tags", TAGS)
        return read(result.read_text().splitlines() if result.exists() else [])


def core_suites():
    """Run core's suites on both sides and compare them.

    :return: whether nothing fails that is not accepted
    """
    accepted = json.loads(ACCEPTED.read_text())
    plain, tracked = _both_sides()
    verdict, notices = compare(plain, tracked, accepted, MODULE)
    if verdict.passed < LEAST:
        verdict.fail(f"only {verdict.passed} passed, at least {LEAST} were expected")
    for notice in notices:
        say(f"notice: {notice}")
    for problem in verdict.problems:
        say(f"--- {problem}")
    say(_summary(plain, tracked))
    say(verdict.line())
    return not verdict.failed


def _summary(plain, tracked):
    both = len(tracked.failed.keys() & plain.failed.keys())
    return (
        f"{len(tracked.started)} of core's tests with the addon: {both} fail without"
        f" it too, {len(tracked.failed) - both} with it only"
    )


def _both_sides():
    """Return the outcomes without and with the addon."""
    interpreter, source = python(), odoo_path()
    LOGS.mkdir(parents=True, exist_ok=True)
    plain, tracked = (f"{MODULE}_core_{side}_{CACHE_KEY}" for side in "ab")
    with (
        tempfile.TemporaryDirectory(prefix=f"{MODULE}-") as folder,
        test_server(interpreter) as server,
        _dropped(interpreter, plain, tracked),
    ):
        export(Path(folder) / "addons")
        place = interpreter, source, server, folder
        first = Odoo(*place, plain)
        _install(first, INSTALLED)
        copy_database(first, tracked)
        _install(Odoo(*place, tracked), [MODULE])
        return _outcomes(CoreOdoo(*place, plain), CoreOdoo(*place, tracked))


def _outcomes(plain, tracked):
    with_it = tracked.run_suites("tracked")
    return plain.run_suites("plain", in_question(with_it)), with_it


@contextlib.contextmanager
def _dropped(interpreter, *names):
    """Have no such databases before and after, on a server that is not ours."""
    names = names if external() else ()
    if names:
        check_server(interpreter)
    try:
        for name in names:
            drop_database(interpreter, name)
        yield
    finally:
        for name in names:
            drop_database(interpreter, name)


def _install(odoo, modules):
    log = LOGS / f"core-install-{modules[-1]}.log"
    if odoo.call(f"install {modules[-1]}", log, "-i", ",".join(modules)):
        raise DevError(f"cannot install {', '.join(modules)}: see {log}")
