from odoo.tests import tagged

from ..helpers.smtp_server import SmtpServer, sending
from ..helpers.tracking_case import TrackingCase


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
        with sending():
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
        self.env["mail.alias.domain"].search([]).default_from = False
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
        self.assertEqual(invalid.recipient, "Ivan <not an address>")
        self.assertTracked(good, "sent", ["queued", "sent"])

    def test_one_of_several_refused(self):
        # Whoever is the first, in an order of core's own.
        answer = "550 5.1.1 No such user"
        self.smtp.refused = dict.fromkeys(
            ("alice@example.com", "bob@example.com", "carol@example.com"), answer
        )
        carol = self.env["res.partner"].create(
            {"name": "Carol", "email": "carol@example.com"}
        )
        message = self.post(self.alice + self.bob + carol)
        trackings = self.trackings_of(message)
        self.assertEqual(trackings.partner_id, self.alice + self.bob + carol)
        by_reason = trackings.grouped("error_type")
        self.assertTracked(
            by_reason["address_unknown"],
            "error",
            ["queued", "error"],
            error_description=answer,
        )
        # Core gives up the rest of the mail.
        self.assertEqual(len(by_reason["not_attempted"]), 2)
        for tracking in by_reason["not_attempted"]:
            self.assertTracked(tracking, "error", ["queued", "error"])
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

    def test_all_refused_in_one_transaction(self):
        self.smtp.refused = {
            "first@example.com": "550 5.1.1 No such user",
            "copy@example.com": "452 4.2.2 Mailbox full",
        }
        mail = self.new_mail(email_to="First@example.com", email_cc="copy@example.com")
        self.send(mail)
        for tracking, reason in zip(
            self.trackings_of(mail), ("address_unknown", "mailbox_full"), strict=True
        ):
            self.assertTracked(
                tracking,
                "error",
                ["queued", "error"],
                error_type=reason,
                error_description=self.smtp.refused[tracking.recipient_address],
            )

    def test_address_with_a_capital_that_is_not_ascii(self):
        self.alice.email = "Älice@example.com"
        tracking = self.trackings_of(self.post(self.alice))
        self.assertEqual([to for to, _text in self.smtp.messages], [[self.alice.email]])
        self.assertTracked(tracking, "sent", ["queued", "sent"])

    def test_server_that_takes_ascii_addresses_only(self):
        self.smtp.stop()
        self.smtp = SmtpServer().start(is_ascii_only=True)
        self.addCleanup(self.smtp.stop)
        self.mail_server.smtp_port = self.smtp.port
        self.alice.email = "älice@example.com"
        mail = self.new_mail(recipient_ids=self.alice.ids)
        self.send(mail)
        self.assertTracked(
            self.trackings_of(mail),
            "error",
            ["queued", "error"],
            error_type="mail_email_invalid",
        )
        shared = self.new_mail(email_to="älice@example.com, bob@example.com")
        self.send(shared)
        trackings = self.trackings_of(shared)
        self.assertEqual(trackings[0].error_type, "mail_email_invalid")
        self.assertIn("SMTPUTF8", trackings[0].error_description)
        # Not asked because of the other one: he is sent to by himself.
        self.assertEqual(trackings[1].error_type, "not_attempted")

    def test_refused_after_data(self):
        self.smtp.answer = "554 5.7.1 Looks like spam"
        tracking = self.trackings_of(self.post(self.alice))
        self.assertTracked(
            tracking,
            "error",
            ["queued", "error"],
            error_type="mail_spam",
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
        with sending():
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
        with sending():
            composer._action_send_mail()
            self.env["mail.mail"].process_email_queue()
        by_partner = {
            t.res_id: t for t in self.Tracking.search([("name", "=", "Mass")])
        }
        self.assertEqual(by_partner[self.alice.id].state, "sent")
        self.assertEqual(by_partner[self.bob.id].state, "canceled")
        self.assertEqual(by_partner[self.bob.id].error_type, "mail_bl")
