import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ...tools.reports import answers
from ...tools.reports.answers import (
    event_of_reason,
    failure_of_reply,
    reason_of_reply,
    reply_in,
)
from ...tools.reports.reason_codes import EVENT_BY_REASON
from ...tools.reports.reason_words import HINTS, LANGUAGES, WORDS
from ...tools.reports.word_table import ROW, read_table
from ...tools.states import REASONS
from ..helpers.reports import SAMPLES

ANSWERS = sorted(SAMPLES.glob("answers*.txt"))
HARD = ("address_unknown", "domain_unknown", "mail_email_invalid", "mailbox_disabled")
SOFT = ("mailbox_full", "postponed", "server_problem", "timeout", "too_big")
# The same code of different servers: (answer, event, reason).
AMBIGUOUS = [
    ("552 5.2.2 Mailbox full", "soft_bounce", "mailbox_full"),
    ("552 5.3.4 Message too big", "soft_bounce", "too_big"),
    ("552 5.7.0 This message contains a virus", "reject", "content_refused"),
    ("552 Too many recipients", "soft_bounce", "postponed"),
    ("553 5.1.1 Unknown user", "hard_bounce", "address_unknown"),
    ("553 sorry, that domain isn't in my rcpthosts (#5.7.1)", "reject", "policy"),
    ("550 5.7.1 No such user", "hard_bounce", "address_unknown"),
    ("550 5.7.1 Mailbox is over quota", "soft_bounce", "mailbox_full"),
    ("550 5.7.1 Blocked by zen.spamhaus.org", "reject", "blocklisted"),
    ("550 5.2.1 User unknown", "hard_bounce", "address_unknown"),
    ("550 5.2.1 Message rejected as spam", "reject", "mail_spam"),
    # codes that say nothing
    ("550 5.0.0 Message taken for spam", "reject", "mail_spam"),
    ("550 5.1.0 sender rejected", "reject", "mail_from_invalid"),
    ("550 5.0.0 Something", "soft_bounce", "refused"),
    ("4.0.0 lookup of x.test: NXDOMAIN", "soft_bounce", "domain_unknown"),
    ("4.0.0 Temporary failure", "soft_bounce", "server_problem"),
    # said while the server was told who sends: never the recipient's fault
    (
        "550 5.1.0 x does not exist, user unknown (in reply to MAIL FROM command)",
        *("reject", "mail_from_invalid"),
    ),
    # Yahoo's is no login of ours
    ("554 5.7.9 Message not accepted due to DMARC", "reject", "sender_unverified"),
    ("501 5.1.7 Invalid address: sender", "reject", "mail_from_invalid"),
    # a table of Postfix, and a directory of Microsoft
    ("554 5.7.1 <a@x>: Recipient address rejected: Access denied", "reject", "policy"),
    (
        "550 5.4.1 <a@x>: Recipient address rejected: Access denied",
        *("hard_bounce", "address_unknown"),
    ),
    # what cannot be reached is not unknown
    ("550 5.4.4 mx.x.com: No route to host", "soft_bounce", "server_problem"),
    ("550 host mx.x.com is not reachable", "soft_bounce", "server_problem"),
    ("553 Requested action not taken", "soft_bounce", "refused"),
    # an address, a host and a link decide nothing
    ("550 5.1.1 <spam@quota.test>: User unknown", "hard_bounce", "address_unknown"),
    ("550-5.7.26 fails to pass\n550-5.7.26 SPF checks", "reject", "sender_unverified"),
]


