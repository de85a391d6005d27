import contextlib
import threading
from http.client import HTTPException
from xmlrpc.client import Error

import psycopg2
import requests

from .case import wait_until
from .databases import query
from .retry_case import RetryCase
from .rpc import User
from .server import Server
from .webhook_case import LiveWebhookCase
from .world import world

# Nobody can write an event, everybody can read them.
LOCK = "LOCK TABLE mail_tracking_event IN SHARE MODE"
WAITS = """SELECT pid FROM pg_stat_activity
            WHERE datname = %s AND wait_event_type = 'Lock'"""
EVENTS = 30


class KilledServer:
    """A server of its own, which is ended by force in the middle of its work."""

    def setUp(self):
        super().setUp()
        self.victim = Server(world.place, "victim").launch()
        self.victim.wait()
        self.addCleanup(self.victim.ended)
        self.addCleanup(self.victim.stop)

    def in_the_background(self, database, model, method, *arguments):
        """Let the server work; it will not answer."""

        def call():
            with contextlib.suppress(Error, HTTPException, OSError):
                User(self.victim.url, database)(model, method, *arguments)

        thread = threading.Thread(target=call)
        thread.start()
        self.addCleanup(thread.join)
        return thread


class TestKilledJob(KilledServer, LiveWebhookCase):
    """kill -9 while requests of a provider are processed."""

    is_long = True

    def test_none_lost_none_double(self):
        reported = self.new_mails()
        self.send_queue()
        trackings = self.trackings(reported)[:EVENTS]
        events = list(self.events_of(trackings, EVENTS))
        client = requests.Session()
        for event in events:
            self.assertEqual(self.post_event(client, event), 200)
        with contextlib.closing(psycopg2.connect(dbname=self.b.database)) as connection:
            connection.cursor().execute(LOCK)
            self.in_the_background(
                self.b.database, "ir.cron", "method_direct_trigger", [self.job()]
            )
            waits = wait_until(
                lambda: query(self.b.database, WAITS, self.b.database), seconds=60
            )
            self.assertTrue(waits, "the job is in the middle of its work")
            self.victim.kill()
        self.process()
        self.assertCounted(trackings, events)


class TestKilledRetry(KilledServer, RetryCase):
    """kill -9 while failures are sent again."""

    is_long = True

    def test_none_lost(self):
        failures = self.new_failures(4)
        self.smtp.delay = 0
        taken = []

        def crash(envelope):
            taken.append(envelope.rcpt_tos)
            if len(taken) == 2:
                self.victim.kill()

        self.smtp.on_data = crash
        self.in_the_background(
            self.a.database,
            "mail.tracking.email",
            "action_retry",
            list(failures.values()),
        ).join()
        self.smtp.on_data = None
        self.assertEqual(len(taken), 2, "killed in the middle")
        self.settle(failures)
        self.assertEqual(self.states_of(failures), {"sent"})
        copies = {address: self.smtp.copies(address) for address in failures}
        # Whose mail was on its way cannot be known: core sends it again.
        (in_between,) = taken[1]
        self.assertIn(copies.pop(in_between), (1, 2))
        self.assertEqual(set(copies.values()), {1})
