import threading
from contextlib import suppress
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.chatter.mail_tracking_email import MailTrackingEmail as Live
from ...models.state.mail_tracking_email import MailTrackingEmail
from ...models.upkeep.mail_tracking_email import MailTrackingEmail as Upkeep
from ...tools import after_commit
from ..helpers.committed_case import CommittedCase
from ..helpers.smtp_server import pixel_urls
from ..helpers.tracking_case import ill


@tagged("post_install", "-at_install")
class TestConcurrency(CommittedCase):
    def test_opened_while_the_server_holds_the_mail(self):
        """A load during SMTP is not a person's, and does not make Odoo send again."""
        for values, evidence, state in (
            ({}, "machine", "delivered"),
            ({"auto_delete": True}, "machine", "delivered"),
            ({}, "human", "sent"),
        ):
            mail_ids, trackings = self.new_committed_mails(3, **values)
            tokens = iter([token for _id, token in trackings])
            self.smtp.messages.clear()
            self.smtp.on_data = lambda _envelope, it=tokens, kind=evidence: self.open(
                next(it), kind
            )
            with self.committed() as env:  # one transaction for the whole batch
                env["mail.mail"].browse(mail_ids).send()
            self.assertEqual(len(self.smtp.messages), 3)
            for tracking_id, _token in trackings:
                self.assertEqual(
                    self.state_of(tracking_id), (state, ["open", "queued", "sent"])
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

    @mute_logger("odoo.addons.mail_activity_tracking.tools.after_commit")
    def test_state_that_could_not_be_raised_is_left_to_the_job(self):
        mail_ids, ((tracking_id, _token),) = self.new_committed_mails(1)
        lost = "odoo.addons.mail_activity_tracking.tools.after_commit.read_committed"
        with (
            self.committed() as env,
            patch(lost, lambda cr: cr.execute("SELECT 1/0")),
            mute_logger("odoo.sql_db"),
        ):
            env["mail.mail"].process_email_queue(mail_ids)
        self.assertEqual(self.state_of(tracking_id), ("waiting", ["queued", "sent"]))
        with self.committed() as env:
            env["mail.tracking.email"]._cron_mend_states()
        self.assertEqual(self.state_of(tracking_id), ("sent", ["queued", "sent"]))

    def test_opened_while_the_job_mends(self):
        _mail_ids, trackings = self.new_committed_mails(2)
        ids = [tracking_id for tracking_id, _token in self.accept(trackings)]
        original = Upkeep._ids_with_events

        def opened_meanwhile(model, since, last_id):
            result = original(model, since, last_id)
            if not last_id:
                self.open(trackings[0][1])
            return result

        with (
            patch.object(Upkeep, "_ids_with_events", opened_meanwhile),
            self.committed() as env,
        ):
            env["mail.tracking.email"]._cron_mend_states()
        self.assertEqual(self.state_of(ids[0]), ("opened", ["open", "queued", "sent"]))
        self.assertEqual(self.state_of(ids[1]), ("sent", ["queued", "sent"]))

    @mute_logger("odoo.addons.mail_activity_tracking.tools.guard")
    def test_error_after_the_commit_stops_no_mail(self):
        mail_ids, trackings = self.new_committed_mails(3)

        with (
            patch.object(MailTrackingEmail, "_raise_to_sent", ill),
            patch.object(after_commit, "SECONDS_BETWEEN_FLUSHES", 0),
            self.committed() as env,
        ):
            env["mail.mail"].process_email_queue(mail_ids)
        self.assertEqual(len(self.smtp.messages), 3)
        with self.committed() as env:
            mails = env["mail.mail"].browse(mail_ids)
            self.assertEqual(set(mails.mapped("state")), {"sent"})
        for tracking_id, _token in trackings:
            self.assertEqual(
                self.state_of(tracking_id), ("waiting", ["queued", "sent"])
            )

    @mute_logger("odoo.addons.mail_activity_tracking.tools.guard")
    def test_state_is_raised_when_nobody_can_be_told(self):
        mail_ids, ((tracking_id, _token),) = self.new_committed_mails(1)
        with patch.object(Live, "_notify_state", ill), self.committed() as env:
            env["mail.mail"].process_email_queue(mail_ids)
        self.assertEqual(self.state_of(tracking_id), ("sent", ["queued", "sent"]))

    def test_sixteen_parallel_hits_are_one_opening(self):
        _mail_ids, trackings = self.new_committed_mails(1)
        ((tracking_id, token),) = self.accept(trackings)
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
        self.assertEqual(
            self.state_of(tracking_id), ("opened", ["open", "queued", "sent"])
        )

    def test_error_between_sending_and_the_commit(self):
        """The tracking of the mail is kept, and not created again."""

        def fail(_mail_ids):
            raise RuntimeError("a flaw of whoever sends")

        with self.committed() as env:
            values = {
                "subject": "Not committed yet",
                "body_html": "<p>x</p>",
                "email_from": "sender@example.com",
                "email_to": "once@example.com",
            }
            mail = env["mail.mail"].create(values)
            with self.assertRaises(RuntimeError):
                mail.send(auto_commit=True, post_send_callback=fail)
        self.assertEqual(len(self.smtp.messages), 1)
        with self.committed() as env:
            domain = [("recipient_address", "=", "once@example.com")]
            tracking = env["mail.tracking.email"].search(domain)
            self.created += [tracking, mail]
            self.assertEqual(len(tracking), 1)
        self.assertEqual(self.state_of(tracking.id), ("sent", ["queued", "sent"]))

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
        (url,) = pixel_urls(self.smtp.message_to("reset@example.com"))
        with self.committed() as env:
            tracking = env["mail.tracking.email"].search(
                [("recipient_address", "=", "reset@example.com")]
            )
            self.created.append(tracking)
            self.assertIn(tracking.token, url)
        self.assertEqual(self.state_of(tracking.id), ("sent", ["queued", "sent"]))

    def test_mail_sent_by_a_transaction_that_fails(self):
        """A button that sends a template at once, and raises: the mail is out."""
        self.smtp.refused["r@example.com"] = "550 5.1.1 No such user"
        with suppress(RuntimeError), self.committed() as env:
            contact = env["res.partner"].create({"name": "X", "email": "x@example.com"})
            mail = env["mail.mail"].create(
                {
                    "subject": "Sent and rolled back",
                    "body_html": "<p>x</p>",
                    "email_from": "sender@example.com",
                    "email_to": "lost@example.com, r@example.com",
                    "recipient_ids": contact.ids,
                    "model": "res.partner",
                    "res_id": contact.id,
                }
            )
            mail.send()
            raise RuntimeError("a flaw of whoever sends")
        (url,) = pixel_urls(self.smtp.message_to("lost@example.com"))
        with self.committed() as env:
            domain = [("name", "=", "Sent and rolled back")]
            trackings = env["mail.tracking.email"].search(domain)
            self.created.append(trackings)
            states = {t.recipient_address: t.state for t in trackings}
            sent = trackings.filtered(lambda t: t.recipient_address[0] == "l")
            self.assertIn(sent.token, url)
        self.assertEqual(
            states,
            {
                "lost@example.com": "sent",
                "r@example.com": "error",
                "x@example.com": "sent",
            },
        )

    def test_two_transactions_mail_the_same_message(self):
        """One of two transactions has to be repeated: a recipient has one tracking."""
        with self.committed() as env:
            document = env["res.partner"].create({"name": "Document"})
            partner = env["res.partner"].create({"name": "R", "email": "r@example.com"})
            message = document.message_post(body="Hello")
            self.created += [document, partner]

        def new_mail(env):
            mail = env["mail.mail"].create(
                {
                    "mail_message_id": message.id,
                    "recipient_ids": partner.ids,
                    "body_html": "<p>x</p>",
                }
            )
            self.created.append(mail)

        with self.registry.cursor() as cr:
            slow = api.Environment(cr, SUPERUSER_ID, {})
            slow["mail.mail"].search_count([])  # its snapshot is of this moment
            with self.committed() as env:
                new_mail(env)
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                new_mail(slow)
            cr.rollback()
        self.created.pop()
        with self.committed() as env:
            new_mail(env)  # as Odoo tries again
            domain = [("mail_message_id", "=", message.id)]
            trackings = env["mail.tracking.email"].search(domain)
            self.created.append(trackings)
            self.assertEqual(len(trackings), 1)

    def test_second_mail_of_a_message_after_a_savepoint(self):
        with self.committed() as env:
            document = env["res.partner"].create({"name": "Document"})
            partner = env["res.partner"].create({"name": "R", "email": "r@example.com"})
            message = document.message_post(body="Hello")
            self.created += [document, partner]
            for _time in range(2):
                mail = env["mail.mail"].create(
                    {
                        "mail_message_id": message.id,
                        "recipient_ids": partner.ids,
                        "body_html": "<p>x</p>",
                    }
                )
                self.created.append(mail)
                with env.cr.savepoint():
                    env["res.partner"].flush_model()
            domain = [("mail_message_id", "=", message.id)]
            trackings = env["mail.tracking.email"].search(domain)
            self.created.append(trackings)
            self.assertEqual(len(trackings), 1)
