import threading
from collections import Counter
from functools import partial
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.modules import module
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.outgoing.mail_mail import MailMail
from ..helpers.committed_case import CommittedCase

ROAD = "odoo.addons.mail_activity_tracking.models.retry.mail_mail"
SECONDS = 0.5  # that the mail server takes for a mail


@tagged("post_install", "-at_install")
class TestRetryRoad(CommittedCase):
    """Retried recipients get one copy, however many users click."""

    def setUp(self):
        super().setUp()
        # Whom core has not tried is a failure here, too.
        self.set_parameter("retry_not_tried", "False")
        # Those of `retrying`, and of a mail that is left to the queue.
        loggers = ("odoo.sql_db", "odoo.service.model")
        self.enterContext(mute_logger(*loggers))

    def post_refused(self, count, answer="550 5.1.1 No such user"):
        """Post to contacts, all of whom are refused; return the ids of trackings."""
        with self.committed() as env:
            partners = env["res.partner"].create(
                [{"name": f"P{i}", "email": f"p{i}@example.com"} for i in range(count)]
            )
            document = env["res.partner"].create({"name": "Document"})
            self.smtp.refused = dict.fromkeys(partners.mapped("email"), answer)
            message = document.message_post(
                body="Hello",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=partners.ids,
            )
            ids = self.track(env, [("mail_message_id", "=", message.id)])
            self.created += [partners, document]
        self.accept_all()
        return ids

    def new_refused_mail(self, count):
        """Send a mail with a message of its own to contacts, all refused."""
        with self.committed() as env:
            partners = env["res.partner"].create(
                [{"name": f"P{i}", "email": f"p{i}@example.com"} for i in range(count)]
            )
            mail = env["mail.mail"].create(
                {
                    "subject": "Own message",
                    "body_html": "<p>x</p>",
                    "email_from": "sender@example.com",
                    "recipient_ids": partners.ids,
                }
            )
            ids = self.track(env, [("mail_id", "=", mail.id)])
            self.created += [partners, mail]
        self.smtp.refused = {f"p{i}@example.com": "550 5.1.1 No" for i in range(count)}
        with self.committed() as env, mute_logger("odoo.addons.mail.models.mail_mail"):
            mail.with_env(env).send()
        self.accept_all()
        return ids

    def track(self, env, domain):
        trackings = env["mail.tracking.email"].search(domain, order="id")
        self.created.append(trackings)
        return trackings.ids

    def accept_all(self):
        self.smtp.refused.clear()
        self.smtp.messages.clear()
        self.smtp.delay = SECONDS

    def click(self, ids, attempts=None):
        """Retry as a request does, which Odoo begins anew after a conflict."""
        with self.registry.cursor() as cr:
            env = self.env(cr=cr)
            retry = env["mail.tracking.email"].browse(ids)._retry
            result = retrying(lambda: retry(attempts=attempts), env)
            cr.commit()  # pylint: disable=invalid-commit
        return result[0].ids

    def at_once(self, *actions, apart=0.0):
        """Run actions side by side; return what they raised."""
        errors = []

        def run(action, wait):
            try:
                wait.wait(wait.seconds)
                action()
            except Exception as error:  # noqa: BLE001 - handed to the test
                errors.append(error)

        threads = []
        for number, action in enumerate(actions):
            wait = threading.Event()
            wait.seconds = apart * number
            threads.append(threading.Thread(target=run, args=(action, wait)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return errors

    def run_queue(self, ids):
        """Run the queue for the mails of trackings."""
        with self.committed() as env:
            trackings = env["mail.tracking.email"].browse(ids)
            env["mail.mail"].process_email_queue(trackings.mapped("mail_id"))

    def copies(self):
        """Count the messages of each mailbox."""
        return Counter(to for to_list, _text in self.smtp.messages for to in to_list)

    def assertEachOnce(self, ids, count):
        """Check that everybody has one copy, after the queue too, and that it shows."""
        expected = {f"p{i}@example.com": 1 for i in range(count)}
        self.run_queue(ids)
        self.assertEqual(self.copies(), expected)
        for tracking_id in ids:
            self.assertEqual(self.state_of(tracking_id)[0], "sent")

    def test_three_contacts_of_a_message_clicked_one_after_the_other(self):
        for apart in (0, SECONDS / 2):
            ids = self.post_refused(3)
            clicks = [lambda i=i: self.click([i]) for i in ids]
            # No conflict, neither before the mails are out nor after.
            with self.assertNoLogs(ROAD, "WARNING"):
                self.assertEqual(self.at_once(*clicks, apart=apart), [])
            self.assertEachOnce(ids, 3)

    def test_three_clicks_on_the_same_contact(self):
        ids = self.post_refused(1)
        clicks = [lambda: self.click(ids)] * 3
        self.assertEqual(self.at_once(*clicks, apart=SECONDS / 3), [])
        self.assertEachOnce(ids, 1)

    def test_two_servers_retry_all(self):
        ids = self.post_refused(6)
        clicks = [lambda: self.click(ids)] * 2
        self.assertEqual(self.at_once(*clicks), [])
        self.assertEachOnce(ids, 6)

    def test_mail_with_a_message_of_its_own(self):
        for apart in (0, SECONDS / 2):
            ids = self.new_refused_mail(2)
            clicks = [lambda i=i: self.click([i]) for i in ids]
            self.assertEqual(self.at_once(*clicks, apart=apart), [])
            self.assertEachOnce(ids, 2)

    def test_send_now_beside_the_queue(self):
        self.smtp.delay = SECONDS
        mail_ids, ((tracking_id, _token),) = self.new_committed_mails(1)

        def send_now():
            with self.committed() as env:
                env["mail.tracking.email"].browse(tracking_id)._send_now()

        actions = [send_now, send_now, lambda: self.run_queue([tracking_id])]
        self.assertEqual(self.at_once(*actions, apart=SECONDS / 3), [])
        self.run_queue([tracking_id])
        self.assertEqual(self.copies(), {"r0@example.com": 1})
        self.assertEqual(self.state_of(tracking_id)[0], "sent")

    def act(self, tracking_id, name, refused):
        """Do something with a row in a transaction; words of a refusal are kept."""
        try:
            with self.committed() as env:
                getattr(env["mail.tracking.email"].browse(tracking_id), name)()
        except UserError as error:
            refused.append(str(error))

    def test_posted_message_is_touched_while_the_queue_sends_it(self):
        """Core holds the locks of its notifications then, and not the mail's own."""
        self.smtp.delay = SECONDS
        for name in ("_send_now", "_cancel"):
            self.smtp.messages.clear()
            _mail_id, tracking_id = self.post_to_queue()
            refused = []

            actions = [
                partial(self.run_queue, [tracking_id]),
                partial(self.act, tracking_id, name, refused),
            ]
            with self.subTest(name), mute_logger(ROAD):
                self.assertEqual(self.at_once(*actions, apart=SECONDS / 2), [])
                self.run_queue([tracking_id])
                self.assertEqual(self.copies(), {"q@example.com": 1})
                self.assertEqual(self.state_of(tracking_id)[0], "sent")
                canceled = ["The email is being sent right now."]
                self.assertEqual(refused, canceled if name == "_cancel" else [])

    def test_conflict_is_left_to_the_queue(self):
        ids = self.post_refused(2)
        job = self.env.ref("mail.ir_cron_mail_scheduler_action")
        first, second = self.env["mail.tracking.email"].browse(ids)
        prepare = MailMail._prepare_outgoing_list

        def conflict(mail, *args, **kwargs):
            if first.partner_id in mail.recipient_ids:
                mail.env.cr.execute("SET LOCAL lock_timeout = '1ms'")
                with self.registry.cursor() as cr:
                    lock = "SELECT FROM res_company LIMIT 1 FOR UPDATE"
                    cr.execute(lock)
                    mail.env.cr.execute(lock)
            return prepare(mail, *args, **kwargs)

        with self.committed() as env:
            before = env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])
        with (
            patch.object(MailMail, "_prepare_outgoing_list", conflict),
            mute_logger(ROAD),
        ):
            self.click(ids)
        self.assertEqual(self.copies(), {"p1@example.com": 1})
        self.assertEqual([self.state_of(i)[0] for i in ids], ["waiting", "sent"])
        with self.committed() as env:
            after = env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])
        self.assertEqual(after, before + 1)
        self.assertEachOnce(ids, 2)

    def test_queue_goes_on_after_a_conflict(self):
        """Core logs the conflict, and leaves the job a transaction that is broken."""
        job = self.env.ref("mail.ir_cron_mail_scheduler_action")
        mail_ids, _trackings = self.new_committed_mails(2)
        prepare = MailMail._prepare_outgoing_list

        def conflict(mail, *args, **kwargs):
            if mail.id == mail_ids[1]:
                mail.env.cr.execute("SELECT 1/0")
            return prepare(mail, *args, **kwargs)

        with self.committed() as env:
            before = env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])
        with (
            self.committed() as env,
            patch.object(MailMail, "_prepare_outgoing_list", conflict),
            patch.object(module, "current_test", None),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            env["mail.mail"].process_email_queue(mail_ids)
            env.flush_all()  # as the job does
        self.assertEqual(self.copies(), {"r0@example.com": 1})
        with self.committed() as env:
            mails = env["mail.mail"].browse(mail_ids)
            self.assertEqual(mails.mapped("state"), ["sent", "outgoing"])
            after = env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])
        self.assertEqual(after, before + 1)

    def test_connection_lost(self):
        """No retry once the message was being sent: it may have been accepted."""
        self.set_parameter("retry_hours", "0")
        for place, copies in (("dot", {"p0@example.com": 1}), ("rcpt", {})):
            ids = self.post_refused(1)
            self.smtp.drops = {"p0@example.com": place}
            with mute_logger("odoo.addons.mail.models.mail_mail"):
                self.assertEqual(self.click(ids), ids)
            self.smtp.drops.clear()
            self.run_queue(ids)
            self.assertEqual(self.copies(), copies)
            self.assertEqual(self.state_of(ids[0])[0], "error")

    def test_click_that_has_seen_an_earlier_failure(self):
        ids = self.post_refused(1)
        self.assertEqual(self.click(ids, {ids[0]: 1}), ids)
        self.smtp.refused["p0@example.com"] = "550 5.1.1 No such user"
        with self.committed() as env:
            env["mail.tracking.email"].browse(ids)._add_events(
                {"event_type": "hard_bounce", "source": "dsn"}
            )
            env["mail.tracking.email"].browse(ids)._update_state()
        self.assertEqual(self.click(ids, {ids[0]: 1}), [])
        self.assertEqual(self.copies(), {"p0@example.com": 1})
