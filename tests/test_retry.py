import base64

from odoo.tests import tagged
from odoo.tools import html2plaintext

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .failed import FailedCase


@tagged("post_install", "-at_install")
class TestRetry(FailedCase, CronMixinCase):
    """The mail goes again to those who did not get it, and to nobody else."""

    def setUp(self):
        super().setUp()
        self.carol = self.env["res.partner"].create(
            {"name": "Carol", "email": "carol@example.com"}
        )

    def retry(self, trackings, user=None):
        """Retry as a user; give the trackings retried and the list of problems."""
        self.smtp.messages.clear()
        with self.sending():
            retried, problems = trackings.with_user(user or self.author)._retry()
        return retried, list(problems.values())

    def sent_to(self):
        return sorted(
            to for recipients, _text in self.smtp.messages for to in recipients
        )

    def mails_of(self, message):
        return self.env["mail.mail"].search([("mail_message_id", "=", message.id)])

    # === THE MAIL EXISTS ===#
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
        retried, problems = self.retry(trackings)
        self.assertEqual((retried, problems), (trackings, []))
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
        sent = self.sent_message("alice@example.com")
        self.assertEqual(sent["Message-Id"], message.message_id)
        self.assertEqual(sent["X-Own"], "kept")
        self.assertIn("Hello", sent.get_body(("html",)).get_content())
        (part,) = sent.iter_attachments()
        self.assertEqual(part.get_filename(), "offer.txt")
        self.assertEqual(base64.b64decode(part.get_payload()), b"An offer")
        self.assertIn(tracking.token, self.pixel_urls(sent)[0])

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

    # === THE MAIL IS GONE ===#
    def test_made_anew_from_the_message(self):
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.author)
            .create({"name": "offer.txt", "raw": b"An offer", "mimetype": "text/plain"})
        )
        self.author.signature = "<p>Yours, the author</p>"
        self.document.message_subscribe(self.carol.ids)
        message, trackings = self.post_failed(
            self.alice + self.bob,
            attachment_ids=attachment.ids,
        )
        alice, bob = trackings
        original = html2plaintext(self.mails_of(message).body_html)
        follower = self.trackings_of(message) - trackings
        self.mails_of(message).unlink()
        self.smtp.refused.clear()
        self.assertEqual(self.retry(trackings, self.colleague), (trackings, []))
        self.assertEqual(self.sent_to(), ["alice@example.com", "bob@example.com"])
        sent = self.sent_message("alice@example.com")
        self.assertEqual(sent["Message-Id"], message.message_id)
        html = sent.get_body(("html",)).get_content()
        self.assertIn("Hello", html)
        self.assertIn("Yours, the author", html)
        self.assertIn("Author", sent["From"])
        self.assertEqual(
            sent.get_body(("plain",)).get_content().split(), original.split()
        )
        (part,) = sent.iter_attachments()
        self.assertEqual(part.get_filename(), "offer.txt")
        for tracking in alice + bob:
            self.assertTracked(
                tracking, "sent", ["queued", "error", "queued", "sent"], attempt=2
            )
        self.assertEqual(follower.attempt, 1)
        notifications = message.sudo().notification_ids
        self.assertEqual(len(notifications), 3)
        self.assertEqual(
            notifications.grouped("notification_status")["sent"].res_partner_id
            & (self.alice + self.bob),
            self.alice + self.bob,
        )

    def test_made_anew_in_its_layout(self):
        message, tracking = self.post_failed(
            self.alice, email_layout_xmlid="mail.mail_notification_light"
        )
        original = html2plaintext(self.mails_of(message).body_html)
        self.mails_of(message).unlink()
        self.smtp.refused.clear()
        self.retry(tracking)
        sent = self.sent_message("alice@example.com")
        self.assertIn("Powered by", original)
        self.assertEqual(
            sent.get_body(("plain",)).get_content().split(), original.split()
        )

    def test_made_anew_by_somebody_who_works_for_another_company_too(self):
        other = self.env["res.company"].create({"name": "Not the author's"})
        self.colleague.company_ids += other
        message, tracking = self.post_failed(self.alice)
        self.mails_of(message).unlink()
        self.smtp.refused.clear()
        at_both = tracking.with_context(
            allowed_company_ids=(other + self.env.company).ids
        )
        self.assertEqual(self.retry(at_both, self.colleague), (tracking, []))
        self.assertEqual(self.sent_to(), ["alice@example.com"])

    def test_address_added_after_core_has_deleted_the_mail(self):
        nora = self.env["res.partner"].create({"name": "Nora"})
        self.document = self.document.with_user(self.author)
        message = self.post(nora)
        tracking = self.trackings_of(message)
        self.assertFalse(self.mails_of(message))
        retried, (problem,) = self.retry(tracking)
        self.assertFalse(retried)
        self.assertIn("Nora", problem)
        nora.email = "nora@example.com"
        self.assertEqual(self.retry(tracking), (tracking, []))
        self.assertEqual(self.sent_to(), ["nora@example.com"])
        self.assertTracked(
            tracking,
            "sent",
            ["queued", "error", "queued", "sent"],
            attempt=2,
            recipient_address="nora@example.com",
        )

    def test_returned_after_it_was_sent(self):
        self.document = self.document.with_user(self.author)
        message = self.post(self.alice)
        tracking = self.trackings_of(message)
        tracking._add_events({"event_type": "hard_bounce", "source": "dsn"})
        tracking._update_state()
        self.assertEqual(self.failures_of(self.author), 1)
        self.assertEqual(self.retry(tracking), (tracking, []))
        self.assertEqual(self.sent_to(), ["alice@example.com"])
        self.assertTracked(
            tracking,
            "sent",
            ["queued", "sent", "hard_bounce", "queued", "sent"],
            attempt=2,
        )
        self.assertEqual(self.failures_of(self.author), 0)

    def test_raw_address_after_the_mail_is_gone(self):
        self.smtp.refused["raw@example.com"] = "550 5.1.1 No such user"
        message = self.post(self.alice[:0], outgoing_email_to="raw@example.com")
        tracking = self.trackings_of(message)
        self.mails_of(message).unlink()
        self.smtp.refused.clear()
        self.assertEqual(self.retry(tracking, self.env.user), (tracking, []))
        self.assertEqual(self.sent_to(), ["raw@example.com"])
        self.assertEqual(self.trackings_of(message), tracking)
        self.assertEqual(tracking.state, "sent")

    # === NOT POSSIBLE ===#
    def assertRefused(self, tracking, words, user=None):
        """Check that nothing is sent, and why."""
        retried, (problem,) = self.retry(tracking, user)
        self.assertFalse(retried)
        self.assertIn(words, problem)
        self.assertEqual(self.sent_to(), [])
        self.assertEqual(tracking.sudo().attempt, 1)

    def test_marked_as_spam(self):
        _message, tracking = self.post_failed(self.alice)
        tracking._add_events({"event_type": "spam", "source": "arf"})
        tracking._update_state()
        self.assertRefused(tracking, "spam")

    def test_blacklisted_or_opted_out(self):
        _message, tracking = self.post_failed(self.alice)
        self.env["mail.blacklist"]._add("alice@example.com")
        self.assertRefused(tracking, "blacklisted")
        for reason, words in (("mail_bl", "blacklisted"), ("mail_optout", "opted out")):
            mail = self.new_mail(
                recipient_ids=self.alice.ids, state="cancel", failure_type=reason
            )
            admin = self.env.ref("base.user_admin")
            self.assertRefused(self.trackings_of(mail), words, admin)

    def test_somebody_else_has_it_at_that_address(self):
        _message, trackings = self.post_failed(self.alice + self.bob)
        self.smtp.refused.clear()
        self.retry(trackings[1])
        self.alice.email = "bob@example.com"
        self.assertRefused(trackings[0], "bob@example.com")

    def test_document_that_one_may_not_post_on(self):
        message, tracking = self.post_failed(self.alice)
        reader = self.env["res.users"].browse(self.author.id)
        reader.group_ids -= self.env.ref("base.group_partner_manager")
        self.assertTrue(message.with_user(reader).has_access("read"))
        self.assertRefused(tracking, "may not send", reader)

    def test_document_or_mail_that_is_gone(self):
        admin = self.env.ref("base.user_admin")
        message, tracking = self.post_failed(self.alice)
        message.sudo().res_id = tracking.res_id = 2**31 - 1
        self.assertRefused(tracking, "document is gone", admin)
        self.smtp.refused["bob@example.com"] = "550 5.1.1 No such user"
        mail = self.new_mail(recipient_ids=self.bob.ids)
        self.send(mail)
        lost = self.trackings_of(mail)
        mail.unlink()
        self.assertRefused(lost, "deleted", admin)

    def test_button_of_the_technical_list(self):
        _message, trackings = self.post_failed(self.alice + self.bob)
        self.env["mail.blacklist"]._add("alice@example.com")
        self.smtp.refused.clear()
        with self.sending():
            action = trackings.with_user(self.env.ref("base.user_admin")).action_retry()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertEqual(
            action["params"]["message"], "Sent again: 1\nAlice Able is blacklisted."
        )
        self.assertEqual(trackings.mapped("state"), ["error", "sent"])
