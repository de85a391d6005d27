import re
import threading
from unittest.mock import patch

from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.failures.mail_tracking_email import MailTrackingEmail as Failures
from ...tools.after_commit import PendingStates
from ..helpers.auto_retry_case import GREYLISTED, REFUSED, AutoRetryCase
from ..helpers.tracking_case import ill


@tagged("post_install", "-at_install")
class TestAutoRetry(AutoRetryCase):
    """Mails that can still arrive are sent again automatically."""

    def test_greylisted(self):
        self.smtp.refused["p0@example.com"] = GREYLISTED
        (tracking_id,) = self.post()
        self.assertEqual(self.values_of(tracking_id), ("waiting", 2, 5, "ready"))
        with self.committed() as env:
            tracking = self.tracking(env, tracking_id)
            self.assertFalse(tracking.error_type)
            story = tracking._get_timeline()
            self.assertTrue(story["scheduled"] and story["is_retry"])
            events = tracking.tracking_event_ids.sorted("id")
            self.assertEqual(events.mapped("event_type"), ["queued", "error", "queued"])
            self.assertEqual(events.mapped("attempt"), [1, 1, 2])
        self.run_queue(minutes=4)
        self.assertEqual(self.values_of(tracking_id)[:2], ("waiting", 2))
        self.smtp.refused.clear()
        self.run_queue(minutes=6)
        self.assertEqual(self.values_of(tracking_id)[:2], ("sent", 2))
        self.assertEqual(self.copies(), {"p0@example.com": 1})

    def test_given_up_with_the_reason(self):
        self.smtp.refused["p0@example.com"] = GREYLISTED
        (tracking_id,) = self.post()
        self.run_queue(minutes=6)
        self.assertEqual(self.values_of(tracking_id)[:2], ("waiting", 3))
        self.set_parameter("retry_hours", "1")
        self.run_queue(minutes=60)
        self.assertEqual(self.values_of(tracking_id), ("error", 3, None, "exception"))
        with self.committed() as env:
            tracking = self.tracking(env, tracking_id)
            self.assertEqual(tracking.error_type, "postponed")
            self.assertIn("Greylisted", tracking.error_description)

    def test_never_with_zero_hours(self):
        self.set_parameter("retry_hours", "0")
        self.smtp.refused["p0@example.com"] = GREYLISTED
        (tracking_id,) = self.post()
        self.assertEqual(self.values_of(tracking_id)[:2], ("error", 1))

    def test_refused_for_good(self):
        self.smtp.refused["p0@example.com"] = REFUSED
        (tracking_id,) = self.post()
        self.assertEqual(self.values_of(tracking_id), ("error", 1, None, "exception"))

    def test_not_tried_is_tried(self):
        # Core's order is its own: whoever is first is refused.
        for refused in range(3):
            self.smtp.messages.clear()
            self.smtp.refused = {f"p{refused}@example.com": REFUSED}
            ids = self.post(3)
            self.run_queue()
            states = [self.values_of(tracking_id)[0] for tracking_id in ids]
            expected = ["error" if i == refused else "sent" for i in range(3)]
            self.assertEqual(states, expected)
            got = {f"p{i}@example.com": 1 for i in range(3) if i != refused}
            self.assertEqual(self.copies(), got)
            self.run_queue(minutes=10)
            self.assertEqual(self.copies(), got)

    def test_copies_for_who_was_not_tried_have_not_failed(self):
        self.smtp.refused = {f"p{i}@example.com": REFUSED for i in range(3)}
        self.post(3)
        with self.committed() as env:
            domain = [("mail_message_id", "=", self.message_id)]
            mails = env["mail.mail"].search(domain)
            states = {mail.state: mail.failure_type for mail in mails}
        self.assertEqual(states, {"exception": "unknown", "outgoing": False})

    def test_server_that_cannot_be_reached(self):
        self.smtp.stop()
        ids = self.post(2)
        for tracking_id in ids:
            self.assertEqual(self.values_of(tracking_id), ("waiting", 2, 5, "ready"))

    def test_may_have_been_taken(self):
        self.smtp.drops["p0@example.com"] = "dot"
        (tracking_id,) = self.post(force_send=False)
        self.run_queue()
        self.assertEqual(self.values_of(tracking_id)[:2], ("error", 1))

    def test_template_that_sends_once(self):
        self.smtp.refused["p0@example.com"] = GREYLISTED
        with self.committed() as env:
            template = env["mail.template"].create(
                {
                    "name": "Once",
                    "model_id": env["ir.model"]._get_id("res.partner"),
                    "subject": "Once",
                    "body_html": "<p>Once</p>",
                    "auto_delete": False,
                    "partner_to": str(self.partners[0].id),
                    "use_default_to": False,
                    "tracking_never_retry": True,
                }
            )
            self.created.append(template)
        for never, state in ((True, "error"), (False, "waiting")):
            with self.committed() as env:
                template = template.with_env(env)
                template.tracking_never_retry = never
                mail_id = template.send_mail(self.document.id)
            with self.committed() as env:
                mail = env["mail.mail"].browse(mail_id)
                trackings = env["mail.tracking.email"].search(
                    [("mail_id", "=", mail_id)]
                )
                self.created += [trackings, mail]
            with self.committed() as env:
                env["mail.mail"].process_email_queue([mail_id])
            self.assertEqual(self.state_of(trackings.id)[0], state)

    def test_mail_that_dies_with_its_message(self):
        self.smtp.refused["r0@example.com"] = GREYLISTED
        mail_ids, ((tracking_id, _token),) = self.new_committed_mails(
            1, auto_delete=True
        )
        with self.committed() as env:
            env["mail.mail"].process_email_queue(mail_ids)
        self.assertEqual(self.state_of(tracking_id)[0], "error")

    def test_what_was_lost_after_the_commit_is_done_by_the_job(self):
        self.smtp.refused["p0@example.com"] = GREYLISTED
        self.set_parameter("retry_hours", "0")
        (tracking_id,) = self.post()
        self.set_parameter("retry_hours", "48")
        self.age(2)
        for _run in range(2):
            with self.committed() as env:
                env["mail.tracking.email"]._cron_try_again()
        self.assertEqual(self.values_of(tracking_id)[:2], ("waiting", 2))

    def test_nobody_is_told_in_between(self):
        self.smtp.refused["p0@example.com"] = GREYLISTED
        with patch.object(Failures, "_push_boxes") as pushed:
            (tracking_id,) = self.post()
        # Told are the numbers as they are with the next attempt.
        with self.committed() as env:
            tracking = self.tracking(env, tracking_id)
            author = tracking.author_id
            self.assertFalse(tracking._failed_counters(author.ids)[author.id])
            notification = tracking._get_notifications()
            self.assertFalse(notification.failure_type or notification.failure_reason)
            message = tracking.mail_message_id
            self.assertFalse(message.has_error)
        self.assertLessEqual(pushed.call_count, 1)

    def pushed(self, **values):
        """Post as somebody who is told; return the statuses that they are told."""
        with self.committed() as env:
            author = env.ref("base.partner_admin")
            last = env["bus.bus"].search([], order="id desc", limit=1).id
        self.post(2, author_id=author.id, email_from="a@example.com", **values)
        if values:
            self.run_queue()
        with self.committed() as env:
            texts = env["bus.bus"].search([("id", ">", last)], order="id")
            statuses_by_push = [
                re.findall(r'"notification_status": ?"(\w+)"', text)
                for text in texts.mapped("message")
            ]
        return [set(statuses) for statuses in statuses_by_push if statuses]

    def test_no_red_envelope_in_between(self):
        for values in ({}, {"force_send": False}):
            with self.subTest(**values):
                self.smtp.refused = {f"p{i}@example.com": GREYLISTED for i in range(2)}
                pushed = self.pushed(**values)
                self.assertEqual(pushed[-1:], [{"ready"}])
                self.assertFalse([one for one in pushed if "exception" in one])
                self.smtp.refused = {f"p{i}@example.com": REFUSED for i in range(2)}
                self.assertIn("exception", self.pushed(**values)[-1])

    def test_an_error_while_it_is_held_back(self):
        """Core tells of the failure itself, and the outcome of the mail stays."""
        self.smtp.refused = {f"p{i}@example.com": REFUSED for i in range(2)}
        guard = "odoo.addons.mail_activity_tracking.tools.guard"
        with patch.object(PendingStates, "hold", ill), mute_logger(guard):
            self.assertIn("exception", self.pushed()[-1])
        with self.committed() as env:
            domain = [("mail_message_id", "=", self.message_id)]
            trackings = env["mail.tracking.email"].search(domain)
            refused = trackings.grouped("state")["error"]
            self.assertEqual(refused.error_type, "address_unknown")

    def test_no_red_envelope_while_no_server_is_there(self):
        self.smtp.stop()
        pushed = self.pushed()
        self.assertEqual(pushed[-1:], [{"ready"}])
        self.assertFalse([one for one in pushed if "exception" in one])

    def test_one_is_refused_for_now_and_the_others_not_tried(self):
        with self.committed() as env:
            mail = env["mail.mail"].create(
                {
                    "subject": "Own message",
                    "body_html": "<p>x</p>",
                    "email_from": "sender@example.com",
                    "recipient_ids": self.partners.ids,
                }
            )
            first = mail.recipient_ids[0].email
            self.message_id = mail.mail_message_id.id
            trackings = env["mail.tracking.email"].search([("mail_id", "=", mail.id)])
            self.created += [trackings, mail]
        self.smtp.refused[first] = GREYLISTED
        self.run_queue()
        self.run_queue()
        others = {f"p{i}@example.com" for i in range(3)} - {first}
        self.assertEqual(self.copies(), dict.fromkeys(others, 1))
        self.smtp.refused.clear()
        self.run_queue(minutes=6)
        self.run_queue(minutes=60)
        self.assertEqual(self.copies(), dict.fromkeys({first, *others}, 1))
        states = {self.state_of(tracking_id)[0] for tracking_id in trackings.ids}
        self.assertEqual(states, {"sent"})

    def test_two_jobs_and_a_click_at_once(self):
        self.smtp.refused["p0@example.com"] = GREYLISTED
        self.set_parameter("retry_hours", "0")
        (tracking_id,) = self.post()
        self.set_parameter("retry_hours", "48")
        self.smtp.refused.clear()
        self.age(8)

        def job():
            with self.committed() as env:
                env["mail.tracking.email"]._cron_try_again()

        def click():
            with self.committed() as env:
                retry = self.tracking(env, tracking_id)._retry
                retrying(retry, env)

        threads = [threading.Thread(target=action) for action in (job, job, click)]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.run_queue()
        self.assertEqual(self.copies(), {"p0@example.com": 1})
        self.assertEqual(self.values_of(tracking_id)[:2], ("sent", 2))

    def test_mail_of_a_week_ago(self):
        self.smtp.refused["p0@example.com"] = GREYLISTED
        (tracking_id,) = self.post(force_send=False)
        self.run_queue(minutes=7 * 24 * 60)
        self.assertEqual(self.values_of(tracking_id)[:2], ("error", 1))

    def test_blacklisted_meanwhile(self):
        self.smtp.refused["p0@example.com"] = GREYLISTED
        with self.committed() as env:
            self.created.append(env["mail.blacklist"]._add("p0@example.com"))
        (tracking_id,) = self.post()
        self.assertEqual(self.values_of(tracking_id)[:2], ("error", 1))

    def test_canceled(self):
        self.smtp.refused = {f"p{i}@example.com": GREYLISTED for i in range(2)}
        first, second = self.post(2)
        self.smtp.refused.clear()
        with self.committed() as env:
            self.tracking(env, first)._cancel()
        self.assertEqual(self.values_of(first)[::3], ("canceled", "canceled"))
        self.run_queue(minutes=6)
        self.assertEqual(self.copies(), {"p1@example.com": 1})
        self.assertEqual(self.values_of(second)[0], "sent")

    def test_canceled_in_a_mail_with_others(self):
        with self.committed() as env:
            mail, trackings = self.mail_to_two(env)
            trackings.grouped("partner_id")[self.partners[0]]._cancel()
        with self.committed() as env:
            env["mail.mail"].process_email_queue([mail.id])
        self.assertEqual(self.copies(), {"p1@example.com": 1})
