import base64
import time
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.reports import reader
from ..helpers.reader_case import ReaderCase
from ..helpers.reports import report, sample, status

LOGGER = "odoo.addons.mail_activity_tracking.tools.reports.reader"
TOKEN = "a2b3c4d5e6f7g2h3i4j5k6l7m2"
FIELDS = "Final-Recipient: rfc822; a@example.com\n"


@tagged("post_install", "-at_install")
class TestDeliveryReportKinds(ReaderCase):
    """Messages that are no delivery reports, or broken ones."""

    def test_a_report_that_somebody_shows_us(self):
        source = report(status("a@example.com"), sender="joe@example.com")
        source = source.replace("multipart/report", "multipart/mixed")
        self.assertIsNone(self.read(source))
        inner = report(status("a@example.com"))
        outer = "From: joe@example.com\nContent-Type: message/rfc822\n\n" + inner
        self.assertIsNone(self.read(outer))

    def test_a_copy_with_broken_lines(self):
        """The fields are found although a gateway has unfolded a header."""
        returned = (
            "Received: from a (localhost\nby b (Postfix) with ESMTP\n"
            f"X-Odoo-Mail-Tracking: {TOKEN}\nMessage-ID: <original@example.com>\n"
            "Subject: x"
        )
        source = report(status("a@example.com"), returned=returned)
        # And one whose boundary is wrong is a part of the fields before.
        torn = source.replace(
            "\n--B\nContent-Type: text/rfc822", "\n--C\nContent-Type: text/rfc822"
        )
        self.assertNotEqual(torn, source)
        for variant in (source, torn):
            mail_report = self.read(variant)
            self.assertEqual(mail_report.token, TOKEN)
            self.assertIn("<original@example.com>", mail_report.message_ids)
            self.assertEqual(mail_report.recipients[0].addresses, ["a@example.com"])

    def test_a_report_that_has_lost_its_content_type(self):
        """A gateway keeps the parts and drops the header that names their boundary."""
        source = report(status("a@example.com", action="delayed", code="4.4.1"))
        lines = source.splitlines(keepends=True)
        start = next(i for i, line in enumerate(lines) if line.startswith("Content-T"))
        end = next(i for i, line in enumerate(lines) if line.strip() == "")
        lost = "".join(lines[:start] + lines[end:])
        self.assertNotIn("multipart/report", lost)
        found = self.read(lost)
        self.assertEqual(found.kind, "dsn")
        self.assertEqual(found.recipients[0].addresses, ["a@example.com"])
        self.assertEqual(found.recipients[0].event()["event_type"], "deferral")

    def test_receipts(self):
        for disposition, kind in (
            ("manual-action/MDN-sent-manually; displayed", "read"),
            ("automatic-action/MDN-sent-automatically;displayed/error", "read"),
            ("manual-action/MDN-sent-manually; deleted", "other"),
            ("automatic-action/MDN-sent-automatically; processed", "other"),
            ("nonsense", "other"),
        ):
            with self.subTest(disposition):
                source = report(
                    f"{FIELDS}Disposition: {disposition}\n",
                    "message/disposition-notification",
                    report_type="disposition-notification",
                )
                self.assertEqual(self.read(source).kind, "mdn")
                self.assertEqual(self.single(source).event()["event_type"], kind)

    def test_complaints(self):
        for feedback, kind in (
            *(("abuse", "spam"), ("fraud", "spam"), ("virus", "spam")),
            *(("not-spam", "other"), ("opt-out", "unsub"), ("other", "other")),
        ):
            for address in ("Original-Rcpt-To: <a@example.com>\n", ""):
                with self.subTest(feedback=feedback, address=address):
                    source = report(
                        f"Feedback-Type: {feedback}\n{address}",
                        "message/feedback-report",
                        report_type="feedback-report",
                    )
                    self.assertEqual(self.read(source).kind, "arf")
                    event = self.single(source).event()
                    self.assertEqual(event["event_type"], kind)
                    self.assertEqual(
                        event["recipient"], "a@example.com" * bool(address)
                    )

    def test_automatic_answers(self):
        mail = (
            "From: A <a@example.com>\nTo: us@example.com\nSubject: {}\n"
            "In-Reply-To: <original@example.com>\n{}\nI am away"
        )
        for subject, headers, answers in (
            ("Away", "Auto-Submitted: auto-replied (vacation)\n", True),
            ("Away", "Precedence: auto_reply\n", True),
            ("Away", "X-Autoreply: yes\n", True),
            ("Away", "Return-Path: <>\n", True),
            ("Automatic reply: Offer", "", True),
            ("Abwesenheitsnotiz: Angebot", "", True),
            ("Re: Offer", "Auto-Submitted: no\n", False),
            ("Re: Offer", "X-Auto-Response-Suppress: All\n", False),
            ("Re: Offer", "Precedence: list\n", False),
            ("Backup done", "Auto-Submitted: auto-generated\n", False),
            ("Automatic gearbox", "", False),
        ):
            with self.subTest(subject=subject, headers=headers):
                mail_report = self.read(mail.format(subject, headers))
                self.assertEqual(bool(mail_report), answers)
                if answers:
                    self.assertEqual(mail_report.kind, "auto_reply")
                    self.assertEqual(
                        mail_report.message_ids, ("<original@example.com>",)
                    )
                    event = mail_report.recipients[0].event()
                    self.assertEqual(event["event_type"], "auto_reply")
                    self.assertEqual(event["recipient"], "a@example.com")

    def test_bounces_in_no_format(self):
        source = (
            "From: MAILER-DAEMON@example.com\nSubject: failure notice\n\n"
            "<a@example.com>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
            f"--- Below this line is a copy\n\nX-Odoo-Mail-Tracking: {TOKEN}\n"
        )
        mail_report = self.read(source)
        self.assertEqual((mail_report.kind, mail_report.token), ("bounce", TOKEN))
        event = mail_report.recipients[0].event()
        self.assertEqual(event["event_type"], "hard_bounce")
        self.assertEqual(event["error_type"], "address_unknown")
        self.assertEqual(event["recipient"], "a@example.com")
        self.assertEqual(event["source"], "gateway")
        warning = source.replace("failure notice", "Warning: message delayed 4 hours")
        self.assertEqual(self.single(warning).event()["event_type"], "deferral")
        without_status = self.read(report("", ""))
        self.assertEqual(without_status.kind, "bounce")
        self.assertEqual(without_status.message_ids, ("<original@example.com>",))

    def test_a_mail_returned_by_a_postmaster(self):
        source = report("", "", sender="postmaster@example.com")
        source = source.replace("multipart/report", "multipart/mixed")
        self.assertEqual(self.read(source).kind, "bounce")
        person = source.replace("postmaster@", "person@")
        self.assertIsNone(self.read(person))

    def test_a_mail_returned_by_a_server_under_another_name(self):
        """Two of three signs make a bounce: no single one does."""
        by_machine = {"subject": "Undelivered Mail", "headers": "Precedence: bulk\n"}
        for values, kind in (
            ({**by_machine, "sender": "noreply@example.com"}, "bounce"),
            ({**by_machine, "sender": "postmaster@example.com"}, "bounce"),
            # An automatic mail of anybody, with a mail in it.
            ({**by_machine, "sender": "a@example.com", "subject": "x"}, "auto_reply"),
            ({**by_machine, "sender": "a@example.com", "returned": ""}, "auto_reply"),
            # A person who shows a mail that was returned.
            ({"sender": "a@example.com", "subject": "Fwd: Undelivered Mail"}, None),
        ):
            with self.subTest(values):
                source = report("", "", **values)
                source = source.replace("multipart/report", "multipart/mixed")
                mail_report = self.read(source)
                self.assertEqual(mail_report and mail_report.kind, kind)

    def test_reports_of_something_else(self):
        source = report("x", "application/tlsrpt+gzip", report_type="tlsrpt")
        self.assertEqual(self.read(source).kind, "other")

    def test_ordinary_mail(self):
        self.assertIsNone(self.read("From: a@example.com\nSubject: Hi\n\nHello"))
        self.assertIsNone(self.read(""))

    # === BROKEN ===#
    def test_broken_reports(self):
        for content in ("", "nothing of use", "\n\n\n", "Reporting-MTA: dns; x\n"):
            with self.subTest(content):
                mail_report = self.read(report(content))
                self.assertEqual(mail_report.kind, "broken")
                event = mail_report.recipients[0].event()
                self.assertEqual(event["event_type"], "other")
                self.assertEqual(event["diagnostic"], content.strip())
                self.assertEqual(mail_report.message_ids, ("<original@example.com>",))

    def test_never_raises(self):
        def fail(_message):
            raise ValueError("a flaw of our own")

        with patch.object(reader, "_read", fail), mute_logger(LOGGER):
            self.assertEqual(self.read(sample("dsn_failure")).kind, "broken")

    def test_nothing_that_the_database_refuses(self):
        content = status("a@example.com").encode() + b"Diagnostic-Code: \x00\xff\xed\n"
        source = report("@@", encoding="8bit").encode().replace(b"@@", content)
        source = source.replace(b"<original@", b"<\x00\xff@").replace(
            b"550", b"\xf00\x00"
        )
        for value in (*self.read(source), *self.single(source)):
            str(value).encode()
            self.assertNotIn("\x00", str(value))
        embedded = r"Final-Recipient: utf-8; \x{D800}\x{0}\x{FFFFFF}a@example.com"
        self.single(report(f"{embedded}\nAction: failed\n")).final.encode()

    def test_big_and_deep_ones(self):
        many = "Final-Recipient: rfc822; a@example.com\nAction: failed\n\n" * 5_000
        self.assertLessEqual(len(self.read(report(many)).recipients), 1_001)
        deep = "\n".join(
            f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}" for i in range(60)
        )
        self.assertIsNone(self.read("From: a@example.com\n" + deep))

    def test_hostile_ones_cost_no_more_than_others(self):
        """Texts in which nothing is found from any of many places to begin at."""
        content = status("a@example.com")
        half = "Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n"
        endless = base64.b64encode(b"Message-ID: <" + b"a@" * 40_000).decode()
        encoded = report(content, returned=endless).replace(
            "Content-Type: text/rfc822-headers\n", half
        )
        word = report(content.replace("a@example.com", "a" * 80_000))
        folded = report(content.replace("Action", " a\n" * 20_000 + "Action", 1))
        for source in (encoded, word, folded):
            begun = time.process_time()
            self.assertEqual(self.read(source).kind, "dsn")
            self.assertLess(time.process_time() - begun, 3)
