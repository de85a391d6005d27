"""Failures that are tried again: by a click, by the queue."""

import os
import time

from .case import POST, LiveCase
from .databases import query
from .rpc import User
from .world import world

# Sixty take some minutes, 540 many: LIVE_RETRIES=60 ./dev test
FAILURES = int(os.environ.get("LIVE_RETRIES", "4"))
REFUSED = "550 5.1.1 No such user"


class RetryCase(LiveCase):
    """Recipients who were refused once."""

    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, self.smtp, "delay", 0)
        self.addCleanup(self.smtp.refused.clear)
        for server in world.servers():
            # What is refused, and what one of two at once is told to try again.
            server.expected += ["failed sending mail", "already executing"]
            server.expected += ["could not serialize"]
            # Core reads the Message-Id for its log when the transaction is lost.
            server.expected += ["current transaction is aborted"]

    def new_failures(self, count):
        """Post to contacts who are all refused; return their trackings by address."""
        addresses = [self.new_address() for _number in range(count)]
        self.smtp.refused = dict.fromkeys(addresses, REFUSED)
        contacts = [{"name": address, "email": address} for address in addresses]
        partner_ids = self.a("res.partner", "create", contacts)
        post = {**POST, "partner_ids": partner_ids}
        (message_id,) = self.a("res.partner", "message_post", partner_ids[:1], **post)
        self.run_queue(self.a)
        rows = query(
            self.a.database,
            "SELECT id, recipient_address, state FROM mail_tracking_email"
            " WHERE mail_message_id = %s",
            message_id,
        )
        self.assertEqual({row["state"] for row in rows}, {"error"})
        self.smtp.refused.clear()
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
        deadline = time.monotonic() + 20 + FAILURES
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
