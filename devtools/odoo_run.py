"""How Odoo is called: one database, the addon's copy, nothing of the machine's own."""

import contextlib
import copy
import os
import secrets
import socket
from pathlib import Path

from .common import MODULE, process_group
from .progress import ticker

# Linux gives away those from 32768 (ip_local_port_range).
PORTS = range(20000, 32000)


def free_port(host="127.0.0.1"):
    """Return a port that nobody uses now.

    Not one of those that the system gives to outgoing connections, which may take it
    before the server has started.
    """
    while True:
        port = PORTS.start + secrets.randbelow(len(PORTS))
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((host, port))
            return port


class Odoo:
    """Odoo on one database of one server."""

    def __init__(self, interpreter, source, environment, folder, database):
        """Prepare the calls.

        :param interpreter: Python with Odoo's dependencies
        :param source: folder that holds the package `odoo`
        :param environment: variables that lead to PostgreSQL, and others
        :param folder: has the addon's copy in `addons`; the filestore goes there
        :param database: name of the database
        """
        self.interpreter = interpreter
        self.source = source
        self.folder = Path(folder)
        self.database = database
        # A checkout of Odoo has most of its addons in a folder beside the package.
        more = [source / "addons"] if (source / "addons").is_dir() else []
        self.addons = ",".join(map(str, [self.folder / "addons", *more]))
        self.environment = {
            **os.environ,
            **environment,
            "PYTHONPATH": str(source),
            # Not the configuration file of whoever runs this.
            "ODOO_RC": str(self.folder / "odoo.conf"),
        }
        # In the file and not on the command line: `i18n export` takes no options.
        options = {"addons_path": self.addons, "data_dir": self.folder / "data"}
        lines = [f"{name} = {value}\n" for name, value in options.items()]
        (self.folder / "odoo.conf").write_text("[options]\n" + "".join(lines))

    def on(self, database):
        """Return the same Odoo on another database."""
        other = copy.copy(self)
        other.database = database
        return other

    def command(self, *arguments, subcommand=()):
        """Return the arguments of a call."""
        program = [self.interpreter, "-m", "odoo", *subcommand]
        return [str(part) for part in [*program, "-d", self.database, *arguments]]

    def call(self, what, log, *arguments, subcommand=(), script=None):
        """Run Odoo to its end and return its exit code.

        :param str what: name of the work, for the progress line
        :param Path log: file for all that it says
        :param Path script: file to give as standard input
        """
        if not subcommand:
            ports = [f"--http-port={free_port()}", f"--gevent-port={free_port()}"]
            ports += ["--http-interface=127.0.0.1", "--max-cron-threads=0"]
            arguments = [*arguments, "--stop-after-init", *ports]
        command = self.command(*arguments, subcommand=subcommand)
        with (
            log.open("wb") as output,
            open(script or os.devnull) as stdin,
            ticker(what, lambda: _how_far(log)),
            process_group(
                command,
                env=self.environment,
                stdin=stdin,
                stdout=output,
                stderr=output,
                cwd=self.folder,
            ) as process,
        ):
            return process.wait()


def _how_far(log):
    text = log.read_text(errors="replace")
    started = text.count(f".{MODULE}.tests") and text.count(": Starting ")
    if started:
        return f"{started} tests and classes started"
    return f"{text.count(chr(10))} log lines"
