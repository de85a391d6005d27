"""`./dev test` and `./dev lint`."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .common import CACHE, MODULE, REPOSITORY, DevError, run, say
from .odoo_source import odoo_path
from .postgres import server
from .python_env import python

EXPECTED_TESTS = 3
# Said by Odoo or by the embedded PostgreSQL, whatever addon is installed.
KNOWN_WARNINGS = ("missing --http-interface", "Unable to create PostgreSQL extensions")
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


def lint():
    """Run every linter; the first complaint ends the run."""
    interpreter = python()
    ruff = interpreter.parent / "ruff"
    run([ruff, "check", "--no-cache", "."], cwd=REPOSITORY)
    run([ruff, "format", "--no-cache", "--check", "."], cwd=REPOSITORY)
    say("lint: no complaint")


def test(tags=None):
    """Run lint and all tests.

    :param tags: Odoo test tags; all tests of the addon without them
    """
    lint()
    interpreter = python()
    source = odoo_path()
    with tempfile.TemporaryDirectory() as folder, server(interpreter) as postgres:
        addons = Path(folder) / "addons"
        _export(addons / MODULE)
        command = [interpreter, "-m", "odoo", "-d", "test", "-i", MODULE]
        command += ["--addons-path", addons, "--data-dir", Path(folder) / "data"]
        command += ["--stop-after-init", "--max-cron-threads=0", "--without-demo"]
        command += ["--http-interface=127.0.0.1", "--http-port=18069"]
        command += ["--db_user", postgres.get("PGUSER") or os.environ["PGUSER"]]
        command += ["--db_host", postgres.get("PGHOST") or os.environ["PGHOST"]]
        command += ["--test-tags", tags or f"/{MODULE}"]
        environment = {**os.environ, **postgres, "PYTHONPATH": str(source)}
        log = CACHE / "test.log"
        with log.open("wb") as output:
            code = subprocess.call(
                [str(part) for part in command],
                env=environment,
                stdout=output,
                stderr=output,
            )
    _judge(log.read_text(errors="replace"), code, EXPECTED_TESTS if not tags else 1)


def _export(target):
    """Copy what git knows of the working tree to a folder named after the module."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = run(command, cwd=REPOSITORY, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        if (REPOSITORY / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, target / name)


def _judge(log, code, expected):
    """Print the result, and raise unless every expectation is met."""
    suspects = [
        line
        for line in log.splitlines()
        if re.match(r"\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ", line)
        and not any(known in line for known in KNOWN_WARNINGS)
        and "bad query: b'CREATE EXTENSION IF NOT EXISTS pg_trgm'" not in line
    ]
    for line in suspects[:20]:
        say(line)
    found = RESULT.search(log)
    if code or not found:
        say("\n".join(log.splitlines()[-40:]))
        raise DevError(f"Odoo ended with code {code}")
    failed, errors, total = map(int, found.groups())
    say(f"{total - failed - errors} passed, {failed + errors} failed")
    if failed or errors or suspects:
        raise DevError("tests failed, or the log has unexpected warnings")
    if total < expected:
        raise DevError(f"only {total} tests ran, {expected} were expected")
