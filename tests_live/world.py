"""What all live tests share: databases, a mail server, a running Odoo."""

import contextlib
import importlib.util
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from devtools.common import REPOSITORY, DevError

from .databases import copy_databases
from .rpc import User
from .server import Server

UNINSTALL = REPOSITORY / "tests_live/uninstall/uninstall.py"


@dataclass
class Place:
    """Where things are, told by whoever starts the live tests."""

    template: str
    addons: str
    folder: Path
    logs: Path
    postfix: Path = None  # folder of its programs
    without_postfix: str = ""  # why it is left out
    without_long: str = ""  # why long tests are left out

    @property
    def data(self):
        """Return Odoo's data folder."""
        return self.folder / "data"


class World:
    """Filled by `running`, before the first test."""

    def __init__(self):
        self.place = self.databases = self.smtp = None
        self.server = self.workers = None
        self.users = {}

    @contextlib.contextmanager
    def running(self, place):
        """Have everything for the time of the block."""
        self.place = place
        self.databases = copy_databases(place.template, place.data / "filestore")
        self.smtp = smtp_server()
        try:
            with _uninstalling(place, self.databases["without"]):
                self.server = Server(place, "server").launch()
                self.workers = Server(place, "workers", "--workers=2").launch()
                for server in self.servers():
                    server.wait()
                for role in ("a", "b"):
                    self._prepare(role)
            yield self
        finally:
            for server in self.servers():
                server.stop()
            for server in self.servers():
                server.ended()
            self.smtp.stop()

    def servers(self):
        """Return the servers: one of threads, one of processes."""
        return [server for server in (self.server, self.workers) if server]

    def complaints(self):
        """Return the unexpected warnings of all servers that ran."""
        return [text for server in self.servers() for text in server.complaints()]

    def _prepare(self, role):
        admin = self.users[role] = User(self.server.url, self.databases[role])
        prepare(admin, self.server.url, self.smtp.port)


def prepare(admin, url, smtp_port):
    """Lead a database's mails to our SMTP server, its pixels to our Odoo.

    :param admin: its administrator
    :param str url: address of the Odoo server
    :param int smtp_port: where the mail server listens
    """
    set_parameter = ("ir.config_parameter", "set_param")
    admin(*set_parameter, "web.base.url", url)
    # The readers of these tests open a mail in the second in which it was sent.
    admin(*set_parameter, "mail_activity_tracking.early_open_seconds", "0")
    partner = admin("res.users", "read", [admin.id], ["partner_id"])
    partner_id = partner[0]["partner_id"][0]
    admin("res.partner", "write", [partner_id], {"email": "admin@example.com"})
    values = {
        "name": "Live tests",
        "smtp_host": "127.0.0.1",
        "smtp_port": smtp_port,
        "smtp_encryption": "none",
    }
    admin("ir.mail_server", "create", [values])


@contextlib.contextmanager
def _uninstalling(place, database):
    """Uninstall the addon from a database while the block runs."""
    command = [sys.executable, "-m", "odoo", "shell", "-d", database]
    command += [f"--addons-path={place.addons}", f"--data-dir={place.data}"]
    log = place.logs / "live-uninstall.log"
    with UNINSTALL.open() as script, log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=script, stdout=output, stderr=output, cwd=place.folder
        )
        try:
            yield
        except BaseException:
            process.kill()
            raise
        finally:
            code = process.wait()
    if code:
        raise DevError(f"the addon could not be uninstalled: {log}")


def smtp_server():
    """Return the mail server of the tests, started."""
    # The package around it needs Odoo, the file does not.
    path = REPOSITORY / "tests/helpers/smtp_server.py"
    spec = importlib.util.spec_from_file_location("live_smtp_server", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SmtpServer().start()


world = World()
