from odoo.tests import tagged

from ..helpers.smtp_server import sending
from ..helpers.tracking_case import TrackingCase

LATER = "421 4.7.0 Try later"
GREYLISTED = "451 4.7.1 Greylisted"


@tagged("post_install", "-at_install")
class TestMergedNotifications(TrackingCase):
    """Core's notification agrees with the shown row of merged contacts."""

    def merge(self, gone, kept):
        self.env.flush_all()
        self.env.cr.execute("UPDATE mail_message SET create_date = '2020-01-01'")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((gone + kept).ids, kept)
        self.env.invalidate_all()

    def assertAgreed(self, message, state, status):
        """Check the shown row of the only recipient, and core's notification."""
        shown = self.trackings_of(message).filtered(lambda t: not t.outranked)
        self.assertEqual(shown.mapped("state"), [state])
        notification = shown._get_notifications()
        self.assertEqual(notification.mapped("notification_status"), [status])

    def post_to_queue(self, partners):
        """Post to contacts, and leave the mails in the queue."""
        document = self.document.with_context(mail_notify_force_send=False)
        with self.mock_mail_gateway():
            return document.message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=partners.ids,
            )

    def post_refused(self, partners, answer="550 5.1.1 Unknown"):
        """Post to contacts whom the server refuses."""
        self.smtp.refused = dict.fromkeys(partners.mapped("email"), answer)
        message = self.post(partners)
        self.smtp.refused.clear()
        return message

    def test_message_of_the_contact_that_goes(self):
        """Core would delete all notifications if one message went to both."""
        both = self.post(self.alice + self.bob)
        failed = self.post_refused(self.bob)
        self.merge(self.bob, self.alice)
        self.assertAgreed(failed, "error", "exception")
        self.assertAgreed(both, "sent", "sent")

    def test_message_that_waits_for_the_contact_that_goes(self):
        self.post(self.alice + self.bob)
        message = self.post_to_queue(self.bob)
        self.merge(self.bob, self.alice)
        self.assertAgreed(message, "waiting", "ready")
        self.smtp.refused[self.alice.email] = LATER
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.send(mail)
        self.assertAgreed(message, "error", "exception")

    def test_one_is_reviewed(self):
        message = self.post_refused(self.alice + self.bob)
        to_alice, _to_bob = self.trackings_of(message)
        to_alice._set_reviewed(True)
        self.merge(self.bob, self.alice)
        self.assertAgreed(message, "error", "exception")

    def test_one_failed_and_one_has_got_it(self):
        for one in (self.alice, self.bob):
            with self.subTest(failed=one.name):
                kept = self.alice.copy({"email": "kept@example.com"})
                gone = self.bob.copy({"email": "gone@example.com"})
                failed = kept if one == self.alice else gone
                self.smtp.refused[failed.email] = "550 5.1.1 Unknown"
                message = self.post(kept + gone)
                mails = self.trackings_of(message).mapped("mail_id")
                del self.smtp.refused[failed.email]
                self.assertTrue(mails)
                tracking = self.trackings_of(message).filtered(
                    lambda t, failed=failed: t.partner_id != failed
                )
                tracking._add_events({"event_type": "sent", "source": "smtp"})
                tracking._update_state()
                self.merge(gone, kept)
                self.assertAgreed(message, "error", "exception")

    def test_both_are_tried_again(self):
        """With two queued mails, the merged contact gets one."""
        message = self.post_refused(self.alice + self.bob, GREYLISTED)
        self.trackings_of(message)._try_again()
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertEqual(mails.mapped("state"), ["outgoing", "outgoing"])
        self.merge(self.bob, self.alice)
        self.assertAgreed(message, "waiting", "ready")
        states = sorted(self.trackings_of(message).mapped("state"))
        self.assertEqual(states, ["canceled", "waiting"])
        mails.scheduled_date = False
        self.smtp.messages.clear()
        self.send(mails.filtered(lambda mail: mail.state == "outgoing"))
        self.assertEqual(len(self.smtp.messages), 1)
        self.assertAgreed(message, "sent", "sent")

    def test_one_has_got_it_and_the_other_waits(self):
        self.smtp.refused[self.bob.email] = GREYLISTED
        message = self.post(self.alice + self.bob)
        self.smtp.refused.clear()
        self.trackings_of(message)._try_again()
        self.env["mail.mail"].search(
            [("mail_message_id", "=", message.id)]
        ).scheduled_date = False
        self.merge(self.bob, self.alice)
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.send(mails.filtered(lambda mail: mail.state == "outgoing"))
        self.assertEqual(len(self.smtp.messages), 1)
        self.assertAgreed(message, "sent", "sent")

    def test_one_failed_while_the_other_waits(self):
        """A report may come before the mail is sent: retried, it is sent once."""
        message = self.post_to_queue(self.alice + self.bob)
        _to_alice, to_bob = self.trackings_of(message)
        to_bob._add_events({"event_type": "hard_bounce", "source": "dsn"})
        to_bob._update_state()
        self.merge(self.bob, self.alice)
        with sending():
            to_bob._retry()
        self.assertEqual(len(self.smtp.messages), 1)
        states = sorted(self.trackings_of(message).mapped("state"))
        self.assertEqual(states, ["canceled", "sent"])
        self.assertAgreed(message, "sent", "sent")
