from odoo.tests import tagged

from ..helpers.report_case import ReportCase


@tagged("post_install", "-at_install")
class TestBouncesByMail(ReportCase):
    """Bounces without a format about one mail to three recipients."""

    def setUp(self):
        super().setUp()
        names = ("one", "two", "three")
        self.partners = self.env["res.partner"].create(
            [{"name": name, "email": f"{name}@example.com"} for name in names]
        )
        addresses = ", ".join(self.partners.mapped("email"))
        self.mail = self.new_mail(email_to=addresses, auto_delete=False)
        self.send(self.mail)
        self.trackings = self.trackings_of(self.mail)
        self.assertEqual(set(self.trackings.mapped("state")), {"sent"})

    def bounce_of(self, text, sender="postmaster@example.com", returned=None):
        returned = returned or f"Message-Id: {self.mail.message_id}\nTo: x@y.test"
        return (
            f"From: {sender}\nTo: {self.bounce}\nSubject: Undeliverable\n"
            f"Message-Id: <words@example.com>\n\n{text}\n\n"
            f"--- Below this line is a copy.\n\n{returned}\n"
            "Subject: mailbox full\n\nBody\n"
        )

    def states(self):
        self.trackings.invalidate_recordset()
        by_address = {t.recipient_address: t.state for t in self.trackings}
        return [by_address[address] for address in self.partners.mapped("email")]

    def test_by_message_id_alone(self):
        self.receive(self.bounce_of("<two@example.com>:\n550 User unknown"))
        self.assertEqual(self.states(), ["sent", "bounced", "sent"])
        self.assertEqual(self.partners.mapped("message_bounce"), [0, 1, 0])

    def test_with_the_token(self):
        returned = f"X-Odoo-Mail-Tracking: {self.trackings[0].token}"
        text = (
            "<two@example.com>:\n550 User unknown\n\n<three@example.com>:\nover quota"
        )
        self.receive(self.bounce_of(text, returned=returned))
        self.assertEqual(self.states(), ["sent", "bounced", "soft_bounced"])

    def test_who_is_only_mentioned(self):
        text = (
            "The mail of two@example.com was not accepted, 550 5.7.1 taken for spam.\n"
            "helpdesk@gateway.test\n"
        )
        self.receive(self.bounce_of(text))
        self.assertEqual(self.states(), ["sent", "rejected", "sent"])

    def test_whatever_the_sender_looks_like(self):
        for number, sender in enumerate(("", "<>", '"Mailer Daemon" <x@y.test>')):
            with self.subTest(sender):
                address = self.partners[number].email
                text = f"Sorry, {address} is not a known user here."
                source = self.bounce_of(text, sender=sender)
                self.receive(source.replace("<words@", f"<words{number}@"))
                self.assertEqual(self.states()[number], "bounced")

    def test_nobody_is_named(self):
        self.receive(self.bounce_of("The mail could not be delivered."))
        self.assertEqual(self.states(), ["sent", "sent", "sent"])

    def test_what_cannot_be_used_is_core_s(self):
        source = self.bounce_of(
            "<two@example.com>:\n550 User unknown", returned="Subject: unknown"
        )
        self.assertFalse(self.receive(source))
        self.assertEqual(self.states(), ["sent", "sent", "sent"])
