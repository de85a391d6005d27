from odoo.tests import new_test_user, tagged

from ..helpers.failed_case import FailedCase
from ..helpers.smtp_server import sending


@tagged("post_install", "-at_install")
class TestChangedMeanwhile(FailedCase):
    """Changes between the failure and the retry."""

    def setUp(self):
        super().setUp()
        self.message, self.tracking = self.post_failed(self.alice)

    def retry(self, trackings):
        """Retry as the author, with a server that refuses nobody."""
        self.smtp.refused.clear()
        self.smtp.messages.clear()
        with sending():
            retried, obstacles = trackings.with_user(self.author)._retry()
        return retried, list(obstacles.values())

    def merge(self, kept, merged):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        self.come_back_later()
        wizard._merge((kept + merged).ids, kept, extra_checks=False)
        self.env.invalidate_all()

    def come_back_later(self):
        """Go on as in a later request, which reads everything again."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE mail_message SET create_date = '2020-01-01'")
        self.env.invalidate_all()

    def sent_to(self):
        return [recipients for recipients, _text in self.smtp.messages]

    def delete_mail(self):
        mails = self.env["mail.mail"].search(
            [("mail_message_id", "=", self.message.id)]
        )
        mails.unlink()

    # === DOCUMENTS ===#
    def test_document_merged_into_another(self):
        kept = self.env["res.partner"].create({"name": "Kept"})
        self.assertFalse(kept.mail_tracking_state)
        self.merge(kept, self.document.with_env(self.env))
        self.assertEqual(self.message.res_id, kept.id)
        self.assertEqual(self.tracking.res_id, kept.id)
        self.assertEqual(kept.mail_tracking_state, "error")
        counts = self.Tracking._failed_counts("res.partner", kept.ids)
        self.assertEqual(counts[kept.id], 1)
        self.assertEqual(self.retry(self.tracking), (self.tracking, []))

    def test_messages_moved_to_a_document_of_another_model(self):
        channel = self.env["discuss.channel"].create({"name": "Other"})
        self.document.with_env(self.env).message_change_thread(channel)
        self.assertEqual(
            (self.tracking.model, self.tracking.res_id), ("discuss.channel", channel.id)
        )

    def test_other_changes_of_messages_leave_trackings_alone(self):
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.message.sudo().write({"subject": "Changed"})
            self.env.flush_all()

    # === RECIPIENTS ===#
    def test_recipients_of_one_message_merged(self):
        _message, trackings = self.post_failed(self.alice + self.bob)
        self.merge(self.alice, self.bob)
        self.assertEqual(trackings.partner_id, self.alice)
        retried, obstacles = self.retry(trackings)
        self.assertEqual(self.sent_to(), [["alice@example.com"]])
        self.assertEqual(retried.mapped("state"), ["sent"])
        self.assertEqual(obstacles, [], "one of the two is shown, and retried")

    def test_two_recipients_with_one_address(self):
        twin = self.alice.copy({"email": "alice@example.com"})
        _message, trackings = self.post_failed(self.alice + twin)
        retried, obstacles = self.retry(trackings)
        self.assertEqual(self.sent_to(), [["alice@example.com"]])
        self.assertEqual(
            obstacles, ["This email is already being sent to alice@example.com."]
        )
        self.assertEqual(
            self.retry(trackings - retried),
            (self.Tracking, ["This email was already sent to alice@example.com."]),
        )
        # Two messages are not one.
        _message, other = self.post_failed(self.alice)
        self.assertEqual(self.retry(self.tracking + other), (self.tracking + other, []))

    def test_contact_made_of_a_bare_address(self):
        self.smtp.refused["rwa@example.com"] = "550 5.1.1 No such user"
        message = self.post(
            self.bob, outgoing_email_to="rwa@example.com, good@example.com"
        )
        by_address = self.trackings_of(message).grouped("recipient_address")
        raw = by_address["rwa@example.com"]
        self.assertEqual(raw.state, "error")
        contact = self.env["res.partner"].create({"name": "Raw"})
        self.come_back_later()
        self.smtp.refused.clear()
        self.smtp.messages.clear()
        with sending():
            # Not even an address: it must be corrected before.
            retried, obstacles = raw.with_user(self.author)._retry(contact)
            self.assertFalse(retried)
            self.assertEqual(len(obstacles), 1)
            contact.email = "raw@example.com"
            retried, obstacles = raw.with_user(self.author)._retry(contact)
        self.assertEqual((retried, obstacles), (raw, {}))
        self.assertEqual(self.sent_to(), [["raw@example.com"]])
        self.assertTracked(
            raw,
            "sent",
            ["queued", "error", "queued", "sent"],
            partner_id=contact,
            recipient_address="raw@example.com",
        )
        notifications = message.sudo().notification_ids
        of_contact = notifications.filtered(lambda n: n.res_partner_id == contact)
        self.assertEqual(of_contact.notification_status, "sent")
        self.assertEqual(len(notifications), 3)

    def test_bare_address_not_given_to_another_recipient(self):
        self.smtp.refused["rwa@example.com"] = "550 5.1.1 No such user"
        message = self.post(self.bob, outgoing_email_to="rwa@example.com")
        raw = self.trackings_of(message).filtered(lambda t: not t.partner_id)
        reader = new_test_user(self.env, "reader", groups="base.group_user")
        for user, words in (
            (self.author, "Bob Bounce is already a recipient of this email."),
            (reader, "You are not allowed to send messages from this document."),
        ):
            with self.subTest(user=user.login):
                retried, obstacles = raw.with_user(user)._retry(self.bob)
                self.assertEqual(
                    (retried, list(obstacles.values())), (raw[:0], [words])
                )
        self.assertFalse(raw.partner_id)
        self.assertEqual(raw.attempt, 1)

    # === THE MESSAGE ===#
    def test_message_removed_from_the_chatter(self):
        for step in (lambda: None, self.delete_mail):
            step()
            self.document._message_update_content(
                self.message.sudo(), body="", attachment_ids=[]
            )
            words = ["The email was deleted. There is nothing left to send."]
            self.assertEqual(self.retry(self.tracking), (self.Tracking, words))
            self.assertEqual(self.sent_to(), [])
