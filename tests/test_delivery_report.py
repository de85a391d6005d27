import base64
import quopri
import time
from unittest.mock import patch

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..providers import delivery_report
from ..providers.delivery_report import read_report
from ..providers.status_code import best_status, failure_event
from .reports import parse, report, sample, status

LOGGER = "odoo.addons.mail_activity_tracking.providers.delivery_report"
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
# What a status means when the report says "failed".
FAILURES = {
    "hard_bounce": "5.1.1 5.1.2 5.1.3 5.1.6 5.1.10 5.4.4 5.0.0",
    "soft_bounce": "5.2.1 5.2.2 4.2.2 5.2.3 5.3.4 4.4.1 4.4.2 4.4.7 5.4.7 5.4.6 "
    "4.1.1 5.5.2 5.6.1 4.0.0",
    "reject": "5.7.1 5.7.23 5.7.20 5.7.25 5.7.26 5.7.27 4.7.1 5.1.8",
}
FIELDS = "Final-Recipient: rfc822; a@example.com\n"


@tagged("post_install", "-at_install")
class TestDeliveryReport(BaseCase):
    def read(self, source):  # pylint: disable=method-required-super
        return read_report(parse(source))

    def only(self, source):
        """Give what a report of one recipient says of it."""
        (reported,) = self.read(source).recipients
        return reported

    def assertReported(self, source, action, address, code="5.1.1"):
        reported = self.only(source)
        self.assertEqual(reported.action, action)
        self.assertEqual(reported.addresses[0], address)
        self.assertEqual(reported.status, code)

    def test_samples(self):
        for name, (kind, address, reason, source, words) in SAMPLES.items():
            with self.subTest(name):
                event = self.only(sample(name)).event()
                self.assertEqual(event["event_type"], kind)
                self.assertEqual(event["recipient"], address)
                self.assertEqual(event.get("error_type"), reason)
                self.assertEqual(event["source"], source)
                self.assertIn(words, event["diagnostic"])

    def test_which_mail_it_is_about(self):
        found = self.read(sample("dsn_success"))
        self.assertEqual(found.envelope_id, "trk-101+a=b.c3f2")
        self.assertEqual(
            found.message_ids,
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
            self.only(report(content)).diagnostic, "550-5.1.1 one 550 5.1.1 two"
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
                found = self.read(report(content)).recipients
                self.assertEqual([r.action for r in found], ["failed", "relayed"])
                self.assertEqual(
                    [r.final for r in found], ["a@example.com", "b@example.com"]
                )
                self.assertEqual(found[0].server, "mta.example.com")

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
                    self.assertIn("ünknown", self.only(source).diagnostic)

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
        found = self.read(report(status("a@example.com"), returned=returned))
        self.assertEqual(
            found.message_ids, ("<original@example.com>", "<changed@outlook.test>")
        )

    def test_forwarded_address(self):
        content = (
            "Original-Recipient: rfc822;a+2Bb@example.com\n"
            "Final-Recipient: rfc822; <elsewhere@example.net>\nAction: failed\n"
        )
        self.assertEqual(
            self.only(report(content)).addresses,
            ["a+2bb@example.com", "a+b@example.com", "elsewhere@example.net"],
        )

    def test_status_instead_of_the_action(self):
        for code, action in (("5.1.1", "failed"), ("4.4.1", "delayed"), ("2.0.0", "")):
            with self.subTest(code):
                found = self.only(report(f"{FIELDS}Action: ???\nStatus: {code}\n"))
                self.assertEqual(found.action, action)

    def test_the_diagnostic_is_better_than_a_generic_status(self):
        self.assertEqual(best_status("5.0.0", "smtp; 550 5.1.1 unknown"), "5.1.1")
        self.assertEqual(best_status("5.2.2", "smtp; 550 5.1.1 unknown"), "5.2.2")
        self.assertEqual(best_status("", "450 mailbox busy"), "4.0.0")
        self.assertEqual(best_status("none", "no words"), "")

    def test_hard_soft_and_blocked(self):
        for kind, codes in FAILURES.items():
            for code in codes.split():
                with self.subTest(code):
                    self.assertEqual(failure_event(code), kind)
        self.assertEqual(failure_event(""), "soft_bounce")

    def test_the_action_decides_not_the_class(self):
        content = status("a@example.com", "failed", "4.4.1", diagnostic="timed out")
        self.assertEqual(
            self.only(report(content)).event(),
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

    # === NO DELIVERY REPORT ===#
    def test_a_report_that_somebody_shows_us(self):
        source = report(status("a@example.com"), sender="joe@example.com")
        source = source.replace("multipart/report", "multipart/mixed")
        self.assertIsNone(self.read(source))
        inner = report(status("a@example.com"))
        outer = "From: joe@example.com\nContent-Type: message/rfc822\n\n" + inner
        self.assertIsNone(self.read(outer))

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
                self.assertEqual(self.only(source).event()["event_type"], kind)

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
                    event = self.only(source).event()
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
                found = self.read(mail.format(subject, headers))
                self.assertEqual(bool(found), answers)
                if answers:
                    self.assertEqual(found.kind, "auto_reply")
                    self.assertEqual(found.message_ids, ("<original@example.com>",))
                    event = found.recipients[0].event()
                    self.assertEqual(event["event_type"], "auto_reply")
                    self.assertEqual(event["recipient"], "a@example.com")

    def test_bounces_in_no_format(self):
        source = (
            "From: MAILER-DAEMON@example.com\nSubject: failure notice\n\n"
            "<a@example.com>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
            f"--- Below this line is a copy\n\nX-Odoo-Mail-Tracking: {TOKEN}\n"
        )
        found = self.read(source)
        self.assertEqual((found.kind, found.token), ("bounce", TOKEN))
        event = found.recipients[0].event()
        self.assertEqual(event["event_type"], "soft_bounce")
        self.assertEqual(event["error_type"], "address_unknown")
        self.assertEqual(event["source"], "gateway")
        warning = source.replace("failure notice", "Warning: message delayed 4 hours")
        self.assertEqual(self.only(warning).event()["event_type"], "deferral")
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
                found = self.read(source)
                self.assertEqual(found and found.kind, kind)

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
                found = self.read(report(content))
                self.assertEqual(found.kind, "broken")
                event = found.recipients[0].event()
                self.assertEqual(event["event_type"], "other")
                self.assertEqual(event["diagnostic"], content.strip())
                self.assertEqual(found.message_ids, ("<original@example.com>",))

    def test_never_raises(self):
        def fail(_message):
            raise ValueError("a flaw of our own")

        with patch.object(delivery_report, "_read", fail), mute_logger(LOGGER):
            self.assertEqual(self.read(sample("dsn_failure")).kind, "broken")

    def test_nothing_that_the_database_refuses(self):
        content = status("a@example.com").encode() + b"Diagnostic-Code: \x00\xff\xed\n"
        source = report("@@", encoding="8bit").encode().replace(b"@@", content)
        source = source.replace(b"<original@", b"<\x00\xff@").replace(
            b"550", b"\xf00\x00"
        )
        for value in (*self.read(source), *self.only(source)):
            str(value).encode()
            self.assertNotIn("\x00", str(value))
        embedded = r"Final-Recipient: utf-8; \x{D800}\x{0}\x{FFFFFF}a@example.com"
        self.only(report(f"{embedded}\nAction: failed\n")).final.encode()

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
