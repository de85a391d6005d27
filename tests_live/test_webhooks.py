import base64
import hashlib
import os
import uuid

import requests

from .databases import query
from .webhook_batches import SECRET
from .webhook_case import CLIENTS, LiveWebhookCase
from .world import world

# One by one; ten thousand take some minutes: LIVE_WEBHOOK_EVENTS=10000 ./dev test
EVENTS = int(os.environ.get("LIVE_WEBHOOK_EVENTS", "400"))


class TestWebhooks(LiveWebhookCase):
    """Providers report to a real server, all at once."""

    def test_none_lost_none_double(self):
        """Eight clients, while mails are sent and the job processes."""
        trackings = self.reported_trackings()
        events = list(self.events_of(trackings, EVENTS))
        servers = world.servers()

        def post_some(place, client):
            statuses = set()
            for number, event in enumerate(events[place::CLIENTS]):
                server = servers[place % len(servers)]
                statuses.add(self.post_event(client, event, server=server))
                if number % 10 == 0:  # providers send again what they are unsure of
                    self.post_event(client, event, server=server)
            return statuses

        self.post_while_sending(post_some)
        self.assertCounted(trackings, events)

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
                answer = self.post_event(client, event, server=world.workers)
                self.assertEqual(answer, status)
        self.set_key(False)
        self.assertEqual(self.post_event(client, event, server=world.workers), 404)

    def test_forged(self):
        """Without the key nothing is kept."""
        url = f"{self.server.url}/mail/tracking/webhook/generic/{self.hashed}"
        count = "SELECT count(*) FROM mail_tracking_webhook"
        before = query(self.b.database, count)
        self.assertEqual(requests.post(url, json={}, timeout=30).status_code, 403)
        self.assertEqual(query(self.b.database, count), before)
