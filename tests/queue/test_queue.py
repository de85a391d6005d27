from odoo.tests import tagged

from odoo.addons.mail.tools.discuss import Store

from ..helpers.smtp_server import sending
from ..helpers.tracking_case import TrackingCase


@tagged("post_install", "-at_install")
class TestQueue(TrackingCase):
    """Mails in the queue are cancelled, deleted, retried or copied."""

    def test_canceled_and_deleted_in_the_queue(self):
        canceled = self.new_mail(recipient_ids=self.alice.ids)
        canceled.cancel()
        self.assertTracked(
            self.trackings_of(canceled), "canceled", ["queued", "canceled"]
        )
        deleted = self.new_mail(recipient_ids=self.alice.ids)
        tracking = self.trackings_of(deleted)
        deleted.unlink()
        self.assertTracked(tracking, "canceled", ["queued", "canceled"])

    def test_created_as_canceled(self):
        mail = self.new_mail(
            recipient_ids=self.alice.ids, state="cancel", failure_type="mail_bl"
        )
        self.assertTracked(
            self.trackings_of(mail), "canceled", ["canceled"], error_type="mail_bl"
        )

    def test_auto_delete(self):
        tracking = self.trackings_of(
            self.new_mail(recipient_ids=self.alice.ids, auto_delete=True)
        )
        mail = self.env["mail.mail"].browse(tracking.mail_id)
        message = mail.mail_message_id
        self.send(mail)
        self.assertFalse(mail.exists() or message.exists())
        self.assertTracked(tracking, "sent", ["queued", "sent"], name="A subject")

    def test_canceled_mail_keeps_its_message(self):
        """Only sending deletes it: until then the chatter shows what it has of it."""
        self.env["mail.blacklist"]._add("alice@example.com")
        composer = self.env["mail.compose.message"].with_context(
            default_composition_mode="mass_mail",
            default_model="res.partner",
            default_res_ids=self.alice.ids,
        )
        mail, _messages = composer.create(
            {"subject": "Offer", "body": "<p>x</p>", "auto_delete": True}
        )._action_send_mail()
        message = mail.mail_message_id
        tracking = self.trackings_of(message)
        self.assertTracked(tracking, "canceled", ["canceled"], error_type="mail_bl")
        listed = Store().add(message).get_result()["mail.notification"]
        self.assertEqual([n["tracking"][0] for n in listed], ["canceled"])
        mail.mark_outgoing()
        self.assertFalse(self.trackings_of(message), "sending deletes the message")
        self.send(mail)
        self.assertFalse(message.exists())
        self.assertTracked(tracking, "sent", ["canceled", "queued", "sent"])

    def test_canceled_template_mail_shows_in_the_chatter(self):
        place = {"model": "res.partner", "res_id": self.document.id}
        mail = self.new_mail(recipient_ids=self.alice.ids, auto_delete=True, **place)
        tracking = self.trackings_of(mail)
        self.assertFalse(tracking.mail_message_id)
        mail.cancel()
        self.assertEqual(tracking.mail_message_id, mail.mail_message_id)
        (shown,) = Store().add(mail.mail_message_id).get_result()["mail.message"]
        self.assertEqual(shown["tracking_recipients"][0][4], "canceled")
        mail.unlink()
        self.assertFalse(tracking.mail_message_id)

    def test_many_canceled_mails_take_no_more_statements(self):
        place = {"model": "res.partner", "res_id": self.document.id}
        counts = []
        for number in (2, 12):
            mails = self.env["mail.mail"]
            for _mail in range(number):
                values = {"recipient_ids": self.alice.ids, "auto_delete": True}
                mails += self.new_mail(**values, **place)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            mails.write({"state": "cancel"})
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            linked = self.env["mail.tracking.email"].search_count(
                [("mail_message_id", "in", mails.mail_message_id.ids)]
            )
            self.assertEqual(linked, number)
        self.assertLessEqual(counts[1], counts[0])

    def test_failed_template_mail_shows_until_it_is_sent(self):
        """Core keeps its message in the chatter, without any notification."""
        author = self.env.user.partner_id
        self.smtp.refused["bob@example.com"] = "550 5.1.1 No such user"
        mail = self.new_mail(
            recipient_ids=(self.alice + self.bob).ids,
            author_id=author.id,
            auto_delete=True,
            model="res.partner",
            res_id=self.document.id,
        )
        message = mail.mail_message_id
        self.send(mail)
        trackings = self.trackings_of(message)
        self.assertEqual(len(trackings), 2)
        failed = trackings.filtered(lambda t: t.partner_id == self.bob)
        self.assertEqual(failed.error_type, "address_unknown")
        (shown,) = Store().add(message).get_result()["mail.message"]
        states = [recipient[4] for recipient in shown["tracking_recipients"]]
        self.assertIn("error", states)
        self.assertEqual(self.document.mail_tracking_state, "error")
        self.assertEqual(self.Tracking._failed_counters(author.ids)[author.id], 1)
        self.smtp.refused.clear()
        with sending():
            retried, problems = trackings._retry()
        self.assertFalse(problems)
        self.assertIn(failed, retried)
        self.assertFalse(message.exists())
        self.assertEqual(set(trackings.mapped("state")), {"sent"})
        copies = [self.smtp.copies(f"{name}@example.com") for name in ("alice", "bob")]
        self.assertEqual(copies, [1, 1])
        self.assertEqual(self.Tracking._failed_counters(author.ids)[author.id], 0)

    def test_failed_mail_that_no_chatter_shows_keeps_no_message(self):
        self.smtp.refused["bob@example.com"] = "550 5.1.1 No such user"
        user = {"message_type": "user_notification", "model": "res.partner"}
        for values in ({}, {**user, "res_id": self.document.id}):
            mail = self.new_mail(email_to="bob@example.com", auto_delete=True, **values)
            self.send(mail)
            self.assertEqual(self.trackings_of(mail).state, "error")
            self.assertFalse(self.trackings_of(mail).mail_message_id)

    def test_retried_by_the_buttons_of_the_mail(self):
        self.smtp.refused["alice@example.com"] = "550 5.1.1 No such user"
        message = self.post(self.alice)
        tracking = self.trackings_of(message)
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.alice.email = "alice.able@example.com"
        mail.action_retry()
        self.assertTracked(
            tracking,
            "waiting",
            ["queued", "error", "queued"],
            attempt=2,
            error_type=False,
        )
        self.send(mail)
        self.assertTracked(
            tracking,
            "sent",
            ["queued", "error", "queued", "sent"],
            attempt=2,
            recipient_address="alice.able@example.com",
        )
        self.assertEqual(self.trackings_of(message), tracking)
        attempts = tracking.tracking_event_ids.sorted("id").mapped("attempt")
        self.assertEqual(attempts, [1, 1, 2, 2])

    def test_copies_for_personal_servers(self):
        user = self.env.user
        self.mail_server.write(
            {"owner_user_id": user.id, "from_filter": user.email_normalized}
        )
        user.outgoing_mail_server_id = self.mail_server
        self.env["ir.config_parameter"].set_param(
            "mail.server.personal.limit.minutes", "1"
        )
        message = self.post(self.alice + self.bob, email_from=user.email_formatted)
        trackings = self.trackings_of(message)
        self.assertEqual(trackings.partner_id, self.alice + self.bob)
        self.assertCountEqual(trackings.mapped("state"), ["sent", "waiting"])
        sent = trackings.filtered(lambda t: t.state == "sent")
        waiting = trackings - sent
        self.assertNotEqual(sent.mail_id, waiting.mail_id)
        self.assertEqual(
            self.env["mail.mail"].browse(waiting.mail_id).recipient_ids,
            waiting.partner_id,
        )
