import json

from odoo.tests import tagged

from ..helpers.reader_case import ReaderCase
from ..helpers.reports import report, status

HEAD = "To: us@our.test\nSubject: x\nMIME-Version: 1.0\nContent-Type: {}\n\n{}"


@tagged("post_install", "-at_install")
class TestNotices(ReaderCase):
    """Reports in forms of their own, and those that somebody has changed."""

    def ses(self, **value):
        value["mail"] = {"commonHeaders": {"messageId": "<m1@our.test>"}}
        text = f"{json.dumps(value)}\n\n--\nTo unsubscribe, click here.\n"
        head = HEAD.format("text/plain; charset=utf-8", text)
        return self.read(f"From: SES <no-reply@sns.amazonaws.com>\n{head}")

    def test_amazon_ses(self):
        bounced = {
            "emailAddress": "a@x.test",
            "status": "5.1.1",
            "diagnosticCode": "smtp; 550 5.1.1 user unknown",
        }
        mail_report = self.ses(
            notificationType="Bounce", bounce={"bouncedRecipients": [bounced]}
        )
        (reported,) = mail_report.recipients
        self.assertEqual(mail_report.kind, "bounce")
        self.assertEqual(mail_report.message_ids, ("<m1@our.test>",))
        self.assertEqual(reported.addresses, ["a@x.test"])
        self.assertEqual(reported.event()["event_type"], "hard_bounce")
        self.assertEqual(reported.event()["error_type"], "address_unknown")
        complained = {"complainedRecipients": [{"emailAddress": "a@x.test"}]}
        mail_report = self.ses(notificationType="Complaint", complaint=complained)
        self.assertEqual(mail_report.kind, "arf")
        self.assertEqual(mail_report.recipients[0].event()["event_type"], "spam")
        self.assertIsNone(self.ses(notificationType="Delivery"))
        self.assertIsNone(self.ses(notificationType="Bounce", bounce=[]))

    def test_microsoft_jmrp(self):
        mail = (
            "--B\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: a@x.test\n"
            "Message-ID: <m1@our.test>\n\nHello\n--B--\n"
        )
        head = HEAD.format("multipart/mixed; boundary=B", mail)
        mail_report = self.read(f"From: staff@hotmail.com\n{head}")
        self.assertEqual(mail_report.kind, "arf")
        self.assertEqual(mail_report.message_ids, ("<m1@our.test>",))
        self.assertEqual(mail_report.recipients[0].event()["event_type"], "spam")
        self.assertIsNone(self.read(f"From: joe@x.test\n{head}"))

    def test_complaint_about_several(self):
        content = "".join(
            ["Feedback-Type: abuse\n"]
            + [f"Original-Rcpt-To: {name}@x.test\n" for name in "ab"]
        )
        kind = "message/feedback-report"
        mail_report = self.read(report(content, kind, report_type="feedback-report"))
        addresses = [reported.addresses for reported in mail_report.recipients]
        self.assertEqual(addresses, [["a@x.test"], ["b@x.test"]])

    # === REPORTS THAT FALL BACK ON THEIR TEXT ===#
    def test_a_missing_diagnostic_is_looked_for_in_the_text(self):
        content = "Final-Recipient: rfc822; a@x.test\nAction: failure\nStatus: 5.0.0\n"
        words = "<a@x.test>: host mx said:\n 552 Mailbox full\n"
        source = report(content).replace("In words.\n", words)
        event = self.single(source).event()
        self.assertEqual(event["error_type"], "mailbox_full")
        self.assertEqual(event["event_type"], "soft_bounce")
        self.assertIn("552 Mailbox full", event["diagnostic"])

    def test_an_unreadable_status(self):
        source = report("nothing of use").replace(
            "In words.\n", "<a@x.test>: 550 User unknown\n"
        )
        mail_report = self.read(source)
        self.assertEqual(mail_report.kind, "bounce")
        self.assertEqual(
            mail_report.recipients[0].event()["error_type"], "address_unknown"
        )

    def test_a_boundary_that_somebody_has_changed(self):
        source = report(status("a@x.test")).replace("boundary=B", "boundary=C")
        self.assertReported(source, "failed", "a@x.test")

    def test_signed_by_a_gateway(self):
        inner = report(status("a@x.test")).partition("MIME-Version: 1.0\n")[2]
        head = "From: MAILER-DAEMON@x.test\nContent-Type: "
        signed = (
            f"{head}multipart/signed; boundary=S\n\n--S\n{inner}\n--S\n"
            "Content-Type: application/pkcs7-signature\n\nxx\n--S--\n"
        )
        opaque = (
            f"{head}application/pkcs7-mime; smime-type=signed-data\n\n\x01\x02{inner}"
        )
        for source in (signed, opaque):
            self.assertReported(source, "failed", "a@x.test")

    def test_any_cut_of_a_report_is_read(self):
        source = report(status("a@x.test", diagnostic="550 5.1.1 User unknown"))
        for end in range(0, len(source), 7):
            mail_report = self.read(source[:end])
            for reported in mail_report.recipients if mail_report else ():
                self.assertNotEqual(reported.event()["event_type"], "delivered")
                for address in reported.addresses:
                    self.assertTrue("a@x.test".startswith(address), address)
