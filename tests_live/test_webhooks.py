import base64
import hashlib
import os
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import requests

from .databases import query
from .webhook_case import MAILS, SECRET, WebhookCase
from .world import world

# Ten thousand take some minutes: LIVE_WEBHOOK_EVENTS=10000 ./dev test
EVENTS = int(os.environ.get("LIVE_WEBHOOK_EVENTS", "400"))
CLIENTS = 8


class TestWebhooks(WebhookCase):
    """Providers report to a real server, all at once."""

    def events_of(self, trackings):
        """Make as many events as there shall be, of all the mails."""
        for number in range(EVENTS):
            tracking = trackings[number % len(trackings)]
            yield {
                "reference": f"{tracking['token']}-1",
                "recipient": tracking["recipient_address"],
                "event": ("delivered", "click", "deferral")[number % 3],
                "id": f"{self.id()}-{uuid.uuid4()}",
            }

    def test_none_lost_none_double(self):
        """Eight clients, while mails are sent and the job processes."""
        since = [(server, server.place_in_log()) for server in world.servers()]
        reported = self.new_mails()
        self.send_queue()
        trackings = self.trackings(reported)
        self.assertEqual(len(trackings), MAILS)
        others = self.new_mails()
        events = list(self.events_of(trackings))
        sessions = [requests.Session() for _number in range(CLIENTS)]
        servers = world.servers()

        def post_some(place):
            statuses = set()
            for number, event in enumerate(events[place::CLIENTS]):
                server = servers[place % len(servers)]
                statuses.add(self.post_event(sessions[place], event, server=server))
                if number % 10 == 0:  # providers send again what they are unsure of
                    self.post_event(sessions[place], event, server=server)
            return statuses

        done = threading.Event()
        with ThreadPoolExecutor(CLIENTS + 2) as pool:
            background = [pool.submit(self.send_queue), pool.submit(self.process, done)]
            posting = [pool.submit(post_some, place) for place in range(CLIENTS)]
            statuses = set().union(*(future.result() for future in posting))
            done.set()
            for future in background:
                future.result()
        self.process()
        self.assertEqual(statuses, {200})
        self.assertCounted(trackings, events)
        self.assertSentOnce(reported + others)
        for server, place in since:
            said = server.said(place)
            self.assertNotIn("could not serialize", said)
            self.assertNotIn("deadlock", said)

    def assertCounted(self, trackings, events):
        """Check that each event is there once, and that the states follow."""
        rows = query(
            self.b.database,
            "SELECT tracking_email_id, event_type, count(*) FROM mail_tracking_event"
            " WHERE tracking_email_id = ANY(%s) AND source = 'webhook:generic'"
            " GROUP BY 1, 2",
            [tracking["id"] for tracking in trackings],
        )
        self.assertEqual(sum(row["count"] for row in rows), len(events))
        states = {
            row["state"]
            for row in self.trackings([tracking["mail_id"] for tracking in trackings])
        }
        self.assertLessEqual(states, {"opened", "delivered", "deferred"})
        waiting = query(
            self.b.database,
            "SELECT count(*) FROM mail_tracking_webhook WHERE state <> 'done'",
        )
        self.assertEqual(waiting[0]["count"], 0)

    def test_either_database_by_its_address(self):
        """A stranger's request finds B, and nothing else answers."""
        _url, _path, token = self.sent_pixel(self.b)
        tracking = self.tracking(self.b.database, token=token)
        event = {
            "token": token,
            "recipient": tracking["recipient_address"],
            "event": "delivered",
            "id": uuid.uuid4().hex,
        }
        client = requests.Session()
        for name in (self.a.database, world.databases["without"], "nobody's"):
            # As tools/database_key.py, which cannot be imported without Odoo.
            text = f"mail_activity_tracking:{name}".encode()
            other = hashlib.sha256(text).hexdigest()[:10]
            self.assertEqual(self.post_event(client, event, other), 404, name)
        for server in world.servers():
            self.assertEqual(self.post_event(client, event, server=server), 200)
        self.assertFalse(client.cookies)
        self.process()
        tracking = self.tracking(self.b.database, token=token)
        self.assertEqual(tracking["state"], "delivered")
        self.assertEqual(tracking["events"], ["queued", "sent", "delivered"])

    def test_key_that_was_changed_in_another_process(self):
        """It counts at once, in each process."""
        client = requests.Session()
        event = {"reference": "", "recipient": "a@b.test", "event": "sent"}
        for key, status in ((SECRET, 200), (b"another one", 403), (SECRET, 200)):
            self.set_key(f"whsec_{base64.b64encode(key).decode()}")
            for _number in range(4):
                found = self.post_event(client, event, server=world.workers)
                self.assertEqual(found, status)
        self.set_key(False)
        self.assertEqual(self.post_event(client, event, server=world.workers), 404)

    def test_forged(self):
        """Without the key nothing is kept."""
        url = f"{self.server.url}/mail/tracking/webhook/generic/{self.hashed}"
        count = "SELECT count(*) FROM mail_tracking_webhook"
        before = query(self.b.database, count)
        self.assertEqual(requests.post(url, json={}, timeout=30).status_code, 403)
        self.assertEqual(query(self.b.database, count), before)
