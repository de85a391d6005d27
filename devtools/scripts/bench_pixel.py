"""For `odoo shell`: the pixel against the cheapest routes of the same server.

Whole requests to Odoo's own threaded server, one after the other, interleaved; the CPU
of Odoo without the client's, and that of the PostgreSQL processes that serve it. Only
ratios are printed.
"""

import itertools
import statistics
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

from odoo import http
from odoo.http import Response, request
from odoo.service.server import ThreadedWSGIServerReloadable
from odoo.tools import config

from odoo.addons.mail_activity_tracking.controllers import open_pixel
from odoo.addons.mail_activity_tracking.tools.database_key import database_key
from odoo.addons.mail_activity_tracking.tools.limiter import Limiter

NUMBERS = itertools.count()
ROUNDS = 15
HITS = 100
USER_AGENT = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15"
    " (KHTML, like Gecko)"
)


LIKE_THE_PIXEL = {
    "auth": "none",
    "methods": ["GET"],
    "csrf": False,
    "readonly": False,
    "save_session": False,
}


class BenchController(http.Controller):
    """What a route must cost that writes, or reads, and does nothing else."""

    # Where Odoo looks for the controllers of a module that is installed.
    __module__ = "odoo.addons.mail_activity_tracking.controllers.bench"

    @http.route("/bench/write/<string:token>", **LIKE_THE_PIXEL)
    def write_one(self, token):
        """Update one row and insert one."""
        request.env.cr.execute(
            """UPDATE mail_tracking_email SET last_hit = now() at time zone 'UTC',
                      hit_count = 1 WHERE token = %s RETURNING id""",
            [token],
        )
        (tracking_id,) = request.env.cr.fetchone()
        request.env.cr.execute(
            """INSERT INTO mail_tracking_event
                      (tracking_email_id, attempt, event_type, time, source)
               VALUES (%s, 1, 'other', now() at time zone 'UTC', 'pixel')""",
            [tracking_id],
        )
        return Response(b"", content_type="image/gif")

    @http.route("/bench/read/<string:token>", **LIKE_THE_PIXEL)
    def read_one(self, token):
        """Read one row."""
        request.env.cr.execute(
            "SELECT id FROM mail_tracking_email WHERE token = %s", [token]
        )
        request.env.cr.fetchall()
        return Response(b"", content_type="image/gif")


def cost(serving):
    """Return seconds of Odoo's CPU, of PostgreSQL's, and of the clock until now.

    :param list serving: of `backends`
    """
    own = time.process_time() - time.thread_time()
    return own, sum(map(cpu_of, serving)), time.perf_counter()


def cpu_of(process):
    """Return the CPU seconds of a process, as exactly as Linux tells."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:  # the server is on another machine
        return 0


def backends():
    """Return the processes of PostgreSQL that serve Odoo's requests."""
    cr = env.cr  # noqa: F821 - given by the shell
    cr.execute(
        """SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()"""
    )
    pids = [pid for (pid,) in cr.fetchall()]
    cr.rollback()
    return pids


def hit(path):
    """Ask for a path, from the start of the request to the last byte."""
    connection = HTTPConnection("127.0.0.1", SERVER.server_port)
    # Most people's agents are new to a process.
    agent = f"{USER_AGENT}/{next(NUMBERS)}"
    connection.request("GET", path, headers={"User-Agent": agent})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status}")


