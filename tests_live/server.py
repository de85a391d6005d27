"""A real Odoo server in a process of its own, and its log."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from devtools.common import DevError
from devtools.judge import complaints
from devtools.node_env import mailbox_modules, node_path
from devtools.odoo_run import free_port

# As the README says for servers with several databases.
LOAD = "--load=base,rpc,web,mail,mail_activity_tracking"
# `python -m odoo` would do, but not for the child that serves long connections.
SCRIPT = "import odoo.cli\n\nodoo.cli.main()\n"
PATIENCE = 120


class Server:
    """Odoo without a chosen database and without a filter of databases."""

    def __init__(self, place, name, *options, environment=()):
        """Prepare the server.

        :param place: `world.Place`, where Odoo's files are
        :param str name: name of the log
        :param options: more options of the command line
        :param dict environment: more variables, which lead to another PostgreSQL
        """
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = place.logs / f"live-{name}.log"
        self._script = place.logs / "odoo-bin"
        self._options = [
            f"--addons-path={place.addons}",
            f"--data-dir={place.data}",
            "--http-interface=127.0.0.1",
            f"--http-port={self.port}",
            f"--gevent-port={free_port()}",
            # The crons of all databases of the PostgreSQL server would run.
            "--max-cron-threads=0",
            "--limit-time-real=1200",  # of a request that runs a job, on a busy machine
            "--log-handler=odoo.addons.rpc:ERROR",  # XML-RPC is out of fashion
            LOAD,
            *options,
        ]
        self._environment = dict(environment)
        self._process = None
        # Words of warnings that the tests provoke.
        self.expected = []

    def launch(self):
        """Start it; `wait` tells when it can be used."""
        self._script.write_text(SCRIPT)
        command = [sys.executable, str(self._script), *self._options]
        python = Path(sys.executable)
        # Odoo finds rtlcss there, for languages from right to left.
        path = node_path(python, mailbox_modules(python))
        with self.log.open("wb") as output:
            # In the group of the tests: whoever ends that ends this.
            self._process = subprocess.Popen(
                command,
                env=os.environ | {"PATH": path} | self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        return self

    def wait(self):
        """Wait until it answers."""
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise DevError(f"the server did not start: {self.log}")
            time.sleep(0.1)

    def _answers(self):
        try:
            with urllib.request.urlopen(  # noqa: S310 - our own server
                f"{self.url}/web/health", timeout=5
            ) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    @property
    def process_id(self):
        """Return the id of its process."""
        return self._process.pid

    def processes(self):
        """Return the numbers of its process and of those that it has started."""
        first = self._process.pid
        children = Path(f"/proc/{first}/task").glob("*/children")
        numbers = " ".join(file.read_text() for file in children).split()
        return [first, *map(int, numbers)]

    def stop(self):
        """Ask it to end; `ended` sees that it does."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def kill(self):
        """End it at once, as a crash of the machine would."""
        self._process.kill()
        self._process.wait(5)

    def ended(self):
        """Wait until it has ended, and end it if that takes too long."""
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)

    def said(self, since=0):
        """Return what the server has logged after a place in the log."""
        with self.log.open("rb") as log:
            log.seek(since)
            return log.read().decode(errors="replace")

    def place_in_log(self):
        """Return the present end of the log, for `said`."""
        return os.stat(self.log).st_size

    def complaints(self):
        """Return the unexpected warnings and errors of the whole log."""
        return [
            text
            for text in complaints(self.said())
            if not any(words in text for words in self.expected)
        ]
