from odoo.tests import tagged
from odoo.tools import html2plaintext

from ..helpers.failed_case import FailedCase


@tagged("post_install", "-at_install")
class TestRetryAnew(FailedCase):
    """The mail is gone, and is made anew from its message."""

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
        sent = self.smtp.message_to("alice@example.com")
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
        sent = self.smtp.message_to("alice@example.com")
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

    def test_message_that_was_edited_meanwhile(self):
        """Whoever corrects a message and retries wants the corrected text sent."""
        message, trackings = self.post_failed(self.alice + self.bob + self.carol)
        self.env.cr.execute("UPDATE mail_mail SET create_date = '2020-01-01'")
        self.env.invalidate_all()
        own = message.with_user(self.author)
        self.document._message_update_content(own, body="Corrected")
        self.smtp.refused.clear()
        self.assertEqual(self.retry(trackings[:1]), (trackings[:1], []))
        self.assertEqual(self.sent_to(), ["alice@example.com"])
        sent = self.smtp.message_to("alice@example.com")
        self.assertIn("Corrected", sent.get_body(("html",)).get_content())
        # The others have theirs.
        old = self.mails_of(message)
        self.assertEqual(old.recipient_ids, self.bob + self.carol)
        self.assertEqual(old.state, "exception")
        self.assertEqual(self.retry(trackings[1:]), (trackings[1:], []))
        self.assertEqual(self.sent_to(), ["bob@example.com", "carol@example.com"])
        for address in self.sent_to():
            html = self.smtp.message_to(address).get_body(("html",)).get_content()
            self.assertIn("Corrected", html)
        self.assertFalse(self.mails_of(message))
        for tracking in trackings:
            self.assertEqual((tracking.state, tracking.attempt), ("sent", 2))
        notifications = message.sudo().notification_ids
        self.assertEqual(notifications.mapped("notification_status"), ["sent"] * 3)
        self.assertEqual(self.failures_of(self.author), 0)
