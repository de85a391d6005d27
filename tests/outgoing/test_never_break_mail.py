from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.opens.mail_tracking_email import MailTrackingEmail as Pixel
from ...models.outgoing import (
    ir_mail_server,
    mail_mail,
    mail_tracking_email,
)
from ...models.partly_sent import mail_mail as partly_sent
from ...models.partly_sent import mail_notification
from ...models.queue import mail_mail as queue
from ...models.recipients import mail_mail as recipients
from ...models.state import mail_tracking_email as state
from ...models.tracking.mail_tracking_event import MailTrackingEvent
from ...tools.smtp.send_run import SendRun
from ..helpers.tracking_case import TrackingCase, ill

MailMail = mail_mail.MailMail
# Every step of tracking that a mail passes through on its way out.
STEPS = [
    (queue.MailMail, "_mail_tracking_begin"),
    (recipients.MailMail, "_mail_tracking_create"),
    (MailMail, "_mail_tracking_follow"),
    (MailMail, "_mail_tracking_note_sent"),
    (MailMail, "_mail_tracking_mark"),
    (ir_mail_server.IrMailServer, "_mail_tracking_listener"),
    (MailTrackingEvent, "_insert"),
    (mail_tracking_email.MailTrackingEmail, "_insert"),
    (Pixel, "_get_pixel"),
    (SendRun, "record"),
    (mail_mail, "events_of_mail"),
    (state.MailTrackingEmail, "_update_state_after_commit"),
    (partly_sent.MailMail, "_mail_tracking_partly"),
    (mail_notification.MailNotification, "_mail_tracking_partly_refused"),
]


@tagged("post_install", "-at_install")
class TestNeverBreakMail(TrackingCase):
    @mute_logger("odoo.addons.mail_activity_tracking.tools.guard")
    def test_mail_goes_out_whatever_step_fails(self):
        for owner, name in STEPS:
            self.smtp.messages.clear()
            with (
                self.subTest(step=name),
                patch.object(owner, name, ill),
            ):
                message = self.post(self.alice + self.bob)
                recipients = [to for to, _text in self.smtp.messages]
                self.assertEqual(
                    recipients, [["alice@example.com"], ["bob@example.com"]]
                )
                self.assertEqual(
                    set(message.notification_ids.mapped("notification_status")),
                    {"sent"},
                )

    @mute_logger("odoo.addons.mail_activity_tracking.tools.guard")
    def test_same_result_of_a_failure_whatever_step_fails(self):
        self.smtp.refused["alice@example.com"] = "550 5.1.1 No such user"

        def outcome():
            notification = self.post(self.alice).notification_ids
            return notification.read(
                ["notification_status", "failure_type", "failure_reason"]
            )[0]["failure_reason"]

        expected = outcome()
        self.assertIn("550", expected)
        for owner, name in STEPS:
            with (
                self.subTest(step=name),
                patch.object(owner, name, ill),
            ):
                self.assertEqual(outcome(), expected)

    @mute_logger("odoo.addons.mail_activity_tracking.tools.guard")
    def test_buttons_of_the_mail_work_whatever_step_fails(self):
        for name in ("_mail_tracking_retry", "_mail_tracking_cancel"):
            mail = self.new_mail(recipient_ids=self.alice.ids)
            with patch.object(queue.MailMail, name, ill):
                mail.cancel()
                self.assertEqual(mail.state, "cancel")
                mail.mark_outgoing()
                self.assertEqual(mail.state, "outgoing")
                mail.unlink()
                self.assertFalse(mail.exists())
