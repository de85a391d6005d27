"""`python3 -m tests_live.release_dump COMMIT`: what a release leaves in a database.

Written to `tests/dumps/<version>.sql`, for the stage of `./dev test` that updates it.
Once for each release; the version is the one of the commit's manifest.
"""

import ast
import shutil
import sys
from pathlib import Path

from devtools.browser import browser_path
from devtools.common import CACHE, MODULE, REPOSITORY, DevError, run, say
from devtools.lock import lock
from devtools.odoo_source import odoo_path
from devtools.postgres import pg_dump
from devtools.prepared import prepared_odoo
from devtools.python_env import python

FOLDER = Path(__file__).parent
DUMPS = REPOSITORY / "tests/dumps"


def release_dump(commit):
    """Install the addon of a commit, make rows in every state, and dump them."""
    interpreter = python()
    with prepared_odoo(interpreter, odoo_path(), browser_path()) as odoo:
        addon = odoo.folder / "addons" / MODULE
        shutil.rmtree(addon)
        addon.mkdir()
        archive = run(["git", "archive", commit], cwd=REPOSITORY, capture_output=True)
        run(["tar", "-x"], cwd=addon, input=archive.stdout)
        version = ast.literal_eval((addon / "__manifest__.py").read_text())["version"]
        target = DUMPS / f"{version}.sql"
        target.parent.mkdir(exist_ok=True)
        odoo.environment["RELEASE_DUMP"] = str(target)
        odoo.environment["PG_DUMP"] = str(pg_dump(interpreter))
        _call(odoo, "install", "-i", "contacts")
        _shell(odoo, "ids")
        _call(odoo, "install the addon", "-i", MODULE)
        _shell(odoo, "rows")
        _shell(odoo, "sql")
    say(f"wrote {target.relative_to(REPOSITORY)}: {target.stat().st_size} bytes")


def _shell(odoo, name):
    options = {"subcommand": ["shell"], "script": FOLDER / f"{name}.py"}
    _call(odoo, f"release {name}", "--no-http", **options)


def _call(odoo, what, *arguments, **options):
    log = CACHE / "logs" / f"{what.replace(' ', '-')}.log"
    log.parent.mkdir(exist_ok=True)
    if odoo.call(what, log, *arguments, **options):
        raise DevError(f"cannot {what}, its log says why: {log}")


if __name__ == "__main__":
    with lock():
        release_dump(sys.argv[1])
