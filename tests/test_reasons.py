import smtplib

from odoo.tests import BaseCase, tagged

from ..models.tracking_state import REASONS
from ..providers.smtp_answer import reason_of_exception, reason_of_reply

# SMTP reply -> reason, written out so that a change of the tables has to be meant.
REPLIES = {
    (550, "5.1.1 <x>: Recipient address rejected"): "address_unknown",
    (550, "5.1.2 Bad destination system"): "address_unknown",
    (501, "5.1.3 Bad syntax"): "mail_email_invalid",
    (556, "5.1.10 Recipient has null MX"): "address_unknown",
    (553, "5.1.8 Bad sender's domain"): "mail_from_invalid",
    (550, "5.2.1 Mailbox disabled"): "address_unknown",
    (452, "4.2.2 Mailbox full"): "mailbox_full",
    (552, "5.3.4 Message too big"): "too_big",
    (451, "4.4.1 No answer from host"): "timeout",
    (554, "5.7.1 Policy"): "policy",
    (550, "5.7.23 SPF"): "policy",
    (451, "4.7.1 Greylisted"): "policy",
    (452, "Insufficient storage"): "mailbox_full",
    (535, "Authentication failed"): "auth_failed",
    (550, "No such user"): "refused",
    (550, "see 10.5.1.1 for details"): "refused",
    (599, ""): "refused",
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
        ("mail_email_invalid", "553 Not you"),
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
