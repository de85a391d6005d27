"""For `odoo shell`: how long a provider waits until its webhook is answered.

Whole requests to Odoo's own threaded server, each with an event that is new, signed as
Mailgun does; what the job then does is not in it. Beside it the time of the route that
tells that the server is up: what no request can be faster than.
"""

import hashlib
import hmac
import json
import statistics
import sys
import threading
import time
import uuid
from http.client import HTTPConnection

from odoo import http, sql_db
from odoo.service.server import ThreadedWSGIServerReloadable
from odoo.tools import config

REQUESTS = 200
KEY = "key-of-the-bench"
PARAMETER = "mail_activity_tracking.webhook_key_mailgun"


def new_event():
    """Return the body of a request that was never sent before."""
    now, token = str(int(time.time())), uuid.uuid4().hex
    signature = hmac.new(KEY.encode(), f"{now}{token}".encode(), hashlib.sha256)
    event = {"event": "delivered", "id": token, "recipient": "a@example.com"}
    signed = {"timestamp": now, "token": token, "signature": signature.hexdigest()}
    return json.dumps({"signature": signed, "event-data": event}).encode()


def seconds(server, method, path, make_body):
    """Return how long each of many requests took to be answered."""
    times = []
    for _request in range(REQUESTS):
        body = make_body()
        begun = time.perf_counter()
        connection = HTTPConnection("127.0.0.1", server.server_port)
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        times.append(time.perf_counter() - begun)
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
    return times[REQUESTS // 10 :]  # without those that fill caches


def say(what, times):
    """Print the middle and the slow end, in milliseconds."""
    middle = 1000 * statistics.median(times)
    slow = 1000 * statistics.quantiles(times, n=20)[-1]
    sys.stdout.write(f"BENCH {what}: median {middle:.1f} ms, 95 % {slow:.1f} ms\n")
    sys.stdout.flush()


def main():
    """Measure both, and count the statements of one request."""
    env["ir.config_parameter"].set_param(PARAMETER, KEY)  # noqa: F821
    address = env["mail.tracking.webhook"]._get_address("mailgun")  # noqa: F821
    env.cr.commit()  # noqa: F821
    path = address[address.index("/mail/") :]
    server = ThreadedWSGIServerReloadable("127.0.0.1", 0, http.root)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        say("/web/health", seconds(server, "GET", "/web/health", bytes))
        seconds(server, "POST", path, new_event)
        before = sql_db.sql_counter
        say("webhook", seconds(server, "POST", path, new_event))
        each = (sql_db.sql_counter - before) / REQUESTS
        sys.stdout.write(f"BENCH webhook: {each:.1f} statements a request\n")
    finally:
        server.shutdown()


config["db_name"] = config["db_name"] or [env.cr.dbname]  # noqa: F821
main()
