"""A streaming replica of a PostgreSQL server, which lags for as long as one wants."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg2

from devtools.common import MODULE, DevError
from devtools.postgres import Cluster, own_cluster

from .databases import drop_database, new_database
from .names import database_names

FASTER = ("fsync=off", "full_page_writes=off")
# None of these may be smaller than on the primary, where they may have been changed.
SIZES = """
    SELECT name || '=' || setting FROM pg_settings
     WHERE name IN ('max_connections', 'max_worker_processes', 'max_wal_senders',
                    'max_prepared_transactions', 'max_locks_per_transaction')
"""


class Replicated:
    """A database with the addon that the replica has as well.

    Where somebody else's PostgreSQL is used, which cannot be copied, one of its own.
    """

    def __init__(self, place):
        """:param place: `world.Place`."""
        self._place = place
        interpreter = Path(sys.executable)
        self._given = own_cluster(interpreter)
        self._primary = self._given or Cluster(interpreter, "live_primary")
        self._replica = Cluster(interpreter, "live_replica")
        self.database = database_names(place.template)["replica"]

    @property
    def environment(self):
        """Return the variables that lead Odoo to both."""
        replica = {"PGHOST_REPLICA": self._replica.environment["PGHOST"]}
        return {**self._primary.environment, **replica}

    @contextlib.contextmanager
    def running(self):
        """Have both for the time of the block."""
        with contextlib.ExitStack() as stack:
            if self._given:
                filestore = self._place.data / "filestore"
                new_database(self.database, self._place.template, filestore)
                stack.callback(drop_database, self.database)
            else:
                stack.callback(self._primary.remove)
                self._primary.create()
                self._primary.start(*FASTER)
                self._install()
            stack.callback(self._replica.remove)
            self._replica.create_copy(self._primary)
            sizes = [size for (size,) in self._execute(self._primary, SIZES)]
            self._replica.start(*FASTER, *sizes)
            yield self

    def _install(self):
        place = self._place
        command = [sys.executable, "-m", "odoo", "-d", self.database, "-i", MODULE]
        command += [f"--addons-path={place.addons}", f"--data-dir={place.data}"]
        command += ["--stop-after-init", "--no-http", "--max-cron-threads=0"]
        log = place.logs / "live-replica-install.log"
        variables = os.environ | self._primary.environment
        with log.open("wb") as output:
            code = subprocess.call(
                command, env=variables, stdout=output, stderr=output, cwd=place.folder
            )
        if code:
            raise DevError(f"the addon could not be installed: {log}")

    def pause(self):
        """Let the replica lag until `resume`."""
        self._execute(self._replica, "SELECT pg_wal_replay_pause()")

    def resume(self):
        """Let the replica catch up."""
        self._execute(self._replica, "SELECT pg_wal_replay_resume()")

    def execute(self, statement):
        """Execute a statement on the primary."""
        self._execute(self._primary, statement)

    def _execute(self, cluster, statement):
        place = cluster.environment
        connection = psycopg2.connect(
            host=place["PGHOST"], user=place["PGUSER"], dbname=self.database
        )
        connection.autocommit = True
        with contextlib.closing(connection):
            cursor = connection.cursor()
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
