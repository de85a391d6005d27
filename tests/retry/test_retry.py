import base64

from odoo.tests import tagged

from ..helpers.failed_case import FailedCase
from ..helpers.smtp_server import pixel_urls


@tagged("post_install", "-at_install")
class TestRetry(FailedCase):
    """The mail goes again to those who did not get it, and to nobody else."""

    def test_only_the_chosen_recipient(self):
        message, trackings = self.post_failed(self.alice + self.bob + self.carol)
        alice, bob, carol = trackings
        del self.smtp.refused["bob@example.com"]
        self.assertEqual(self.retry(bob), (bob, []))
        self.assertEqual(self.sent_to(), ["bob@example.com"])
        self.assertTracked(
            bob, "sent", ["queued", "error", "queued", "sent"], attempt=2
        )
        for other in alice + carol:
            self.assertTracked(other, "error", ["queued", "error"], attempt=1)
        # The button of core finds nobody in the old mail who has got it.
        old = self.mails_of(message)
        self.assertEqual(old.recipient_ids, self.alice + self.carol)
        self.assertEqual(alice.mail_id, old.id)

    def test_everybody_one_by_one(self):
        message, trackings = self.post_failed(self.alice + self.bob + self.carol)
        self.smtp.refused = {"alice@example.com": "550 5.1.1 No such user"}
        retried, obstacles = self.retry(trackings)
        self.assertEqual((retried, obstacles), (trackings, []))
        # Alice is refused again, and keeps the others from nothing.
        self.assertEqual(self.sent_to(), ["bob@example.com", "carol@example.com"])
        self.assertEqual(trackings.mapped("state"), ["error", "sent", "sent"])
        self.assertEqual(trackings.mapped("attempt"), [2, 2, 2])
        self.assertEqual(self.mails_of(message).recipient_ids, self.alice)
        statuses = {
            n.res_partner_id: n.notification_status
            for n in message.sudo().notification_ids
        }
        self.assertEqual(
            statuses,
            {self.alice: "exception", self.bob: "sent", self.carol: "sent"},
        )
        self.assertEqual(self.failures_of(self.author), 1)
        self.smtp.refused.clear()
        self.retry(trackings)
        self.assertEqual(self.sent_to(), ["alice@example.com"])
        self.assertFalse(self.mails_of(message))
        self.assertTrue(message.exists())
        self.assertEqual(self.failures_of(self.author), 0)

    def test_very_many_are_left_to_the_queue(self):
        _message, trackings = self.post_failed(self.alice + self.bob)
        self.env["ir.config_parameter"].set_param("mail.mail.force.send.limit", "2")
        self.smtp.refused.clear()
        with self.capture_triggers("mail.ir_cron_mail_scheduler_action") as triggers:
            self.assertEqual(self.retry(trackings), (trackings, []))
        self.assertEqual(self.sent_to(), [])
        self.assertEqual(trackings.mapped("state"), ["waiting", "waiting"])
        self.assertTrue(triggers.records)

    def test_twice_is_once(self):
        _message, tracking = self.post_failed(self.alice)
        self.smtp.refused.clear()
        self.assertEqual(self.retry(tracking)[0], tracking)
        self.assertEqual(self.retry(tracking), (self.Tracking, []))
        self.assertEqual(self.sent_to(), [])

    def test_same_mail_with_its_attachment_and_headers(self):
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.author)
            .create({"name": "offer.txt", "raw": b"An offer", "mimetype": "text/plain"})
        )
        message, tracking = self.post_failed(
            self.alice, attachment_ids=attachment.ids, mail_headers={"X-Own": "kept"}
        )
        self.smtp.refused.clear()
        self.retry(tracking)
        sent = self.smtp.message_to("alice@example.com")
        self.assertEqual(sent["Message-Id"], message.message_id)
        self.assertEqual(sent["X-Own"], "kept")
        self.assertIn("Hello", sent.get_body(("html",)).get_content())
        (part,) = sent.iter_attachments()
        self.assertEqual(part.get_filename(), "offer.txt")
        self.assertEqual(base64.b64decode(part.get_payload()), b"An offer")
        self.assertIn(tracking.token, pixel_urls(sent)[0])

    def test_corrected_address(self):
        _message, tracking = self.post_failed(self.alice)
        self.alice.email = "alice.able@example.com"
        self.retry(tracking)
        self.assertEqual(self.sent_to(), ["alice.able@example.com"])
        self.assertEqual(tracking.recipient_address, "alice.able@example.com")

    def test_raw_addresses(self):
        self.smtp.refused["raw@example.com"] = "550 5.1.1 No such user"
        message = self.post(
            self.alice[:0], outgoing_email_to="raw@example.com, good@example.com"
        )
        refused, good = self.trackings_of(message).sorted(
            "recipient_address", reverse=True
        )
        self.assertEqual((refused.state, good.state), ("error", "sent"))
        self.smtp.refused.clear()
        self.assertEqual(self.retry(refused, self.env.user), (refused, []))
        self.assertEqual(self.sent_to(), ["raw@example.com"])
        self.assertTracked(
            refused, "sent", ["queued", "error", "queued", "sent"], attempt=2
        )
        self.assertEqual(self.trackings_of(message), good + refused)

    def test_mail_with_a_message_of_its_own(self):
        self.smtp.refused["alice@example.com"] = "550 5.1.1 No such user"
        mail = self.new_mail(
            recipient_ids=(self.alice + self.bob).ids, email_to="first@example.com"
        )
        self.send(mail)
        trackings = self.trackings_of(mail)
        failed = trackings.filtered("is_failed")
        self.assertEqual(failed.partner_id, self.alice + self.bob)
        admin = self.env.ref("base.user_admin")
        self.smtp.refused.clear()
        self.assertEqual(self.retry(failed, admin), (failed, []))
        self.assertEqual(self.sent_to(), ["alice@example.com", "bob@example.com"])
        self.assertEqual(self.trackings_of(mail), trackings)
        self.assertEqual(set(trackings.mapped("state")), {"sent"})

    def test_mail_of_its_own_retried_for_one_then_for_the_other(self):
        self.smtp.stop()
        mail = self.new_mail(recipient_ids=(self.alice + self.bob).ids)
        self.send(mail)
        alice, bob = self.trackings_of(mail).sorted(lambda t: t.partner_id.id)
        admin = self.env.ref("base.user_admin")
        # Tests do not send outside of `sending`: the first is still in the queue.
        alice.with_user(admin)._retry()
        bob.with_user(admin)._retry()
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.recipient_ids, self.alice + self.bob)
        self.assertEqual((alice + bob).mapped("attempt"), [2, 2])

    def test_mail_that_deletes_itself_is_kept_for_the_others(self):
        self.smtp.refused["alice@example.com"] = "550 5.1.1 No such user"
        self.smtp.refused["bob@example.com"] = "550 5.1.1 No such user"
        mail = self.new_mail(
            recipient_ids=(self.alice + self.bob).ids, auto_delete=True
        )
        self.send(mail)
        by_partner = self.trackings_of(mail).grouped("partner_id")
        admin = self.env.ref("base.user_admin")
        self.smtp.refused.clear()
        self.retry(by_partner[self.alice], admin)
        self.retry(by_partner[self.bob], admin)
        self.assertEqual(self.sent_to(), ["bob@example.com"])
        self.assertEqual(set(self.trackings_of(mail).mapped("state")), {"sent"})