@tagged("post_install", "-at_install")
class TestAnswers(BaseCase):
    """Answers of many mail servers, and their reasons."""

    def test_words_of_many_servers(self):
        texts = [path.read_text(encoding="utf-8") for path in ANSWERS]
        reason, seen = None, 0
        for line in filter(None, "\n".join(texts).splitlines()):
            if line.startswith("["):
                reason = line.strip("[]")
            elif not line.startswith("#"):
                seen += 1
                with self.subTest(line):
                    failure = failure_of_reply(reply_in(line), line)
                    self.assertEqual(failure.reason, reason)
        self.assertGreater(seen, 900)

    def test_one_code_with_many_meanings(self):
        for answer, event, reason in AMBIGUOUS:
            with self.subTest(answer):
                judged = failure_of_reply(reply_in(answer), answer)
                self.assertEqual(judged, (event, reason))

    def test_the_reason_alone_gives_the_event(self):
        for reason, _label in REASONS:
            with self.subTest(reason):
                expected = "hard_bounce" if reason in HARD else None
                expected = "soft_bounce" if reason in SOFT else expected
                if expected:
                    self.assertEqual(event_of_reason(reason), expected)
        self.assertLessEqual(set(EVENT_BY_REASON), set(dict(REASONS)))
        hard = [r for r, event in EVENT_BY_REASON.items() if event == "hard_bounce"]
        self.assertEqual(tuple(sorted(hard)), HARD)

    def test_what_is_temporary_is_not_dead(self):
        for answer in (
            "450 4.2.1 Mailbox disabled",
            "450 4.4.4 Host unknown",
            "452 4.1.1 Too much mail",
            "452 4.1.1 Account temporarily unavailable",
        ):
            failure = failure_of_reply(450, answer)
            self.assertEqual(failure.event_type, "soft_bounce")
        for answer in (
            "5.2.1 mailbox temporarily disabled",
            "account is temporarily suspended",
            "5.4.4 Name service error: Malformed or unexpected name server reply",
            "550 Host unknown, please try again later",
        ):
            with self.subTest(answer):
                failure = failure_of_reply(550, answer)
                self.assertEqual(failure.event_type, "soft_bounce")

    def test_the_same_at_rcpt_as_in_a_report(self):
        answer = "5.4.1 Recipient address rejected: Access denied. AS(201806281)"
        self.assertEqual(reason_of_reply(550, answer), "address_unknown")
        self.assertEqual(failure_of_reply(550, answer).reason, "address_unknown")
        # Only who has given up knows that it was for nothing.
        self.assertEqual(reason_of_reply(450, "4.7.1 Not now"), "postponed")
        self.assertEqual(failure_of_reply(450, "4.7.1 Not now").reason, "policy")

    def test_rows_are_of_known_reasons(self):
        codes = set(dict(REASONS))
        for reason, pattern in (*WORDS, *HINTS):
            self.assertIn(reason, codes)
            self.assertFalse(pattern.search(""), "a pattern that says nothing")

    def test_the_words_of_languages_are_used(self):
        folder = Path(answers.__file__).parent
        names = ("reason_words.txt", "reason_hints.txt")
        tables = "".join((folder / name).read_text(encoding="utf-8") for name in names)
        for name, words in LANGUAGES:
            with self.subTest(name):
                self.assertIn(name, tables)
                self.assertNotRegex(words, name)
                self.assertFalse(re.search(words, ""))
        for _reason, pattern in (*WORDS, *HINTS):
            self.assertNotRegex(pattern.pattern, "[A-Z]{3}")

    def test_each_row_names_its_source(self):
        for name in ("reason_words.txt", "reason_hints.txt"):
            text = (Path(answers.__file__).parent / name).read_text(encoding="utf-8")
            comments = ""
            for number, line in enumerate(text.splitlines(), 1):
                if ROW.match(line):
                    with self.subTest(name, line=number):
                        self.assertIn("# Source: ", comments)
                comments = f"{comments}\n{line}" if line[:1] == "#" else ""

    def test_what_is_said_of_the_sender(self):
        """Words for an unknown recipient that are about somebody else."""
        for answer in (
            "550 Verification of sender failed: User does not exist",
            "550 No such user: me@y.com (sender)",
            "550 The domain of the sender does not exist",
            "550 Remote hostname does not exist",
            "550 x.com From: Domain is invalid",
            "550 recipient not accepted. (BATV: no tag)",
            "550 Syntax error: empty email address",
            "550 Absenderadresse existiert nicht",
            # our own account at a smarthost
            "550 Your account has been disabled, contact support",
            "550 Mail sending disabled for user me@y.com",
            "550 The account me@y.com is suspended, no outgoing mail allowed",
            "550 发件人地址不存在",
        ):
            with self.subTest(answer):
                self.assertEqual(failure_of_reply(550, answer).event_type, "reject")
        for answer in (
            "550 5.1.1 User unknown; message returned to the sender",
            "550 No mailbox here by that name; this is a notice for the sender",
        ):
            with self.subTest(answer):
                failure = failure_of_reply(550, answer)
                self.assertEqual(failure.reason, "address_unknown")

    def test_a_row_goes_on_in_the_next_line(self):
        rows = read_table(
            "# x\n[a]\none\n     two|NAME\n\n[b]\nthree", [("NAME", "n+")]
        )
        self.assertEqual([row[0] for row in rows], ["a", "b"])
        self.assertEqual([row[1].pattern for row in rows], ["one two|n+", "three"])
