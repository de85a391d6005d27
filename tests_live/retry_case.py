"""Failures that are tried again: by a click, by the queue."""

import os
import time

from .case import POST, LiveCase
from .databases import execute, query
from .rpc import User
from .world import world

# Many take some minutes: LIVE_RETRIES=540 ./dev test
FAILURES = int(os.environ.get("LIVE_RETRIES", "60"))
# What a server leaves that has refused everybody: of the emails of a message, core's
# notifications, the events and the trackings.
FAIL = """
    UPDATE mail_mail SET state = 'exception', failure_type = 'unknown'
     WHERE mail_message_id = %(message_id)s;
    UPDATE mail_notification
       SET notification_status = 'exception', failure_type = 'unknown'
     WHERE mail_message_id = %(message_id)s;
    INSERT INTO mail_tracking_event
           (tracking_email_id, attempt, event_type, time, source, error_type)
    SELECT id, attempt, 'error', now() AT TIME ZONE 'UTC', 'smtp', 'address_unknown'
      FROM mail_tracking_email WHERE mail_message_id = %(message_id)s;
    UPDATE mail_tracking_email SET state = 'error', error_type = 'address_unknown'
     WHERE mail_message_id = %(message_id)s;
"""


class RetryCase(LiveCase):
    """Recipients who were refused once."""

    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, self.smtp, "delay", 0)
        for server in world.servers():
            # What one of two at once is told to try again.
            server.expected += ["already executing", "could not serialize"]
            # Core reads the Message-Id for its log when the transaction is lost.
            server.expected += ["current transaction is aborted"]

    def new_failures(self, count):
        """Post to contacts who are all refused; return their trackings by address."""
        addresses = [self.new_address() for _number in range(count)]
        contacts = [{"name": address, "email": address} for address in addresses]
        partner_ids = self.a("res.partner", "create", contacts)
        post = {**POST, "partner_ids": partner_ids, "force_send": False}
        (message_id,) = self.a("res.partner", "message_post", partner_ids[:1], **post)
        execute(self.a.database, FAIL, {"message_id": message_id})
        rows = query(
            self.a.database,
            "SELECT id, recipient_address FROM mail_tracking_email"
            " WHERE mail_message_id = %s",
            message_id,
        )
        self.assertEqual(len(rows), count)
        self.smtp.delay = 0.2
        return {row["recipient_address"]: row["id"] for row in rows}

    def run_queue(self, user):
        _model, cron_id = user(
            "ir.model.data",
            "check_object_reference",
            "mail",
            "ir_cron_mail_scheduler_action",
        )
        user("ir.cron", "method_direct_trigger", [cron_id])

    def retry(self, server, tracking_ids):
        """Retry as the button of the list does; whatever it says is for people."""
        # A client is good for one thread only.
        user = User(server.url, self.a.database)
        user("mail.tracking.email", "action_retry", tracking_ids)

    def settle(self, failures):
        """Run the queue until nobody waits."""
        deadline = time.monotonic() + 60 + FAILURES
        while time.monotonic() < deadline:
            self.run_queue(self.a)
            if self.states_of(failures) == {"sent"}:
                break

    def states_of(self, failures):
        rows = query(
            self.a.database,
            "SELECT state FROM mail_tracking_email WHERE id = ANY(%s)",
            list(failures.values()),
        )
        return {row["state"] for row in rows}

    def assertOneCopy(self, failures):
        """Check that everybody has the mail once, and that the rows say so."""
        copies = {address: self.smtp.copies(address) for address in failures}
        self.assertEqual(copies, dict.fromkeys(failures, 1))
        self.assertEqual(self.states_of(failures), {"sent"})
