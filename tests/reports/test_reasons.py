import smtplib

from odoo.tests import BaseCase, tagged

from ...tools.reports.answers import reason_of_exception, reason_of_reply
from ...tools.states import REASONS

# SMTP reply -> reason, written out so that a change of the tables has to be meant.
REPLIES = {
    (550, "5.1.1 <x>: Recipient address rejected"): "address_unknown",
    (550, "5.1.2 Bad destination system"): "domain_unknown",
    (501, "5.1.3 Bad syntax"): "mail_email_invalid",
    (550, "5.1.4 Ambiguous"): "address_unknown",
    (551, "5.1.6 Moved"): "address_unknown",
    (553, "5.1.7 Bad sender's mailbox"): "mail_from_invalid",
    (553, "5.1.8 Bad sender's domain"): "mail_from_invalid",
    (556, "5.1.10 Recipient has null MX"): "domain_unknown",
    (550, "5.2.1 Mailbox disabled"): "mailbox_disabled",
    (452, "4.2.2 Mailbox full"): "mailbox_full",
    (552, "5.2.3 Message too long"): "too_big",
    (452, "4.3.1 Mail system full"): "server_problem",
    (451, "4.3.2 Not accepting"): "server_problem",
    (552, "5.3.4 Message too big"): "too_big",
    (451, "4.3.5 Misconfigured"): "server_problem",
    (451, "4.4.1 No answer from host"): "timeout",
    (451, "4.4.2 Connection dropped"): "timeout",
    (451, "4.4.3 Temporary lookup failure"): "server_problem",
    (550, "5.4.4 Unable to route"): "domain_unknown",
    (451, "4.4.5 Congestion"): "server_problem",
    (554, "5.4.6 Loop"): "server_problem",
    (550, "5.4.7 Expired"): "timeout",
    (452, "4.5.3 Too many recipients"): "postponed",
    (554, "5.6.0 Media error"): "content_refused",
    (554, "5.7.1 Policy"): "policy",
    (550, "5.7.0 Local policy violation"): "policy",
    (554, "5.7.4 Security features not supported"): "encryption_needed",
    (535, "5.7.8 Credentials invalid"): "auth_failed",
    (534, "5.7.9 Mechanism is too weak"): "auth_failed",
    (530, "5.7.10 Encryption needed"): "encryption_needed",
    (538, "5.7.11 Encryption required for login"): "auth_failed",
    (432, "4.7.12 Password transition needed"): "auth_failed",
    (525, "5.7.13 Account disabled"): "mailbox_disabled",
    (550, "5.7.17 Mailbox owner has changed"): "address_unknown",
    (550, "5.7.18 Domain owner has changed"): "domain_unknown",
    (550, "5.7.20 No passing DKIM signature"): "sender_unverified",
    (550, "5.7.22 DKIM"): "sender_unverified",
    (550, "5.7.23 SPF"): "sender_unverified",
    (550, "5.7.25 Reverse DNS"): "sender_unverified",
    (550, "5.7.26 Multiple checks failed"): "sender_unverified",
    (550, "5.7.27 Sender has null MX"): "mail_from_invalid",
    (550, "5.7.28 Mail flood"): "postponed",
    (550, "5.7.30 REQUIRETLS needed"): "encryption_needed",
    (550, "5.7.77 Of the future"): "policy",
    # in class 4 a policy is one of time
    (451, "4.7.1 Greylisted"): "postponed",
    (421, "4.7.0 Try again later"): "postponed",
    # without an enhanced code, or with one that says nothing
    (452, "Insufficient storage"): "mailbox_full",
    (535, "Authentication failed"): "auth_failed",
    (556, "Domain does not accept mail"): "domain_unknown",
    (450, "Requested mail action not taken"): "postponed",
    (451, "Local error in processing"): "server_problem",
    (421, "Service not available"): "postponed",
    (550, "Requested action not taken"): "refused",
    (550, "5.0.0 Something"): "refused",
    (550, "see 10.5.1.1 for details"): "refused",
    (599, ""): "refused",
    # words
    (550, "No such user"): "address_unknown",
    (550, "5.0.0 User unknown"): "address_unknown",
    (550, "The account does not exist"): "address_unknown",
    (550, "Mailbox is full"): "mailbox_full",
    (552, "5.2.2 Over quota"): "mailbox_full",
    (554, "5.7.1 This looks like SPAM"): "mail_spam",
    (550, "5.7.1 Likely unsolicited mail"): "mail_spam",
    (554, "5.7.1 Blocked using zen.spamhaus.org"): "blocklisted",
    (554, "5.7.1 Your address is on a block list"): "blocklisted",
    # where the code is exact, words do not count
    (550, "5.1.1 Not spam, but unknown"): "address_unknown",
}
EXCEPTIONS = [
    (
        smtplib.SMTPRecipientsRefused({"a@x": (550, b"5.1.1 Unknown")}),
        ("address_unknown", "550 5.1.1 Unknown"),
    ),
    (
        smtplib.SMTPAuthenticationError(535, b"5.7.8 Bad credentials"),
        ("auth_failed", "535 5.7.8 Bad credentials"),
    ),
    (
        smtplib.SMTPSenderRefused(553, b"Not you", "me@x"),
        ("mail_from_invalid", "553 Not you"),
    ),
    (
        smtplib.SMTPSenderRefused(550, b"Not you", "me@x"),
        ("mail_from_invalid", "550 Not you"),
    ),
    (
        smtplib.SMTPDataError(554, b"5.7.1 \xff"),
        ("policy", "554 5.7.1 \ufffd"),
    ),
    (
        ConnectionRefusedError(111, "Connection refused"),
        ("mail_smtp", "ConnectionRefusedError: [Errno 111] Connection refused"),
    ),
    (AssertionError("No valid sender"), (None, "No valid sender")),
]


@tagged("post_install", "-at_install")
class TestReasons(BaseCase):
    def test_reason_of_each_reply(self):
        for (code, text), expected in REPLIES.items():
            with self.subTest(code=code, text=text):
                self.assertEqual(reason_of_reply(code, text), expected)
                self.assertIn(expected, dict(REASONS))

    def test_reason_of_each_exception(self):
        for error, expected in EXCEPTIONS:
            with self.subTest(error=error):
                self.assertEqual(reason_of_exception(error), expected)
