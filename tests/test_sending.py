from odoo.tests import tagged

from .common import TrackingCase
from .smtp_server import SmtpServer


@tagged("post_install", "-at_install")
class TestSending(TrackingCase):
    def test_accepted_by_the_server(self):
        message = self.post(self.alice + self.bob)
        trackings = self.trackings_of(message)
        self.assertEqual(trackings.partner_id, self.alice + self.bob)
        for tracking in trackings:
            self.assertTracked(
                tracking,
                "sent",
                ["queued", "sent"],
                name=message.subject or message.record_name,
                mail_message_id=message,
                message_id=message.message_id,
                model="res.partner",
                res_id=self.document.id,
                recipient_type="to",
                attempt=1,
                error_type=False,
            )
            sent = tracking.tracking_event_ids.filtered(
                lambda event: event.event_type == "sent"
            )
            self.assertEqual(sent.server, "127.0.0.1")
            self.assertEqual(sent.source, "smtp")
            self.assertEqual(sent.diagnostic, "250 2.0.0 Ok: queued as TEST")
            self.assertEqual(tracking.state_time, sent.time)
        self.assertEqual(len(self.smtp.messages), 2)

    def test_waiting_while_queued_or_scheduled(self):
        queued = self.new_mail(recipient_ids=self.alice.ids)
        later = self.new_mail(email_to="x@example.com", scheduled_date="2099-01-01")
        for mail in queued + later:
            self.assertTracked(self.trackings_of(mail), "waiting", ["queued"])
        with self.sending():
            self.env["mail.mail"].process_email_queue()
        self.assertTracked(self.trackings_of(queued), "sent", ["queued", "sent"])
        self.assertTracked(self.trackings_of(later), "waiting", ["queued"])

    def test_created_in_one_batch(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{i}", "email": f"p{i}@example.com"} for i in range(60)]
        )
        message = self.post(partners)
        self.assertEqual(self.trackings_of(message).mapped("state"), ["sent"] * 60)
        self.assertEqual(len(set(self.trackings_of(message).mapped("token"))), 60)

    def test_connection_refused(self):
        self.smtp.stop()
        tracking = self.trackings_of(self.post(self.alice))
        self.assertTracked(
            tracking, "error", ["queued", "error"], error_type="mail_smtp"
        )
        self.assertIn("refused", tracking.error_description)

    def test_authentication_failed(self):
        self.smtp.stop()
        self.smtp = SmtpServer().start(refuses_logins=True)
        self.addCleanup(self.smtp.stop)
        self.mail_server.write(
            {
                "smtp_port": self.smtp.port,
                "smtp_authentication": "login",
                "smtp_user": "odoo",
                "smtp_pass": "wrong",
            }
        )
        tracking = self.trackings_of(self.post(self.alice))
        self.assertTracked(
            tracking, "error", ["queued", "error"], error_type="auth_failed"
        )
        self.assertTrue(tracking.error_description.startswith("535 "))
        self.assertEqual(tracking.tracking_event_ids[0].server, "127.0.0.1")

    def test_missing_sender(self):
        mail = self.new_mail(
            email_from=False, recipient_ids=(self.alice + self.bob).ids
        )
        self.mail_server.from_filter = False
        self.env["mail.alias.domain"].search([]).unlink()
        self.send(mail)
        for tracking in self.trackings_of(mail):
            self.assertTracked(
                tracking, "error", ["queued", "error"], error_type="mail_from_missing"
            )

    def test_no_recipient_at_all(self):
        mail = self.new_mail()
        self.send(mail)
        tracking = self.trackings_of(mail)
        self.assertTracked(
            tracking, "error", ["queued", "error"], error_type="mail_email_missing"
        )
        self.assertFalse(tracking.recipient)

    def test_partner_without_address_and_with_an_invalid_one(self):
        nora, ivan = self.env["res.partner"].create(
            [{"name": "Nora"}, {"name": "Ivan", "email": "not an address"}]
        )
        message = self.post(nora + ivan + self.alice)
        no_address, invalid, good = (
            self.trackings_of(message).filtered(lambda t, p=p: t.partner_id == p)
            for p in (nora, ivan, self.alice)
        )
        self.assertTracked(
            no_address, "error", ["queued", "error"], error_type="mail_email_missing"
        )
        self.assertEqual(no_address.recipient, "Nora")
        self.assertFalse(no_address.error_description)
        self.assertTracked(
            invalid, "error", ["queued", "error"], error_type="mail_email_invalid"
        )
        self.assertTracked(good, "sent", ["queued", "sent"])

    def test_one_of_several_refused(self):
        self.smtp.refused["alice@example.com"] = "550 5.1.1 No such user"
        carol = self.env["res.partner"].create(
            {"name": "Carol", "email": "carol@example.com"}
        )
        message = self.post(self.alice + self.bob + carol)
        by_partner = {t.partner_id: t for t in self.trackings_of(message)}
        self.assertTracked(
            by_partner[self.alice],
            "error",
            ["queued", "error"],
            error_type="address_unknown",
            error_description="550 5.1.1 No such user",
        )
        for partner in self.bob + carol:  # core gives up the rest of the mail
            self.assertTracked(
                by_partner[partner],
                "error",
                ["queued", "error"],
                error_type="not_attempted",
            )
        self.assertFalse(self.smtp.messages)

    def test_no_address_beside_a_refused_one(self):
        self.smtp.refused["alice@example.com"] = "550 5.1.1 No such user"
        nora = self.env["res.partner"].create({"name": "Nora"})
        message = self.post(self.alice + nora)
        tracking = self.trackings_of(message).filtered(lambda t: t.partner_id == nora)
        self.assertTracked(
            tracking,
            "error",
            ["queued", "error"],
            error_type="mail_email_missing",
            error_description=False,  # what the server said of Alice is not Nora's
        )

    def test_partial_refusal_in_one_transaction(self):
        self.smtp.refused["copy@example.com"] = "452 4.2.2 Mailbox full"
        mail = self.new_mail(
            email_to="first@example.com", email_cc="Copy <copy@example.com>"
        )
        self.send(mail)
        first, copy = self.trackings_of(mail)
        self.assertTracked(first, "sent", ["queued", "sent"], recipient_type="to")
        self.assertTracked(
            copy,
            "error",
            ["queued", "error"],
            recipient_type="cc",
            recipient='"Copy" <copy@example.com>',
            error_type="mailbox_full",
            error_description="452 4.2.2 Mailbox full",
        )

    def test_refused_after_data(self):
        self.smtp.answer = "554 5.7.1 Looks like spam"
        tracking = self.trackings_of(self.post(self.alice))
        self.assertTracked(
            tracking,
            "error",
            ["queued", "error"],
            error_type="policy",
            error_description="554 5.7.1 Looks like spam",
        )

    def test_several_raw_addresses_share_one_message(self):
        mail = self.new_mail(email_to="One <one@example.com>, two@example.com, bad")
        self.send(mail)
        one, two, *bad = self.trackings_of(mail)
        self.assertTracked(one, "sent", ["queued", "sent"])
        self.assertTracked(two, "sent", ["queued", "sent"])
        self.assertEqual(one.token, two.token)
        self.assertEqual(len(self.smtp.messages), 1)
        for tracking in bad:
            self.assertTracked(
                tracking, "error", ["queued", "error"], error_type="mail_email_invalid"
            )

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

    def test_mail_of_a_template(self):
        template = self.env["mail.template"].create(
            {
                "name": "Welcome",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "subject": "Welcome",
                "body_html": "<p>Hi</p>",
                "partner_to": "{{ object.id }}",
                "auto_delete": True,
            }
        )
        with self.sending():
            template.send_mail(self.alice.id, force_send=True)
        tracking = self.Tracking.search([("name", "=", "Welcome")])
        self.assertTracked(
            tracking,
            "sent",
            ["queued", "sent"],
            partner_id=self.alice,
            model="res.partner",
            res_id=self.alice.id,
        )

    def test_mass_mode_of_the_composer(self):
        documents = self.alice + self.bob
        self.env["mail.blacklist"]._add("bob@example.com")
        composer = self.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "res_ids": str(documents.ids),
                "subject": "Mass",
                "body": "<p>Hi</p>",
                "use_exclusion_list": True,
                "partner_ids": [(6, 0, [])],
            }
        )
        with self.sending():
            composer._action_send_mail()
            self.env["mail.mail"].process_email_queue()
        by_partner = {
            t.res_id: t for t in self.Tracking.search([("name", "=", "Mass")])
        }
        self.assertEqual(by_partner[self.alice.id].state, "sent")
        self.assertEqual(by_partner[self.bob.id].state, "canceled")
        self.assertEqual(by_partner[self.bob.id].error_type, "mail_bl")
