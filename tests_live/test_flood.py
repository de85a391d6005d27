import os
import re
import secrets
import socket
import time
from base64 import b32encode
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import psutil
import requests
from requests.adapters import HTTPAdapter

from .case import GIF, load
from .databases import query
from .webhook_case import MAILS, SECRET, LiveWebhookCase
from .world import world

# The whole flood takes some minutes: LIVE_FLOOD=20000 ./dev test
HITS = int(os.environ.get("LIVE_FLOOD", "2000"))
POSTS = HITS // 10
CLIENTS = 6
ONE_IN = 20  # posts is authentic
# Before the memory is looked at, caches and threads have theirs.
WARM = HITS // 4
MOST_MEGABYTES = 16
MOST_SECONDS = 600
ROWS = """
    SELECT (SELECT count(*) FROM mail_tracking_email) AS emails,
           (SELECT count(*) FROM mail_tracking_event) AS events,
           (SELECT count(*) FROM mail_tracking_webhook) AS requests,
           (SELECT count(*) FROM mail_tracking_late_report) AS reports,
           (SELECT count(*) FROM mail_tracking_consent) AS choices
"""
# Core's lines, for each request and for each email that is sent.
OF_CORE = re.compile(r" INFO \S+ (werkzeug|odoo\.addons\.mail\.|odoo\.models\.unlink)")
OF_OURS = " odoo.addons.mail_activity_tracking"
WARNINGS = (
    "Unknown tracking images are loaded in large numbers",
    "Many requests to webhooks are not authentic",
    "is not authentic",
)


def hit(server, source, path):
    """Ask for a path from an address of this machine; return the whole answer.

    A client that does more would cost as much as the server.
    """
    agent = "Mozilla/5.0 (X11; Linux x86_64) Thunderbird/128.0"
    lines = f"GET {path} HTTP/1.0", "Host: localhost", f"User-Agent: {agent}", "", ""
    with socket.socket() as client:
        client.bind((source, 0))
        client.settimeout(60)
        client.connect(("127.0.0.1", server.port))
        client.sendall("\r\n".join(lines).encode())
        return b"".join(iter(lambda: client.recv(65536), b""))


def session_from(source):
    """Return a session whose requests come from an address of this machine."""
    session, adapter = requests.Session(), HTTPAdapter()
    adapter.poolmanager.connection_pool_kw["source_address"] = (source, 0)
    session.mount("http://", adapter)
    return session


def megabytes(server):
    """Return the memory that a server and its processes have now."""
    process = psutil.Process(server.process_id)
    processes = [process, *process.children(recursive=True)]
    return sum(one.memory_info().rss for one in processes) / 2**20


class TestFlood(LiveWebhookCase):
    """Strangers load images and post requests by the thousand while mails are sent."""

    def setUp(self):
        super().setUp()
        self.own_pixel = self.sent_pixel(self.b)
        self.servers = world.servers()
        for server in self.servers:
            server.expected += WARNINGS
        self.numbers, self.before = count(), {}

    def path(self, number):
        """Return the path of a hit: most are of tokens that nobody has."""
        _url, path, token = self.own_pixel
        kind = number % 8
        if kind == 0:
            return path
        if kind == 1:
            return f"/mail/tracking/open/{secrets.token_hex(30)}.gif"
        unknown = b32encode(secrets.token_bytes(20)).decode().lower()[: len(token)]
        return path.replace(token, unknown)

    def hit_all(self):
        """Load images; return how many answers are not the image."""
        wrong = 0
        while (number := next(self.numbers)) < HITS:
            if number == WARM:
                self.before = {server: megabytes(server) for server in self.servers}
            # Most of them come from one network, the others from many.
            is_one = number // 8 % 4
            network = "0.9" if is_one else f"{number % 200 + 1}.{number % 97}"
            server = self.servers[number // 32 % len(self.servers)]
            answer = hit(server, f"127.{network}.{number % 250 + 1}", self.path(number))
            wrong += not (b" 200 " in answer[:15] and answer.endswith(GIF))
        return wrong

    def post_all(self, place):
        """Post requests; return those statuses that are not as they have to be."""
        client, wrong = session_from("127.0.9.1"), set()
        server = self.servers[place % len(self.servers)]
        for number in range(place, POSTS, CLIENTS):
            event = {"reference": "", "recipient": "a@b.test", "event": "sent"}
            secret = b"guessed" if number % ONE_IN else SECRET
            status = self.post_event(client, event, server=server, secret=secret)
            if status not in ({403, 503} if number % ONE_IN else {200}):
                wrong.add((number % ONE_IN == 0, status))
        return wrong

    def flood(self):
        """Do all of it at once, while the queue is sent; return what went wrong."""
        reader = self.sent_pixel(self.b)
        with ThreadPoolExecutor(2 * CLIENTS + 1) as pool:
            sending = pool.submit(self.send_queue)
            hitting = [pool.submit(self.hit_all) for _client in range(CLIENTS)]
            posting = [pool.submit(self.post_all, place) for place in range(CLIENTS)]
            sending.result()
            # From another network, in the middle of it.
            self.assertPixel(load(reader[0]))
            self.assertOpened(self.b.database, reader[2])
            wrong = sum(future.result() for future in hitting)
            refused = set().union(*(future.result() for future in posting))
        return wrong, refused

    def test_flood(self):
        """Memory, rows and log stay flat; each mail goes out, no reader is missed."""
        self.send_queue()  # what other tests have left, which has no row yet
        mail_ids = self.new_mails()
        rows = query(self.b.database, ROWS)[0]
        places = {server: server.place_in_log() for server in self.servers}
        begun = time.monotonic()
        wrong, refused = self.flood()
        seconds = time.monotonic() - begun
        self.assertLess(seconds, MOST_SECONDS)
        self.assertEqual(wrong, 0, "answers that are not the image")
        self.assertEqual(refused, set(), "(authentic, status)")
        self.assertSentOnce(mail_ids)
        self.assertMemoryIsFlat()
        self.assertRowsAreFlat(rows, query(self.b.database, ROWS)[0], seconds)
        self.assertLogIsFlat(places, seconds)

    def assertMemoryIsFlat(self):
        for server, before in self.before.items():
            self.assertLess(megabytes(server) - before, MOST_MEGABYTES)

    def assertRowsAreFlat(self, before, after, seconds):
        """Check that what is new is what the mails and the authentic requests are."""
        more = {name: after[name] - before[name] for name in after}
        # The known token is loaded once a minute, as far as anybody can tell; the first
        # time too early to count, so that the next one is another kind of evidence.
        of_reader = len(("queued", "sent", "open"))
        opens = more.pop("events") - MAILS - of_reader
        self.assertIn(opens, range(1, 4 + int(seconds // 60)))
        authentic = len(range(0, POSTS, ONE_IN))
        self.assertEqual(
            more, {"emails": 1, "requests": authentic, "reports": 0, "choices": 0}
        )

    def assertLogIsFlat(self, places, seconds):
        """Check that each warning came once a minute and process, and nothing else."""
        for server, place in places.items():
            said = server.said(place).splitlines()
            lines = [line for line in said if not OF_CORE.search(line)]
            ours = [line for line in lines if OF_OURS in line]
            most = len(WARNINGS) * (1 + seconds // 60) * (1 + len(self.servers))
            self.assertLess(len(ours), most, ours)
            self.assertLess(len(lines), most + MAILS, lines)
