import base64
import quopri

from odoo.tests import tagged

from ...tools.reports.answers import failure_of_reply
from ...tools.reports.reported import best_status
from ..helpers.reader_case import ReaderCase
from ..helpers.reports import report, sample, status

TOKEN = "a2b3c4d5e6f7g2h3i4j5k6l7m2"
# Sample to (type of the event, address, reason, source, part of the diagnostic).
SAMPLES = {
    "dsn_success": ("delivered", "alice@ok.test", None, "dsn", "to maildir"),
    "dsn_relayed": ("relayed", "bob@nodsn.test", None, "dsn", "250 2.0.0 Ok"),
    "dsn_expanded": ("expanded", "team@list.test", None, "dsn", "alias expanded"),
    "dsn_delayed": (
        "deferral",
        "soft@nodsn.test",
        "postponed",
        "dsn",
        "451 4.7.1 Grey",
    ),
    "dsn_failure": (
        *("hard_bounce", "nobody@ok.test", "address_unknown", "dsn"),
        'unknown user: "nobody@ok.test"',
    ),
    "dsn_failure_remote_554": ("reject", "hard@nodsn.test", "mail_spam", "dsn", "554 "),
    "mdn_displayed": ("read", "alice@ok.test", None, "mdn", "displayed"),
    "arf_abuse": ("spam", "alice@ok.test", None, "arf", "abuse"),
}
# What a status alone means when the report says "failed".
FAILURES = {
    "hard_bounce": "5.1.1 5.1.2 5.1.3 5.1.6 5.1.10 5.2.1 5.4.4 4.1.1",
    "soft_bounce": "5.2.2 4.2.1 4.2.2 5.2.3 5.3.4 4.4.1 4.4.2 4.4.4 4.4.7 5.4.7 5.4.6 "
    "5.5.2 5.0.0 4.0.0 5.1.0 5.2.0",
    "reject": "5.7.1 5.7.23 5.7.20 5.7.25 5.7.26 5.7.27 4.7.1 5.1.8 5.6.1 5.7.606",
}
FIELDS = "Final-Recipient: rfc822; a@example.com\n"


