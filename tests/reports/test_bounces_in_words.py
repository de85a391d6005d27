from time import process_time

from odoo.tests import tagged

from ...tools.reports.reader import read_report
from ..helpers.reader_case import ReaderCase
from ..helpers.reports import parse, report, status

# The mail that comes back: words and codes of ours, which decide nothing.
COPY = (
    "\nReceived: from a by b\nMessage-ID: <m1@our.test>\nFrom: me@our.test\n"
    "To: a@x.test\nSubject: mailbox full, taken for spam\nX-Mailer: Shop 5.1.1\n\n"
    "over quota 5.2.2 user unknown 250 pieces <z@z.test>\n"
)
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.test>"
HARD = ("hard_bounce", "address_unknown")
# Kind of server: sender, subject, text, {address: (event, reason)}.
BOUNCES = {
    "qmail": (
        *("MAILER-DAEMON@mx.test", "failure notice"),
        (
            "Hi. This is the qmail-send program at mx.test.\n\n<a@x.test>:\n1.2.3.4 "
            "does not like recipient.\nRemote host said: 550 5.2.1 <a@x.test>... User "
            "Unknown\nGiving up on 1.2.3.4.\n\n<b@x.test>:\nMailbox full\n\n"
            f"--- Below this line is a copy of the message.\n{COPY}"
        ),
        {"a@x.test": HARD, "b@x.test": ("soft_bounce", "mailbox_full")},
    ),
    "sendmail, of several": (
        *(DAEMON, "Returned mail: see transcript for details"),
        (
            "----- Transcript of session follows -----\n554 <a@x.test>... Remote "
            "protocol error: Connection reset by peer during result wait with x.test\n"
            "550 y.test (smtp)... 550 Host unknown\n554 <b@y.test>... 550 Host unknown"
            f"\n\n----- Unsent message follows -----\n{COPY}"
        ),
        {
            "a@x.test": ("soft_bounce", "server_problem"),
            "b@y.test": ("hard_bounce", "domain_unknown"),
        },
    ),
    "exim": (
        *(DAEMON, "Mail delivery failed: returning message to sender"),
        (
            "A message that you sent could not be delivered.\n\n  a@x.test\n"
            "    SMTP error from remote mail server after MAIL FROM:<me@our.test>:\n"
            "    550 5.1.0 me does not exist\n\n"
            f"------ This is a copy of the message. ------\n{COPY}"
        ),
        {"a@x.test": ("reject", "mail_from_invalid")},
    ),
    "exim, a domain": (
        *(DAEMON, "Mail delivery failed"),
        f"following address(es) failed:\n\n  a@x.test\n    Unrouteable address\n{COPY}",
        {"a@x.test": ("hard_bounce", "domain_unknown")},
    ),
    "no subject, Chinese": (
        *("PostMaster@qq.test", "Re: Offer"),
        "邮件被退回\n收件人（a@x.test）\n退信原因\t550 User not found",
        {"a@x.test": HARD},
    ),
    "advice that names every reason": (
        *("<postmaster@mx.test>", "Undeliverable: Offer"),
        (
            "Your message to a@x.test couldn't be delivered.\nIf the error says SPF "
            "or spam, or that it is too large, ask for help.\nStatus code: 550 5.7.1\n"
            "Sender Address: other@our.test\nRecipient Address: a@x.test\n\nError "
            f"Details\nError:  552 5.2.2 Mailbox full\n\nOriginal Headers\n{COPY}"
        ),
        {"a@x.test": ("soft_bounce", "mailbox_full")},
    ),
    "a sentence about your email": (
        *(DAEMON, "Delivery failure"),
        "Your email to a@x.test could not be delivered: stopped by a spam firewall",
        {"a@x.test": ("reject", "mail_spam")},
    ),
    "a language without spaces": (
        *("PostMaster@mx.test", "系统退信"),
        (
            "抱歉，您的邮件被退回来了。\n收件人：a@x.test\n"
            f"退信原因：邮件地址（a@x.test）不存在，您发给a@x.test的邮件无法送达。\n{COPY}"
        ),
        {"a@x.test": HARD},
    ),
    "gmx": (
        *(DAEMON, "Mail delivery failed"),
        (
            'address failed:\n\n"a@x.test":\nSMTP error from remote server after RCPT '
            "command:\nhost: mx.x.test\n5.1.1 <a@x.test>... User Unknown\n\n"
            f"--- The header of the original message is following. ---\n{COPY}"
        ),
        {"a@x.test": HARD},
    ),
    "gmail, a delay": (
        *(DAEMON, "Delivery Status Notification (Delay)"),
        (
            "THIS IS A WARNING MESSAGE ONLY.\n\n"
            "Delivery to the following recipient has been delayed:\n\n"
            "     a@x.test\n\nTechnical details of temporary failure:\n"
            f"[mx. (1): Connection timed out]\n\n----- Original message -----\n{COPY}"
        ),
        {"a@x.test": ("deferral", "timeout")},
    ),
    "exchange": (
        *("System Administrator <postmaster@x.test>", "Undeliverable: Hi"),
        (
            "Your message\n\n  To:      team@our.test\n  Subject: no such user\n\n"
            "did not reach the following recipient(s):\n\n"
            "a@x.test on Thu, 1 Jan 2026\n    The recipient name is not recognized\n"
        ),
        {"a@x.test": HARD},
    ),
    "domino": (
        *("postmaster@x.test", "DELIVERY FAILURE: User a not listed"),
        (
            "Your message\n\n  Subject: hi\n\nwas not delivered to:\n\n  a@x.test\n\n"
            "because:\n\n  User a (a@x.test) not listed in Domino Directory\n"
        ),
        {"a@x.test": HARD},
    ),
    "imail": (
        *('"Postmaster" <postmaster@x.test>', "Undeliverable Mail"),
        f"Unknown user: a@x.test\n\nOriginal message follows.\n{COPY}",
        {"a@x.test": HARD},
    ),
    "mdaemon": (
        *("MDaemon at x.test <MDaemon@x.test>", "Permanent Delivery Failure"),
        (
            "The attached message had PERMANENT fatal delivery errors!\n\n--> RCPT "
            "To:<a@x.test>\n<-- 550 <a@x.test>, Recipient unknown\n"
        ),
        {"a@x.test": HARD},
    ),
    "sendmail, as text": (
        *(DAEMON, "Returned mail: see transcript"),
        (
            "Reporting-MTA: dns; mx.test\n\nFinal-Recipient: RFC822; a@x.test\nAction: "
            f"failed\nStatus: 5.0.0\nDiagnostic-Code: SMTP; 552 mailbox full\n\n{COPY}"
        ),
        {"a@x.test": ("soft_bounce", "mailbox_full")},
    ),
    "opensmtpd": (
        *("Mailer Daemon <x@mx.test>", "Delivery status notification: error"),
        (
            "Hi!\n\nThis is the MAILER-DAEMON.\n\na@x.test: 550 No such user\n\n"
            f"    Below is a copy of the original message:\n{COPY}"
        ),
        {"a@x.test": HARD},
    ),
    "kddi": (
        *("no-reply@x.test", "Mail"),
        (
            "Your mail\n     Could not be delivered to: <a@x.test>\n     As their "
            "mailbox "
            f"is full.\n{COPY}"
        ),
        {"a@x.test": ("soft_bounce", "mailbox_full")},
    ),
    "german": (
        *("postmaster@x.test", "Unzustellbar: Angebot"),
        f"Konnte nicht zugestellt werden:\n\na@x.test\nEmpfänger unbekannt\n{COPY}",
        {"a@x.test": HARD},
    ),
    "nobody is named": (
        *("postmaster@x.test", "Undeliverable mail"),
        f"Message could not be delivered.\n\nOriginal Message:\n{COPY}",
        {"a@x.test": ("soft_bounce", "mail_bounce")},
    ),
}
# What people and robots write, which is no report.
MAILS = [
    ("Joe <joe@x.test>", "Re: Delivery problem with order 55", "In-Reply-To: <a@b>\n"),
    ("Joe <joe@x.test>", "Fwd: Undelivered Mail Returned to Sender", ""),
    ("Joe <joe@x.test>", "WG: Unzustellbar: Angebot", "Precedence: bulk\n"),
    ("Tickets <robot@x.test>", "Delivery problem", "Auto-Submitted: auto-generated\n"),
    ("Postmaster <postmaster@x.test>", "Re: Undeliverable: Offer", ""),
]


