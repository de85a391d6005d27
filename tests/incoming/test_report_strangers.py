from odoo.tests import tagged

from ..helpers.report_case import ReportCase
from ..helpers.reports import report, status


@tagged("post_install", "-at_install")
class TestReportStrangers(ReportCase):
    """Reports about known mails that name nobody of their recipients."""

    def setUp(self):
        super().setUp()
        self.carol = self.env["res.partner"].create(
            {"name": "Carol", "email": "carol@example.com"}
        )
        # One SMTP message to several: a report of a stranger can be about any of them.
        mail = self.new_mail(email_to="one@example.com, two@example.com")
        self.send(mail)
        self.trackings = self.trackings_of(mail)
        self.assertEqual(set(self.trackings.mapped("state")), {"sent"})

    def report_of(self, *addresses):
        secret = self.secret_of("one@example.com")
        content = "\n".join(
            status(address, "failed", "5.1.1", secret if not number else None)
            for number, address in enumerate(addresses)
        )
        returned = self.headers_of("one@example.com")
        return report(content, returned=returned, to=self.bounce)

    def test_counted_once_however_often_it_comes(self):
        for _time in range(3):
            self.receive(self.report_of("carol@example.com"))
        self.assertBounced(self.carol, 1)

    def test_says_nothing_of_the_recipients(self):
        self.receive(self.report_of("carol@example.com"))
        self.assertEqual(set(self.trackings.mapped("state")), {"sent"})
        noted = self.trackings.tracking_event_ids.filtered(
            lambda event: event.event_type == "other"
        )
        self.assertEqual(noted.recipient, "carol@example.com")
        self.assertEqual(noted.diagnostic, "550 5.1.1 no")

    def test_beside_a_recipient(self):
        dan = self.env["res.partner"].create(
            {"name": "Two", "email": "two@example.com"}
        )
        for _time in range(2):
            self.receive(self.report_of("two@example.com", "carol@example.com"))
        self.assertBounced(self.carol, 1)
        self.assertBounced(dan, 1)
        two = self.trackings.filtered(lambda t: t.recipient_address[0] == "t")
        self.assertEqual(two.state, "bounced")
        self.assertEqual((self.trackings - two).state, "sent")

    def test_of_an_unknown_mail_is_core_s(self):
        content = status("carol@example.com", "failed", "5.1.1", None)
        source = report(content, returned="From: x@example.com", to=self.bounce)
        for _time in range(2):
            self.receive(source)
        self.assertBounced(self.carol, 2)