@tagged("post_install", "-at_install")
class TestDeliveryReport(ReaderCase):
    """Reports in the format of RFC 3464, also malformed ones."""

    def test_samples(self):
        for name, (kind, address, reason, source, words) in SAMPLES.items():
            with self.subTest(name):
                event = self.single(sample(name)).event()
                self.assertEqual(event["event_type"], kind)
                self.assertEqual(event["recipient"], address)
                self.assertEqual(event.get("error_type"), reason)
                self.assertEqual(event["source"], source)
                self.assertIn(words, event["diagnostic"])

    def test_which_mail_it_is_about(self):
        mail_report = self.read(sample("dsn_success"))
        self.assertEqual(mail_report.envelope_id, "trk-101+a=b.c3f2")
        self.assertEqual(
            mail_report.message_ids,
            ("<179542219152.12896.3748094863087626263.ok@odoo.test>",),
        )
        returned = f"Message-ID: <o@example.com>\nX-Odoo-Mail-Tracking: {TOKEN}\n"
        self.assertEqual(self.read(report(FIELDS, returned=returned)).token, TOKEN)

    # === MALFORMED, BUT READABLE ===#
    def test_folded_fields(self):
        content = (
            "Final-Recipient:\n rfc822;\n\ta@example.com\nAction: failed\n"
            "Status:\n 5.1.1\nDiagnostic-Code: smtp; 550-5.1.1 one\n 550 5.1.1 two\n"
        )
        self.assertReported(report(content), "failed", "a@example.com")
        self.assertEqual(
            self.single(report(content)).diagnostic, "550-5.1.1 one 550 5.1.1 two"
        )

    def test_comment_and_case_of_the_action(self):
        for action in ("failed (gave up)", "FAILED", " Failed", "failed;x"):
            with self.subTest(action):
                source = report(f"{FIELDS}Action: {action}\nStatus: 5.1.1 (bad)\n")
                self.assertReported(source, "failed", "a@example.com")

    def test_all_fields_in_one_block(self):
        content = status("a@example.com", envelope_id="env").replace("\n\n", "\n")
        self.assertReported(report(content), "failed", "a@example.com")
        self.assertEqual(self.read(report(content)).envelope_id, "env")

    def test_several_recipients(self):
        first, second = (
            f"Final-Recipient: rfc822; {name}@example.com\nAction: {action}\n"
            f"Status: {code}\n"
            for name, action, code in (
                ("a", "failed", "5.1.1"),
                ("b", "relayed", "2.0.0"),
            )
        )
        head = "Reporting-MTA: dns; mta.example.com\n"
        # With the blank lines of RFC 3464, and without any.
        for content in (f"{head}\n{first}\n{second}", head + first + second):
            with self.subTest(content):
                recipients = self.read(report(content)).recipients
                self.assertEqual([r.action for r in recipients], ["failed", "relayed"])
                self.assertEqual(
                    [r.final for r in recipients], ["a@example.com", "b@example.com"]
                )
                self.assertEqual(recipients[0].server, "mta.example.com")

    def test_encoded_parts(self):
        content = status("a@example.com", diagnostic="550 5.1.1 ünknown " + "x" * 90)
        data = content.encode()
        for encoding, text in (
            ("base64", base64.encodebytes(data).decode()),
            ("BASE64 ", base64.b64encode(data).decode()),
            ("quoted-printable", quopri.encodestring(data).decode()),
            ("8bit", content),
        ):
            for kind in ("delivery-status", "global-delivery-status"):
                with self.subTest(encoding=encoding, kind=kind):
                    source = report(text, f"message/{kind}", encoding=encoding)
                    self.assertReported(source, "failed", "a@example.com")
                    self.assertIn("ünknown", self.single(source).diagnostic)

    def test_internationalised_addresses(self):
        """RFC 6533: type utf-8, and characters in hexadecimal."""
        for written in ("ünï@exämple.com", r"\x{FC}n\x{EF}@ex\x{e4}mple.com"):
            for kind in ("text/rfc822-headers", "message/global-headers"):
                with self.subTest(written=written, kind=kind):
                    content = f"Final-Recipient: utf-8; {written}\nAction: failed\n"
                    source = report(
                        f"Reporting-MTA: dns; m\n\n{content}Status: 5.1.1\n",
                        "message/global-delivery-status",
                        returned_type=kind,
                    )
                    self.assertReported(source, "failed", "ünï@exämple.com")
                    self.assertEqual(
                        self.read(source).message_ids, ("<original@example.com>",)
                    )

    def test_returned_message(self):
        for kind in ("message/rfc822", "message/global", "message/rfc822-headers"):
            with self.subTest(kind):
                source = report(status("a@example.com"), returned_type=kind)
                self.assertEqual(
                    self.read(source).message_ids, ("<original@example.com>",)
                )
        source = report(status("a@example.com"), returned="")
        self.assertReported(source, "failed", "a@example.com")
        self.assertEqual(self.read(source).message_ids, ())

    def test_original_id_of_exchange(self):
        returned = (
            "Message-ID: <changed@outlook.test>\n"
            "X-Microsoft-Original-Message-ID: <original@example.com>\n"
        )
        mail_report = self.read(report(status("a@example.com"), returned=returned))
        self.assertEqual(
            mail_report.message_ids,
            ("<original@example.com>", "<changed@outlook.test>"),
        )

    def test_forwarded_address(self):
        content = (
            "Original-Recipient: rfc822;a+2Bb@example.com\n"
            "Final-Recipient: rfc822; <elsewhere@example.net>\nAction: failed\n"
        )
        self.assertEqual(
            self.single(report(content)).addresses,
            ["a+2bb@example.com", "a+b@example.com", "elsewhere@example.net"],
        )

    def test_status_instead_of_the_action(self):
        for code, action in (("5.1.1", "failed"), ("4.4.1", "delayed"), ("2.0.0", "")):
            with self.subTest(code):
                mail_report = self.single(
                    report(f"{FIELDS}Action: ???\nStatus: {code}\n")
                )
                self.assertEqual(mail_report.action, action)

    def test_the_diagnostic_is_better_than_a_generic_status(self):
        self.assertEqual(best_status("5.0.0", "smtp; 550 5.1.1 unknown"), "5.1.1")
        self.assertEqual(best_status("5.2.2", "smtp; 550 5.1.1 unknown"), "5.2.2")
        self.assertEqual(best_status("", "450 mailbox busy"), "4.0.0")
        self.assertEqual(best_status("none", "no words"), "")

    def test_hard_soft_and_blocked(self):
        for kind, codes in FAILURES.items():
            for code in codes.split():
                with self.subTest(code):
                    self.assertEqual(failure_of_reply(0, code).event_type, kind)
        self.assertEqual(failure_of_reply(0, ""), ("soft_bounce", "refused"))

    def test_the_action_decides_not_the_class(self):
        content = status("a@example.com", "failed", "4.4.1", diagnostic="timed out")
        self.assertEqual(
            self.single(report(content)).event(),
            {
                "event_type": "soft_bounce",
                "error_type": "timeout",
                "source": "dsn",
                "recipient": "a@example.com",
                "server": "mta.example.com",
                "diagnostic": "timed out",
            },
        )

    def test_no_report_type_and_not_even_a_report(self):
        source = report(status("a@example.com"), report_type='""')
        self.assertReported(source, "failed", "a@example.com")
        source = source.replace("multipart/report", "multipart/mixed")
        self.assertReported(source, "failed", "a@example.com")