def source(sender, subject, text, headers="Return-Path: <>\n"):
    head = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    return (
        f"From: {sender}\nTo: bounce@our.test\nSubject: {subject}\n{headers}{head}"
        f"Content-Transfer-Encoding: 8bit\n\n{text}"
    )


def failures(mail_report):
    return {
        " ".join(reported.addresses): (event["event_type"], event["error_type"])
        for reported in mail_report.recipients
        for event in [reported.event()]
    }


@tagged("post_install", "-at_install")
class TestBouncesInWords(ReaderCase):
    """Bounces without a format: recipient and reason."""

    def test_each_kind_of_server(self):
        for kind, (sender, subject, text, expected) in BOUNCES.items():
            with self.subTest(kind):
                mail_report = self.read(source(sender, subject, text))
                self.assertEqual(mail_report.kind, "bounce")
                self.assertEqual(failures(mail_report), expected)
                if COPY in text:
                    self.assertEqual(mail_report.message_ids, ("<m1@our.test>",))

    def test_the_returned_mail_never_changes_the_verdict(self):
        for kind, (sender, subject, text, expected) in BOUNCES.items():
            if COPY not in text or kind == "nobody is named":
                continue
            head, body = COPY.rstrip().rsplit("\n\n", 1)
            for other in (
                head,
                f"{head}\n\n{body * 50}",
                f"{head}\n\n550 5.7.1 spam\n",
            ):
                with self.subTest(kind=kind, other=other[-20:]):
                    changed = text.replace(COPY, other.replace("To: a@x", "To: z@x"))
                    mail_report = self.read(source(sender, subject, changed))
                    self.assertEqual(failures(mail_report), expected)

    def test_a_footer_changes_nothing(self):
        footer = "\n-- \nThis mail was checked by a gateway. help@gateway.test\n"
        for kind, (sender, subject, text, expected) in BOUNCES.items():
            with self.subTest(kind):
                mail_report = self.read(source(sender, subject, text + footer))
                self.assertEqual(failures(mail_report), expected)
        formatted = report(status("a@x.test", code="5.2.2", diagnostic="Mailbox full"))
        head, body = formatted.split("MIME-Version", 1)
        mixed = (
            f"{head}Content-Type: multipart/mixed; boundary=F\n\n--F\n"
            f"MIME-Version{body}\n--F\nContent-Type: text/plain\n\n{footer}\n--F--\n"
        )
        for whole in (formatted, mixed):
            mail_report = self.read(whole)
            self.assertEqual(mail_report.kind, "dsn")
            self.assertEqual(
                failures(mail_report), {"a@x.test": ("soft_bounce", "mailbox_full")}
            )

    def test_every_address_that_a_header_names(self):
        headers = "X-Failed-Recipients: a@x.test,\n b@x.test\n"
        text = f"could not be delivered\n\n  a@x.test\n    User unknown\n{COPY}"
        mail_report = self.read(source(DAEMON, "Mail delivery failed", text, headers))
        self.assertEqual(list(failures(mail_report)), ["a@x.test", "b@x.test"])
        self.assertEqual(failures(mail_report)["a@x.test"], HARD)

    def test_what_the_mail_is_known_to_have_gone_to(self):
        text = f"Nobody is marked: a@x.test, b@x.test; could not be delivered\n{COPY}"
        mail = parse(source(DAEMON, "Undelivered", text))
        self.assertEqual(len(read_report(mail).recipients), 2)
        (reported,) = read_report(mail, sent_to=["B@x.test", "c@x.test"]).recipients
        self.assertEqual(reported.addresses, ["b@x.test"])

    def test_mails_of_people_and_robots(self):
        text = f"Hello,\n\n<a@x.test> could not be delivered: user unknown\n{COPY}"
        for sender, subject, headers in MAILS:
            with self.subTest(subject):
                is_robot = "Auto-Submitted" in headers  # what it tells is no mail
                words = text.replace(COPY, "") if is_robot else text
                mail_report = self.read(source(sender, subject, words, headers))
                self.assertNotIn(
                    mail_report and mail_report.kind, ("bounce", "dsn", "broken")
                )

    def test_sent_to_the_bounce_address(self):
        for sender, subject, headers, kind in (
            ("", "x", "", "bounce"),
            ("<>", "x", "Return-Path: <>\n", "bounce"),
            ("Mailer Daemon <x@x.test>", "x", "", "bounce"),
            ("a@x.test", "Undeliverable", "", "bounce"),
            ("a@x.test", "Away", "Return-Path: <>\n", "auto_reply"),
            ("a@x.test", "Out of office", "", "auto_reply"),
            ("Joe <joe@x.test>", "Re: Offer", "In-Reply-To: <a@b>\n", None),
        ):
            with self.subTest(sender=sender, subject=subject):
                mail = parse(source(sender, subject, "Nothing of use", headers))
                mail_report = read_report(mail, to_bounce=True)
                self.assertEqual(mail_report and mail_report.kind, kind)

    def test_linear_time(self):
        self.assertLinear("user " * 5_000)
        self.assertLinear("<a@x.test>: unknown\n" * 2_000)
        self.assertLinear("host " * 1_000 + "too many " * 1_000)
        self.assertLinear("Received: x\n" + "a@" * 20_000)
        self.assertLinear("-" * 20_000 + "\n" + ">" * 20_000)

    def assertLinear(self, text):
        """Check that the time grows no faster than the size of the text."""
        times = []
        for factor in (1, 4):
            mail = parse(source(DAEMON, "Undeliverable", text * factor))
            begun = process_time()
            self.assertEqual(read_report(mail).kind, "bounce")
            times.append(process_time() - begun)
        self.assertLess(times[1], 8 * times[0] + 0.5)
        self.assertLess(times[1], 3)
