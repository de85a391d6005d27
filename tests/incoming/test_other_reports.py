from itertools import product

from odoo.tests import tagged

from ..helpers.report_case import ReportCase
from ..helpers.reports import report


@tagged("post_install", "-at_install")
class TestOtherReports(ReportCase):
    """Receipts, complaints and automatic replies."""

    def setUp(self):
        super().setUp()
        self.post_to_alice()

    def test_receipt(self):
        content = (
            "Final-Recipient: rfc822;alice@example.com\n"
            f"Original-Message-ID: {self.message.message_id}\n"
            "Disposition: manual-action/MDN-sent-manually; {}\n"
        )
        kind = "message/disposition-notification"
        values = {"report_type": "disposition-notification", "to": self.bounce}
        for sender, disposition, headers, state in (
            ("eve@example.com", "displayed", "", "sent"),
            ("alice@example.com", "deleted", "", "sent"),
            ("alice@example.com", "displayed", "", "opened"),
        ):
            with self.subTest(sender=sender, disposition=disposition):
                source = report(
                    content.format(disposition),
                    kind,
                    sender=sender,
                    returned=headers,
                    **values,
                )
                self.assertFalse(self.receive(source))
                self.assertEqual(self.tracking.state, state)
        self.assertEqual(self.last_event().event_type, "read")
        self.assertEqual(self.last_event().source, "gateway")
        self.assertBounced(self.alice, 0, self.message)

    def test_receipt_with_the_headers_of_the_mail(self):
        source = report(
            "Final-Recipient: rfc822;alice@elsewhere.test\n"
            "Disposition: manual-action/MDN-sent-manually; displayed\n",
            "message/disposition-notification",
            returned=self.headers_of("alice@example.com"),
            report_type="disposition-notification",
            sender="alice@elsewhere.test",
            to=self.bounce,
        )
        self.receive(source)
        self.assertEqual(self.tracking.state, "opened")
        self.assertEqual(self.last_event().source, "mdn")
        self.assertBounced(self.alice, 0, self.message)

    def complaint(self, feedback, address):
        return report(
            f"Feedback-Type: {feedback}\nOriginal-Rcpt-To: {address}\n",
            "message/feedback-report",
            returned=self.headers_of("alice@example.com"),
            returned_type="message/rfc822",
            report_type="feedback-report",
            sender="fbl@isp.test",
            to=self.bounce,
        )

    def test_complaint(self):
        self.receive(self.complaint("not-spam", "alice@example.com"))
        self.assertTracked(self.tracking, "sent", ["queued", "sent", "other"])
        source = self.complaint("abuse", "redacted")
        self.receive(source)
        self.receive(source)
        self.assertTracked(self.tracking, "spam", ["queued", "sent", "other", "spam"])
        self.assertEqual(self.last_event().source, "arf")
        self.assertBounced(self.alice, 0, self.message)

    def test_complaint_about_another_recipient(self):
        """All recipients of a message have its Message-Id, some share its token."""
        message = self.post(self.alice + self.bob)
        to_alice, to_bob = self.trackings_of(message)
        by_message_id = f"Message-Id: {message.message_id}"
        shared = self.new_mail(email_to="one@example.com, two@example.com")
        self.send(shared)
        one, two = self.trackings_of(shared)
        of_alice = self.complaint("abuse", "x").partition("message/rfc822\n\n")[2]
        of_alice = of_alice.partition("\n--B")[0]
        for feedback, (address, returned) in product(
            ("abuse", "opt-out"),
            (
                ("bob@example.com", by_message_id),
                ("two@example.com", self.headers_of("one@example.com")),
                ("two@example.com", f"Message-Id: {shared.message_id}"),
            ),
        ):
            source = self.complaint(feedback, address).replace(of_alice, returned)
            with self.subTest(feedback=feedback, returned=returned):
                self.assertFalse(self.receive(source))
                states = (to_alice + to_bob + one + two).mapped("state")
                self.assertEqual(states, ["sent"] * 4)
        source = self.complaint("abuse", "bob@example.com")
        self.receive(source)  # with the token of Alice, who speaks for herself
        self.assertEqual((to_alice + to_bob).mapped("state"), ["spam", "sent"])
        own = self.headers_of("bob@example.com")
        source = self.complaint("opt-out", "bob@example.com").replace(of_alice, own)
        self.receive(source)
        self.assertEqual(to_bob.state, "unsub")

    def test_receipt_with_a_token_that_several_share(self):
        mail = self.new_mail(email_to="one@example.com, two@example.com")
        self.send(mail)
        source = report(
            "Final-Recipient: rfc822;two@example.com\n"
            "Disposition: manual-action/MDN-sent-manually; displayed\n",
            "message/disposition-notification",
            returned=self.headers_of("one@example.com"),
            report_type="disposition-notification",
            sender="one@example.com",
            to=self.bounce,
        )
        self.assertFalse(self.receive(source))
        self.assertEqual(self.trackings_of(mail).mapped("state"), ["sent", "sent"])

    def out_of_office(self, sender, to):
        return (
            f"From: {sender}\nTo: {to}\nSubject: Out of office\n"
            "Message-Id: <ooo@example.com>\nAuto-Submitted: auto-replied\n"
            f"In-Reply-To: {self.message.message_id}\n\nI am away"
        )

    def test_out_of_office(self):
        self.receive(self.out_of_office("eve@example.com", self.bounce))
        self.assertTracked(self.tracking, "sent", ["queued", "sent"])
        self.receive(self.out_of_office("Alice <alice@example.com>", self.bounce))
        self.assertTracked(self.tracking, "delivered", ["queued", "sent", "auto_reply"])
        self.assertBounced(self.alice, 0, self.message)

    def test_out_of_office_for_which_there_is_no_place(self):
        mail = self.new_mail(email_to="gone@example.com", auto_delete=True)
        message_id = mail.message_id
        self.send(mail)
        tracking = self.Tracking.search([("message_id", "=", message_id)])
        nowhere = f"nobody@{self.env.company.alias_domain_id.name}"
        for sender, is_recipient in (
            ("eve@example.com", False),
            ("gone@example.com", True),
        ):
            source = self.out_of_office(sender, nowhere)
            source = source.replace(self.message.message_id, message_id)
            if is_recipient:
                self.assertFalse(self.receive(source))
            else:
                with self.assertRaises(ValueError):  # as in plain core
                    self.receive(source)
        self.assertTracked(tracking, "delivered", ["queued", "sent", "auto_reply"])

    def test_out_of_office_in_the_chatter(self):
        catchall = self.env.company.catchall_email
        before = self.document.message_ids
        self.receive(self.out_of_office("alice@example.com", catchall))
        self.assertEqual(len(self.document.message_ids - before), 1)
        self.assertTracked(self.tracking, "delivered", ["queued", "sent", "auto_reply"])
