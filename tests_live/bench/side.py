"""One side of the comparison: a database, its server, and what both cost."""

import re
import time
from pathlib import Path

from devtools.common import MODULE

from ..databases import execute, query
from ..rpc import User, call_json
from ..server import Server

FOLDER = Path(__file__).parent
# What is filled.
TABLES = ("res_partner", "mail_message", "mail_notification")
TRACKED = ("mail_tracking_email", "mail_tracking_event")
# Odoo's own line: path, status, bytes, statements, seconds in them and beside them.
LINE = re.compile(r'"(?:GET|POST) (\S+) HTTP[^"]*" 200 - (\d+) [\d.]+ [\d.]+')
BACKENDS = """
SELECT pid FROM pg_stat_activity
 WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


class Side:
    """Odoo on one of the two databases."""

    def __init__(self, place, database, mail_port, tracked):
        """Prepare it.

        :param place: `world.Place`
        :param int mail_port: where the mail server listens
        :param bool tracked: whether its database has the addon
        """
        self.database = database
        self.tracked = tracked
        self._place = place
        self._mail_port = mail_port
        self.server = self.user = self.browser = None

    def fill(self, **size):
        """Store what `core.sql` and `trackings.sql` make."""
        names, tables = ["core.sql"], [*TABLES]
        if self.tracked:
            names.append("trackings.sql")
            tables += TRACKED
        statements = "".join((FOLDER / name).read_text() for name in names)
        execute(self.database, statements, size)
        execute(self.database, f"VACUUM ANALYZE {', '.join(tables)}")

    def launch(self, workers):
        """Start the server, with as many processes or with threads."""
        name = f"bench-{'tracked' if self.tracked else 'plain'}-{workers}"
        wide = f"base,rpc,web,mail{f',{MODULE}' if self.tracked else ''}"
        options = [f"--database={self.database}", f"--load={wide}"]
        options += [f"--workers={workers}"]
        self.server = Server(self._place, name, *options).launch()

    def log_in(self):
        """Wait for the server, and lead its mails to ours."""
        self.server.wait()
        self.user = User(self.server.url, self.database)
        self.browser = self.user.browser()
        # Or nothing is sent: nobody to send as.
        sender = {"email": "admin@example.com"}
        self.user("res.users", "write", [self.user.id], sender)
        if not self.user("ir.mail_server", "search_count", []):
            server = {"name": "Sink", "smtp_host": "127.0.0.1"}
            server |= {"smtp_port": self._mail_port, "smtp_encryption": "none"}
            self.user("ir.mail_server", "create", [server])

    def stop(self):
        """End the server."""
        if self.server:
            self.server.stop()
            self.server.ended()

    def call(self, model, method, *arguments, **keywords):
        """Call a method of a model as the web client does; it may return nothing."""
        what = {"model": model, "method": method}
        path = "/web/dataset/call_kw"
        return self.json(path, **what, args=arguments, kwargs=keywords)

    def json(self, path, **parameters):
        """Ask a route of the web client."""
        return call_json(self.browser, f"{self.server.url}{path}", **parameters)

    def cost(self):
        """Return seconds of CPU until now: of Odoo, of PostgreSQL for it."""
        rows = query(self.database, BACKENDS, self.database)
        backends = [row["pid"] for row in rows]
        return _seconds(self.server.processes()), _seconds(backends)

    def statements(self, since):
        """Return the statements of all requests that the log tells since a place."""
        return sum(
            int(statement[1]) for statement in LINE.findall(self.server.said(since))
        )


def _seconds(processes):
    return sum(map(seconds_of, processes))


def seconds_of(process):
    """Return the CPU of a process, ended threads included; 0 when it is elsewhere.

    To the nanosecond, while `/proc` counts in steps of 10 ms, as much as two lists
    take. Linux makes the number of the clock like this: clock_getcpuclockid(3).
    """
    try:
        return time.clock_gettime(~process << 3 | 2)
    except OSError:
        return 0
