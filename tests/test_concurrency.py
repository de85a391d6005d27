import threading
from contextlib import contextmanager
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api, modules
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.pending_states import READ_COMMITTED
from .common import TrackingCase


@tagged("post_install", "-at_install")
class TestConcurrency(TrackingCase):
    """Real transactions that really commit, as in production."""

    def setUp(self):
        super().setUp()
        self.created = []
        self.addCleanup(self._delete_created)
        # As outside of tests: mails are sent, and states follow after the commit.
        self.enterContext(self.sending())
        self.enterContext(patch.object(modules.module, "current_test", None))
        # Held by the thread that runs the tests: other threads would wait for ever.
        self.enterContext(patch.object(Registry, "_lock", DummyRLock()))
        with self.committed() as env:
            env["ir.mail_server"].search([]).active = False
            server = env["ir.mail_server"].create(
                {
                    "name": "Concurrent",
                    "smtp_host": "127.0.0.1",
                    "smtp_port": self.smtp.port,
                    "smtp_encryption": "none",
                }
            )
            self.created.append(server)

    @contextmanager
    def committed(self):
        """Give an environment with a transaction of its own, which is committed."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _delete_created(self):
        with self.committed() as env:
            for records in self.created:
                records.with_env(env).exists().unlink()

    def new_committed_mails(self, count, **values):
        """Create mails in the queue, each to one address; give the ids of trackings."""
        with self.committed() as env:
            mails = env["mail.mail"].create(
                [
                    {
                        "subject": "Concurrent",
                        "body_html": "<p>x</p>",
                        "email_from": "sender@example.com",
                        "email_to": f"r{i}@example.com",
                        **values,
                    }
                    for i in range(count)
                ]
            )
            trackings = env["mail.tracking.email"].search(
                [("mail_id", "in", mails.ids)], order="id"
            )
            self.created += [trackings, mails]
            return mails.ids, [(t.id, t.token) for t in trackings]

    def state_of(self, tracking_id):
        """Give the state and the kinds of events that are committed."""
        with self.committed() as env:
            tracking = env["mail.tracking.email"].browse(tracking_id)
            events = tracking.tracking_event_ids.sorted("id")
            return tracking.state, sorted(events.mapped("event_type"))

    def open(self, token):
        """Open a mail in a transaction of its own, as the pixel's route does."""
        with self.registry.cursor() as cr:
            cr.execute(READ_COMMITTED)
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["mail.tracking.email"]._register_open(token, "human")

    def test_opened_while_the_server_holds_the_mail(self):
        for values in ({}, {"auto_delete": True}):
            mail_ids, trackings = self.new_committed_mails(3, **values)
            tokens = iter([token for _id, token in trackings])
            self.smtp.messages.clear()
            self.smtp.on_data = lambda _envelope, it=tokens: self.open(next(it))
            with self.committed() as env:  # one transaction for the whole batch
                env["mail.mail"].browse(mail_ids).send()
            self.assertEqual(len(self.smtp.messages), 3)
            for tracking_id, _token in trackings:
                self.assertEqual(
                    self.state_of(tracking_id), ("opened", ["open", "queued", "sent"])
                )
            with self.committed() as env:
                env["mail.mail"].process_email_queue(mail_ids)
            self.assertEqual(len(self.smtp.messages), 3)

    def test_queue_that_commits_each_mail(self):
        mail_ids, trackings = self.new_committed_mails(5)
        with self.committed() as env:
            env["mail.mail"].process_email_queue(mail_ids)
        self.assertEqual(len(self.smtp.messages), 5)
        for tracking_id, _token in trackings:
            self.assertEqual(self.state_of(tracking_id), ("sent", ["queued", "sent"]))

    @mute_logger("odoo.addons.mail_activity_tracking.models.pending_states")
    def test_state_that_could_not_be_raised_is_left_to_the_job(self):
        mail_ids, ((tracking_id, _token),) = self.new_committed_mails(1)
        lost = "odoo.addons.mail_activity_tracking.models.pending_states.READ_COMMITTED"
        with (
            self.committed() as env,
            patch(lost, "SELECT 1/0"),
            mute_logger("odoo.sql_db"),
        ):
            env["mail.mail"].process_email_queue(mail_ids)
        self.assertEqual(self.state_of(tracking_id), ("waiting", ["queued", "sent"]))
        with self.committed() as env:
            env["mail.tracking.email"]._cron_mend_states()
        self.assertEqual(self.state_of(tracking_id), ("sent", ["queued", "sent"]))

    def test_sixteen_parallel_hits_are_one_opening(self):
        _mail_ids, ((tracking_id, token),) = self.new_committed_mails(1)
        barrier = threading.Barrier(16)
        errors = []

        def hit():
            barrier.wait()
            try:
                self.open(token)
            except psycopg2.Error as error:
                errors.append(error)

        threads = [threading.Thread(target=hit) for _i in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])
        self.assertEqual(self.state_of(tracking_id), ("opened", ["open", "queued"]))

    def test_mail_sent_in_a_savepoint_that_is_taken_back(self):
        with self.committed() as env:
            savepoint = env.cr.savepoint()
            mail = env["mail.mail"].create(
                {
                    "subject": "Password reset",
                    "body_html": "<p>x</p>",
                    "email_from": "sender@example.com",
                    "email_to": "reset@example.com",
                    "auto_delete": True,
                }
            )
            mail.send()
            savepoint.close()
        (url,) = self.pixel_urls(self.sent_message("reset@example.com"))
        with self.committed() as env:
            tracking = env["mail.tracking.email"].search(
                [("recipient_address", "=", "reset@example.com")]
            )
            self.created.append(tracking)
            self.assertIn(tracking.token, url)
        self.assertEqual(self.state_of(tracking.id), ("sent", ["queued", "sent"]))
