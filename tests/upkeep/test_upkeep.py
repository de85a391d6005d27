from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..helpers.smtp_server import pixel_urls, sending
from ..helpers.tracking_case import TrackingCase


@tagged("post_install", "-at_install")
class TestUpkeep(TrackingCase):
    def age(self, trackings, **delta):
        """Make trackings older."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_tracking_email SET create_date = create_date - %s::interval,"
            " state_time = state_time - %s::interval WHERE id = ANY(%s)",
            [timedelta(**delta), timedelta(**delta), trackings.ids],
        )
        trackings.invalidate_recordset()

    def mend(self):
        # A test must not commit: what the job does is looked at, not its progress.
        with patch.object(IrCron, "_commit_progress"):
            self.env["mail.tracking.email"]._cron_mend_states()

    def test_state_left_behind_by_a_crash(self):
        tracking = self.trackings_of(self.new_mail(recipient_ids=self.alice.ids))
        tracking._add_events({"event_type": "sent", "source": "smtp"})
        self.assertEqual(tracking.state, "waiting")
        self.mend()
        self.assertTracked(tracking, "sent", ["queued", "sent"])
        self.mend()
        self.assertTracked(tracking, "sent", ["queued", "sent"])

    def test_state_left_behind_before_a_run_that_failed(self):
        """Core's last call is also that of a run that failed, as on a full disk."""
        tracking = self.trackings_of(self.post(self.alice))
        now = fields.Datetime.now()
        tracking._add_events({"event_type": "hard_bounce", "source": "dsn"})
        self.env.cr.execute(
            "UPDATE mail_tracking_event SET time = time - interval '3 hours'"
            " WHERE tracking_email_id = %s",
            tracking.ids,
        )
        cron = self.env.ref("mail_activity_tracking.mail_tracking_email_cron_mend")
        cron.write({"lastcall": now, "failure_count": 0})
        self.mend()
        self.assertEqual(tracking.state, "sent", "the run before has been here")
        cron.failure_count = 1
        self.mend()
        self.assertEqual(tracking.state, "bounced")

    def test_mail_deleted_behind_the_orm(self):
        mail = self.new_mail(recipient_ids=self.alice.ids)
        tracking = self.trackings_of(mail)
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM mail_mail WHERE id = %s", [mail.id])
        self.mend()
        self.assertEqual(tracking.state, "waiting")  # it may still be on its way
        self.age(tracking, hours=2)
        self.mend()
        self.assertTracked(tracking, "canceled", ["queued", "canceled"])

    def test_mail_that_failed_unnoticed(self):
        mail = self.new_mail(recipient_ids=self.alice.ids)
        tracking = self.trackings_of(mail)
        mail.write(
            {"state": "exception", "failure_type": "mail_smtp", "failure_reason": "No"}
        )
        self.age(tracking, hours=2)
        self.mend()
        self.assertTracked(
            tracking,
            "error",
            ["queued", "error"],
            error_type="mail_smtp",
            error_description="No",
        )

    def test_queued_mails_go_on_waiting(self):
        tracking = self.trackings_of(self.new_mail(recipient_ids=self.alice.ids))
        self.age(tracking, days=3)
        self.mend()
        self.assertTracked(tracking, "waiting", ["queued"])

    def test_forgotten_after_the_retention_time(self):
        mail = self.new_mail(recipient_ids=self.alice.ids)
        old = self.trackings_of(mail)
        self.send(mail)
        new = self.trackings_of(self.new_mail(recipient_ids=self.alice.ids))
        scheduled = self.trackings_of(self.new_mail(scheduled_date="2099-01-01"))
        events = old.tracking_event_ids
        self.age(old + scheduled, days=31)
        none = old.browse()
        parameters = self.env["ir.config_parameter"]
        for days, kept in (
            ("0", old),
            ("", old),
            ("32", old),
            ("9" * 9, old),
            ("30", none),
        ):
            parameters.set_param("mail_activity_tracking.retention_days", days)
            self.Tracking._gc_trackings()
            self.assertEqual(old.exists(), kept)
        self.assertFalse(events.exists())
        self.assertTrue(new.exists())
        self.assertTrue(scheduled.exists())

    def test_reply_without_the_quoted_pixel(self):
        message = self.post(self.alice)
        sent = self.smtp.message_to("alice@example.com")
        (url,) = pixel_urls(sent)
        reply = (
            "From: alice@example.com\nTo: catchall.test@test.mycompany.com\n"
            f"Subject: Re\nMessage-Id: <reply@example.com>\n"
            f"In-Reply-To: {message.message_id}\n"
            "Content-Type: text/html; charset=utf-8\n\n"
            f'<p>Thanks</p><blockquote>Hello <IMG width="1" src="{url}" alt="">'
            '<img src="https://example.com/a.png"></blockquote>'
        )
        self.env["mail.thread"].message_process(False, reply)
        answer = self.document.message_ids[0]
        self.assertIn("Thanks", answer.body)
        self.assertIn("a.png", answer.body)
        self.assertNotIn("/mail/tracking/", answer.body)

    def test_repaired_when_the_queue_starts(self):
        """After a crash nobody waits for the hourly job."""
        tracking = self.trackings_of(self.new_mail(email_to="x@example.com"))
        tracking._add_events({"event_type": "sent", "source": "smtp"})
        self.assertEqual(tracking.state, "waiting")
        with sending():
            self.env["mail.mail"].process_email_queue()
        self.assertNotEqual(tracking.state, "waiting")

    def test_mails_queued_before_the_installation(self):
        """The queue tracks them, and the job, which runs after the installation."""
        mail = self.new_mail(email_to="x@example.com", scheduled_date="2099-01-01")
        for run in (
            self.env["mail.mail"].process_email_queue,
            self.mend,
        ):
            self.trackings_of(mail).sudo().unlink()
            with sending():
                run()
            self.assertTracked(self.trackings_of(mail), "waiting", ["queued"])
