"""`python3 -m devtools.release_dump COMMIT`: what a release leaves in a database.

Written to `tests/dumps/<version>.sql`, for the stage of `./dev test` that updates it.
Once for each release; the version is the one of the commit's manifest.
"""

import ast
import shutil
import sys

from .browser import browser_path
from .common import CACHE, MODULE, REPOSITORY, DevError, run, say
from .lock import lock
from .odoo_source import odoo_path
from .postgres import pg_dump
from .prepared import prepared_odoo
from .python_env import python

SCRIPTS = REPOSITORY / "devtools/scripts"
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
        _shell(odoo, "release_ids")
        _call(odoo, "install the addon", "-i", MODULE)
        _shell(odoo, "release_rows")
        _shell(odoo, "release_sql")
    say(f"wrote {target.relative_to(REPOSITORY)}: {target.stat().st_size} bytes")


def _shell(odoo, name):
    script = SCRIPTS / f"{name}.py"
    _call(odoo, name, "--no-http", subcommand=["shell"], script=script)


def _call(odoo, what, *arguments, **options):
    log = CACHE / "logs" / f"{what.replace(' ', '-')}.log"
    log.parent.mkdir(exist_ok=True)
    if odoo.call(what, log, *arguments, **options):
        raise DevError(f"cannot {what}, its log says why: {log}")


if __name__ == "__main__":
    with lock():
        release_dump(sys.argv[1])
