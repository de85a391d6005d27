from odoo.tests import TransactionCase, tagged
from odoo.tools import hmac

from ...tools.smtp.envelope_id import Envelope
from ...tools.smtp.listener import LONGEST_ENVELOPE_ID, xtext


@tagged("post_install", "-at_install")
class TestEnvelopeId(TransactionCase):
    """The secret in the ENVID, which only mail servers see."""

    def test_length(self):
        secret = Envelope(2**31 - 1, 999_999, 2**31 - 1).sign(self.env)
        self.assertLessEqual(len(secret), LONGEST_ENVELOPE_ID)
        self.assertEqual(xtext(secret), secret)

    def test_forged(self):
        secret = Envelope(7, 1, 3).sign(self.env)
        self.assertEqual(Envelope.parse(self.env, secret), (7, 1, 3))
        changed = [
            f"{secret[:place]}{int(secret[place], 16) ^ 1:x}{secret[place + 1 :]}"
            for place in range(len("mat-"), len(secret))
        ]
        for forged in (
            *("", "mat-", "x" * 100, "mat-" + "0" * 80, secret[:-1]),
            *(secret.upper(), secret + "\n", secret + "0"),
            *changed,
        ):
            with self.subTest(forged):
                self.assertIsNone(Envelope.parse(self.env, forged))

    def test_tells_no_numbers(self):
        secrets = [Envelope(7, 1, 3).sign(self.env) for _time in range(2)]
        self.assertNotEqual(*secrets)
        lengths = {len(Envelope(n, 1, n).sign(self.env)) for n in (1, 2**31 - 1)}
        self.assertEqual(lengths, {len(secrets[0])})

    def test_secrets_of_another_database(self):
        secret = Envelope(7, 1, 3).sign(self.env)
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("database.secret", "another")
        self.assertIsNone(Envelope.parse(self.env, secret))

    def test_secrets_of_the_first_release(self):
        numbers = (7, 1, 3)
        mac = hmac(self.env(su=True), "mail_activity_tracking.envelope_id", numbers)[
            :40
        ]
        self.assertEqual(Envelope.parse(self.env, f"mat-7-1-3-{mac}"), numbers)
        for forged in (
            *("mat-7-1-3", "mat-7-1-3-", "mat-7-1-3-" + "0" * 40),
            *(f"mat-8-1-3-{mac}", f"mat-7-2-3-{mac}", f"mat-7-1-3-{mac}\n"),
        ):
            with self.subTest(forged):
                self.assertIsNone(Envelope.parse(self.env, forged))