def tokens(count, what):
    """Make trackings that nobody sees and return their tokens.

    Each of a message of its own that was sent an hour ago: many openings of one message
    at the same moment, or at once, are not those of people.
    """
    cr = env.cr  # noqa: F821 - given by the shell
    cr.execute(
        """WITH message AS (
               INSERT INTO mail_message (message_type, author_id, model, res_id, date)
               SELECT message_type, author_id, model, res_id, date
                 FROM mail_message, generate_series(1, %s)
                WHERE id = %s
            RETURNING id
           )
           INSERT INTO mail_tracking_email
                  (recipient, recipient_address, recipient_type, state, state_time,
                   attempt, token, mail_message_id, model, res_id)
           SELECT 'a@example.com', 'a@example.com', 'to', 'sent',
                  now() at time zone 'UTC' - interval '1 hour', 1,
                  translate(substr(md5(%s || id), 1, 26), '0189', 'wxyz'), id,
                  'res.partner', 1
             FROM message RETURNING token""",
        [count, MESSAGE.id, what],
    )
    created = [token for (token,) in cr.fetchall()]
    cr.commit()
    return created


def compare(what, paths):
    """Print what the first kind of paths costs, the second one being 1.

    :param dict paths: name to a function that gives the paths of one round
    """
    # In turns, hit by hit: the processor's speed changes within seconds.
    seen = {name: [] for name in paths}
    for round_ in range(ROUNDS):
        names = list(paths) if round_ % 2 else list(paths)[::-1]
        todo = {name: make() for name, make in paths.items()}
        serving = backends()
        for number in range(HITS):
            for name in names:
                before = cost(serving)
                hit(todo[name][number])
                after = cost(serving)
                seen[name].append([b - a for a, b in zip(before, after, strict=True)])
    here, both, clock = (
        statistics.median(measure(row) for row in seen["pixel"])
        / statistics.median(measure(row) for row in seen["plain"])
        for measure in (lambda r: r[0], lambda r: r[0] + r[1], lambda r: r[2])
    )
    sys.stdout.write(
        f"BENCH pixel, {what}: CPU of Odoo {here:.2f}, with PostgreSQL {both:.2f},"
        f" requests per second {1 / clock:.2f}\n"
    )
    sys.stdout.flush()


def watch():
    """Let a user have the chatter open that shows the trackings of `tokens`."""
    user = env.ref("base.user_admin")  # noqa: F821
    env["mail.presence"].sudo().create({"user_id": user.id, "status": "online"})  # noqa: F821
    document = env["res.partner"].browse(1)  # noqa: F821
    env["mail.tracking.viewer"].with_user(user)._replace("browser", [document])  # noqa: F821
    env.cr.commit()  # noqa: F821


def main():
    """Measure the first opening, the second one and an unknown token."""
    route = f"/mail/tracking/open/{database_key(env)}"  # noqa: F821
    opened = tokens(1, "opened")[0]
    # Each unknown token is looked up here, however many come.
    open_pixel.unknown_tokens = Limiter(at_once=10**9, per_second=0)
    hit(f"{route}{opened}.gif")

    def plain_reads():
        return [f"/bench/read/{opened}"] * HITS

    def fresh(make):
        return lambda: [make(token) for token in tokens(HITS, str(time.time()))]

    for _warm in range(2):
        for path in [*plain_reads(), f"/bench/write/{opened}"]:
            hit(path)
    compare(
        "first opening",
        {
            "pixel": fresh(lambda token: f"{route}{token}.gif"),
            "plain": fresh(lambda token: f"/bench/write/{token}"),
        },
    )
    watch()
    compare(
        "first opening with a push",
        {
            "pixel": fresh(lambda token: f"{route}{token}.gif"),
            "plain": fresh(lambda token: f"/bench/write/{token}"),
        },
    )
    compare(
        "repeated opening",
        {"pixel": lambda: [f"{route}{opened}.gif"] * HITS, "plain": plain_reads},
    )
    compare(
        "unknown token",
        {"pixel": lambda: [f"{route}{'a' * 26}.gif"] * HITS, "plain": plain_reads},
    )


config["db_name"] = config["db_name"] or [env.cr.dbname]  # noqa: F821
SERVER = ThreadedWSGIServerReloadable("127.0.0.1", 0, http.root)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
MESSAGE = env["res.partner"].browse(1).message_post(body="Hello")  # noqa: F821
env.cr.commit()  # noqa: F821
main()
SERVER.shutdown()
