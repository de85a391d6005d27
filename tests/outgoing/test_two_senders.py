from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import psycopg2

from odoo.modules import module
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.retry.mail_mail import send_each
from ..helpers.committed_case import CommittedCase

# Longer than PostgreSQL waits before it looks for a deadlock, and ends one of the two.
SECONDS = 1.3


@tagged("post_install", "-at_install")
class TestTwoSenders(CommittedCase):
    """Another process handles a mail while the queue sends it, or has sent it."""

    def run_queue(self, *mail_ids):
        with self.committed() as env:
            env["mail.mail"].process_email_queue(mail_ids)

    def beside_the_queue(self, mail_id, action):
        """Run an action while the mail server has the mail and has not answered.

        :return: whether it was done before the mail server's answer
        """
        work = []
        self.smtp.delay = SECONDS
        with ThreadPoolExecutor() as pool:
            self.smtp.on_data = lambda _envelope: work.append(pool.submit(action))
            self.run_queue(mail_id)
            was_done = work[0].done()
            work[0].exception()
        self.smtp.on_data = None
        return was_done

    def assertSentOnce(self, mail_id, tracking_id):
        self.run_queue(mail_id)
        self.assertEqual(self.smtp.copies("q@example.com"), 1)
        self.assertEqual(self.state_of(tracking_id)[0], "sent")

    def test_who_sends_it_too_does_not_wait(self):
        mail_id, tracking_id = self.post_to_queue()
        dbname = self.env.cr.dbname
        self.assertTrue(
            self.beside_the_queue(mail_id, lambda: send_each(dbname, [mail_id]))
        )
        self.assertSentOnce(mail_id, tracking_id)

    def test_who_retries_waits_and_begins_anew(self):
        mail_id, tracking_id = self.post_to_queue()
        errors = []

        def lock():
            try:
                with self.committed() as env:
                    env["mail.mail"].browse(mail_id)._mail_tracking_lock()
            except psycopg2.Error as error:
                errors.append(type(error))

        with mute_logger("odoo.sql_db"):
            self.beside_the_queue(mail_id, lock)
        # It has waited for the commit of the other transaction.
        self.assertEqual(errors, [psycopg2.errors.SerializationFailure])
        self.assertSentOnce(mail_id, tracking_id)

    def test_deleted_by_somebody_who_has_sent_it(self):
        mail_ids, trackings = self.new_committed_mails(3)
        _first, second, third = (tracking_id for tracking_id, _token in trackings)

        def send_second(_envelope):
            self.smtp.on_data = None
            with self.committed() as env:
                sent = {"event_type": "sent", "source": "smtp"}
                env["mail.tracking.email"].browse(second)._add_events(sent)
                env["mail.tracking.email"].browse(second)._update_state()
                env.cr.execute("DELETE FROM mail_mail WHERE id = %s", [mail_ids[1]])

        self.smtp.on_data = send_second
        with (
            patch.object(module, "current_test", None),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            self.run_queue(*mail_ids)
        self.assertEqual(self.state_of(second), ("sent", ["queued", "sent"]))
        self.assertEqual(self.smtp.copies("r1@example.com"), 0)
        self.assertEqual(self.state_of(third)[0], "sent")
