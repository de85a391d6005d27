"""The security contract of providers with a password instead of a signature."""

import base64

from .webhook_case import NOW_SECONDS, WebhookSecurityCase


class PasswordSecurityCase(WebhookSecurityCase):
    """Basic authentication or a token, without a signature."""

    key = "a long password: with colon"
    signs_body = False

    def sign(self, body, key, now):
        pair = base64.b64encode(f"odoo:{key}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def test_token(self):
        status = self.post(headers={"Authorization": f"Bearer {self.key}"})
        self.assertEqual(status, 200)

    def test_bad_token(self):
        self.assertRefused(headers={"Authorization": f"Bearer {self.key}x"})
        self.assertRefused(headers={"Authorization": f"Digest {self.key}"})

    def test_user_and_password_as_key(self):
        self.set_keys("somebody:secret")
        self.assertEqual(self.post(headers=self.pair("somebody:secret")), 200)
        self.stored().sudo().unlink()
        self.assertRefused(headers=self.pair("somebody else:secret"))
        self.assertRefused(headers=self.pair("secret"))

    def pair(self, text):
        coded = base64.b64encode(text.encode()).decode()
        return {"Authorization": f"Basic {coded}"}

    def test_the_same_event_twice(self):
        """Requests have no signed time: a repeated one is recognized."""
        headers = self.sign(b"", self.key, NOW_SECONDS)
        for _i in range(2):
            self.assertEqual(self.post(self.payload(), headers), 200)
        self.assertEqual(len(self.stored()), 1)
