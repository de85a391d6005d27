"""Reports of a provider that go to a real server, and the mails they are about."""

import base64
import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import requests

from devtools.common import MODULE

from .case import LiveCase
from .databases import query
from .rpc import User
from .webhook_batches import SECRET, sign
from .world import world

CLIENTS = 8
JOB = "mail_tracking_webhook_cron"
MAILS = 100
MAIL = {"subject": "Webhooks", "body_html": "<p>x</p>", "email_from": "a@b.test"}


class LiveWebhookCase(LiveCase):
    """Database B takes the reports of the provider without a name."""

    def setUp(self):
        super().setUp()
        self.set_key(f"whsec_{base64.b64encode(SECRET).decode()}")
        for server in world.servers():
            server.expected.append("is not authentic")
        _url, path, _token = self.sent_pixel(self.b)
        self.hashed = path.rpartition("/")[2][:10]

    def set_key(self, key, provider="generic"):
        name = f"mail_activity_tracking.webhook_key_{provider}"
        self.b("ir.config_parameter", "set_param", name, key)

    def post_event(self, client, event, hashed=None, server=None, secret=SECRET):
        """Post one signed event and return the status."""
        body = json.dumps(event).encode()
        proof = sign(body, int(time.time()), secret)
        headers = {**proof, "Content-Type": "application/json"}
        url = (server or self.server).url
        url += f"/mail/tracking/webhook/generic/{hashed or self.hashed}"
        return client.post(url, data=body, headers=headers, timeout=60).status_code

    def new_mails(self):
        """Queue mails and return their ids."""
        addresses = [self.new_address() for _number in range(MAILS)]
        mails = [{**MAIL, "email_to": address} for address in addresses]
        return self.b("mail.mail", "create", mails)

    def run_cron(self, user, module, name):
        """Run a cron as the button of its form does."""
        user("ir.cron", "method_direct_trigger", [self.cron_id(user, module, name)])

    def cron_id(self, user, module, name):
        """Return the id of a cron."""
        reference = ("ir.model.data", "check_object_reference", module, name)
        return user(*reference)[1]

    def job(self):
        """Return the id of the job that processes what came in."""
        return self.cron_id(self.b, MODULE, JOB)

    def send_queue(self):
        user = User(self.server.url, self.b.database)
        self.run_cron(user, "mail", "ir_cron_mail_scheduler_action")

    def process(self, until=None):
        """Run the job that processes what came in, until an event is set."""
        user = User(self.server.url, self.b.database)
        again = True
        while again:
            again = until and not until.is_set()
            self.run_cron(user, MODULE, JOB)

    def trackings(self, mail_ids):
        statement = "SELECT * FROM mail_tracking_email WHERE mail_id = ANY(%s)"
        return query(self.b.database, statement, mail_ids)

    def events_of(self, trackings, count):
        """Make so many events, of all the mails."""
        for number in range(count):
            tracking = trackings[number % len(trackings)]
            yield {
                "reference": f"{tracking['token']}-1",
                "recipient": tracking["recipient_address"],
                "event": ("delivered", "click", "deferral")[number % 3],
                "id": f"{self.id()}-{uuid.uuid4()}",
            }

    def assertSentOnce(self, mail_ids):
        """Check that the SMTP server has got each mail exactly once."""
        for tracking in self.trackings(mail_ids):
            self.received(tracking["recipient_address"])

    def reported_trackings(self):
        """Send mails; return their trackings, which the test reports about."""
        mail_ids = self.new_mails()
        self.send_queue()
        trackings = self.trackings(mail_ids)
        self.assertEqual(len(trackings), MAILS)
        self.assertSentOnce(mail_ids)
        return trackings

    def post_while_sending(self, post_some):
        """Have all clients post at once, while other mails are sent and the job runs.

        :param post_some: called with the number of a client and its session; returns
            the set of statuses that it got
        """
        since = [(server, server.place_in_log()) for server in world.servers()]
        others = self.new_mails()
        done = threading.Event()
        with ThreadPoolExecutor(CLIENTS + 2) as pool:
            background = [pool.submit(self.send_queue), pool.submit(self.process, done)]
            posting = [
                pool.submit(post_some, place, requests.Session())
                for place in range(CLIENTS)
            ]
            try:
                statuses = set().union(*(future.result() for future in posting))
            finally:
                done.set()
            for future in background:
                future.result()
        self.process()
        self.assertEqual(statuses, {200})
        self.assertSentOnce(others)
        for server, place in since:
            said = server.said(place)
            self.assertNotIn("could not serialize", said)
            self.assertNotIn("deadlock", said)

    def assertCounted(self, trackings, events):
        """Check that each event is there once, and that the states follow."""
        rows = query(
            self.b.database,
            "SELECT tracking_email_id, event_type, count(*) FROM mail_tracking_event"
            " WHERE tracking_email_id = ANY(%s) AND source LIKE 'webhook:%%'"
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
