from odoo.tests import tagged

from ..helpers.report_case import ReportCase
from ..helpers.reports import report, status


@tagged("post_install", "-at_install")
class TestReportStrangers(ReportCase):
    """Reports about known mails that name none of their recipients."""

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

    def test_left_to_core_which_counts_one(self):
        for time in (1, 2):
            self.receive(self.report_of("carol@example.com", "one@far.test"))
            self.assertBounced(self.carol, time)
        self.assertEqual(set(self.trackings.mapped("state")), {"sent"})
        kinds = self.trackings.tracking_event_ids.mapped("event_type")
        self.assertEqual(set(kinds), {"queued", "sent"})

    def test_left_to_core_though_others_got_it(self):
        """Core would count the first recipient as bounced, who got the mail."""
        secret = self.secret_of("one@example.com")
        content = status("dan@example.com", "delivered", "2.0.0", secret)
        again = status("carol@example.com").partition("\n\n")[2]
        dan = self.env["res.partner"].create({"name": "D", "email": "dan@example.com"})
        self.receive(report(f"{content}\n{again}", to=self.bounce, returned=""))
        self.assertBounced(self.carol, 1)
        self.assertBounced(dan, 0)

    def test_beside_a_recipient(self):
        dan = self.env["res.partner"].create(
            {"name": "Two", "email": "two@example.com"}
        )
        for _time in range(2):
            self.receive(self.report_of("two@example.com", "carol@example.com"))
        self.assertBounced(self.carol, 0)
        self.assertBounced(dan, 1)
        two = self.trackings.filtered(lambda t: t.recipient_address[0] == "t")
        self.assertEqual(two.state, "bounced")
        self.assertEqual((self.trackings - two).state, "sent")

    def test_a_thousand_addresses_of_a_mail_known_by_its_message_id(self):
        message = self.post(self.alice + self.bob)
        first = status("bob@example.com", envelope_id="x")
        names = [f"{number}@example.com" for number in range(1000)]
        others = [status(n).partition("\n\n")[2] for n in ("bob@example.com", *names)]
        content = "\n".join([first, *others])
        returned = f"Message-Id: {message.message_id}"
        before = self.env["mail.tracking.event"].search_count([])
        self.receive(report(content, returned=returned, to=self.bounce))
        self.assertEqual(self.env["mail.tracking.event"].search_count([]), before + 1)
        self.assertBounced(self.bob, 1, message)
        self.document.invalidate_recordset()
        self.assertLessEqual(self.document.message_bounce, 1)

    def test_a_thousand_addresses_of_an_unknown_mail(self):
        partners = self.env["res.partner"].create(
            [{"name": str(n), "email": f"{n}@example.com"} for n in range(30)]
        )
        blocks = [status(partner.email) for partner in partners]
        rest = [block.partition("\n\n")[2] for block in blocks[1:]]
        source = report("\n".join([blocks[0], *rest]), to=self.bounce)
        self.receive(source)
        partners.invalidate_recordset()
        self.assertEqual(partners.mapped("message_bounce"), [1] + [0] * 29)

    def test_passed_on_to_a_thousand(self):
        """A recipient has the token of the mail, and can name any address."""
        message = self.post(self.alice)
        returned = self.headers_of("alice@example.com")
        blocks = [status(f"{number}@far.test") for number in range(100)]
        rest = [block.partition("\n\n")[2] for block in blocks[1:]]
        content = "\n".join([blocks[0], *rest])
        self.receive(report(content, returned=returned, to=self.bounce))
        events = self.trackings_of(message).tracking_event_ids
        self.assertLessEqual(len(events), 12)
        self.assertBounced(self.alice, 1, message)

    def test_of_an_unknown_mail_is_core_s(self):
        content = status("carol@example.com", "failed", "5.1.1", None)
        source = report(content, returned="From: x@example.com", to=self.bounce)
        for _time in range(2):
            self.receive(source)
        self.assertBounced(self.carol, 2)
