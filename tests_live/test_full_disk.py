import contextlib
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import requests

from devtools.common import MODULE

from .case import FIND, load, wait_until
from .databases import execute, query
from .rpc import User
from .webhook_case import MAIL, LiveWebhookCase

FULL = "the disk is full, says the live test"
FUNCTION = f"""
    CREATE OR REPLACE FUNCTION live_disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{FULL}' USING ERRCODE = 'disk_full'; END $$
"""
OURS = ("mail_tracking_email", "mail_tracking_event", "mail_tracking_webhook")
WAITING = """
    SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
# A crash three hours ago, when the job had last run before.
LEFT_BEHIND = """
    UPDATE ir_cron SET lastcall = now() AT TIME ZONE 'UTC' - interval '4 hours'
      FROM ir_act_server action
     WHERE action.id = ir_cron.ir_actions_server_id
       AND action.code = 'model._cron_mend_states()';
    INSERT INTO mail_tracking_event
           (tracking_email_id, attempt, event_type, time, source)
    VALUES (%(id)s, 1, 'hard_bounce', now() AT TIME ZONE 'UTC', 'dsn');
    UPDATE mail_tracking_event SET time = time - interval '3 hours'
     WHERE tracking_email_id = %(id)s
"""
RUNS = 3


class TestFullDisk(LiveWebhookCase):
    """PostgreSQL cannot write, or somebody else is writing."""

    def setUp(self):
        super().setUp()
        self.server.expected.append(FULL)

    @contextlib.contextmanager
    def full_disk(self, *tables):
        """Let PostgreSQL refuse to write to tables, with the error of a full disk."""
        query(self.b.database, FUNCTION)
        for table in tables:
            query(
                self.b.database,
                f"CREATE TRIGGER live_full BEFORE INSERT OR UPDATE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION live_disk_full()",
            )
        try:
            yield
        finally:
            for table in tables:
                query(self.b.database, f"DROP TRIGGER live_full ON {table}")

    def sent_on_a_full_disk(self, *tables):
        """Run the queue some times; return the address, and how many mails it got."""
        address = self.new_address()
        self.b("mail.mail", "create", [{**MAIL, "email_to": address}])
        with self.full_disk(*tables):
            for _run in range(RUNS):
                with contextlib.suppress(Exception):
                    self.send_queue()
        return address, self.smtp.copies(address)

    def test_sending(self):
        """No worse than core, which cannot note either that a mail was sent."""
        _address, copies_of_core = self.sent_on_a_full_disk("mail_mail")
        address, copies = self.sent_on_a_full_disk(*OURS)
        self.assertLessEqual(copies, copies_of_core)
        self.send_queue()
        tracking = self.wait_for_state(
            self.b.database, "sent", recipient_address=address
        )
        self.assertEqual(tracking["events"], ["queued", "sent"])

    def test_pixel_and_webhook(self):
        """The reader sees the image, the provider is told to send again."""
        url, _path, token = self.sent_pixel(self.b)
        tracking = self.tracking(self.b.database, token=token)
        event = {"token": token, "event": "delivered", "id": uuid.uuid4().hex}
        event["recipient"] = tracking["recipient_address"]
        with self.full_disk(*OURS):
            self.assertPixel(load(url))
            self.assertGreaterEqual(self.post_event(requests, event), 500)
        self.assertEqual(self.tracking(self.b.database, token=token), tracking)
        self.assertPixel(load(url))
        self.assertOpened(self.b.database, token)
        self.assertEqual(self.post_event(requests, event), 200)

    @contextlib.contextmanager
    def locked(self, statement, *values):
        """Hold a lock within the block, in a transaction of its own."""
        connection = psycopg2.connect(dbname=self.b.database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                yield
        finally:
            connection.close()

    def assertWaits(self, call, statement, *values):
        """Check that a call waits for a lock; return what it gives after that."""
        done = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            with self.locked(statement, *values):
                calling = pool.submit(call)
                calling.add_done_callback(lambda _future: done.set())
                is_waiting = wait_until(lambda: query(self.b.database, WAITING))
                self.assertTrue(is_waiting, "nobody waits for the lock")
                self.assertFalse(done.is_set())
            return calling.result()

    def test_a_lock_is_waited_for(self):
        """By the pixel, by the webhook, and by the states of what was sent."""
        url, _path, token = self.sent_pixel(self.b)
        row = "SELECT FROM mail_tracking_email WHERE token = %s FOR UPDATE"
        self.assertPixel(self.assertWaits(lambda: load(url), row, token))
        self.assertOpened(self.b.database, token)
        event = {"reference": "", "recipient": "a@b.test", "event": "sent"}
        table = "LOCK TABLE mail_tracking_webhook IN EXCLUSIVE MODE"
        status = self.assertWaits(lambda: self.post_event(requests, event), table)
        self.assertEqual(status, 200)
        address = self.new_address()
        self.b("mail.mail", "create", [{**MAIL, "email_to": address}])
        row = "SELECT FROM mail_tracking_email WHERE recipient_address = %s FOR UPDATE"
        self.assertWaits(self.send_queue, row, address)
        self.wait_for_state(self.b.database, "sent", recipient_address=address)
        self.received(address)

    # === JOBS ===#
    def interrupted(self):
        """Return the token of a mail whose state a crash has left behind."""
        _url, _path, token = self.sent_pixel(self.b)
        behind = "UPDATE mail_tracking_email SET state = 'waiting' WHERE token = %s"
        query(self.b.database, behind, token)
        return token

    def mend(self):
        """Run the job that raises the states that were left behind."""
        user = User(self.server.url, self.b.database)
        self.run_cron(user, MODULE, "mail_tracking_email_cron_mend")

    def test_upkeep_waits_for_a_lock(self):
        token = self.interrupted()
        row = "SELECT FROM mail_tracking_email WHERE token = %s FOR UPDATE"
        self.assertWaits(self.mend, row, token)
        self.wait_for_state(self.b.database, "sent", token=token)

    def test_upkeep_on_a_full_disk(self):
        """It fails, and the next run does all of it, what is older than that too."""
        _url, _path, token = self.sent_pixel(self.b)
        tracking = self.tracking(self.b.database, token=token)
        execute(self.b.database, LEFT_BEHIND, {"id": tracking["id"]})
        with self.full_disk(*OURS):
            self.mend()
        self.assertEqual(self.tracking(self.b.database, token=token)["state"], "sent")
        self.mend()
        self.wait_for_state(self.b.database, "bounced", token=token)

    def test_retention_waits_for_a_lock(self):
        _url, _path, token = self.sent_pixel(self.b)
        old = (
            "UPDATE mail_tracking_email SET create_date = '2020-01-01' WHERE token = %s"
        )
        query(self.b.database, old, token)
        row = "SELECT FROM mail_tracking_email WHERE token = %s FOR UPDATE"
        user = User(self.server.url, self.b.database)
        self.assertWaits(
            lambda: self.run_cron(user, "base", "autovacuum_job"), row, token
        )
        self.assertFalse(query(self.b.database, FIND.format("token"), token))
