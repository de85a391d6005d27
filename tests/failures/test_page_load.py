import json
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ...models.chatter.mail_message import MailMessage
from ..helpers.failed_case import FailedCase


@tagged("post_install", "-at_install")
class TestPageLoad(HttpCase, FailedCase):
    """Data about failures that every page loads."""

    def setUp(self):
        super().setUp()
        self.message, _trackings = self.post_failed(self.alice + self.bob)
        self.authenticate(self.author.login, self.author.login)

    def load(self, route="/mail/data", **params):
        """Return the answer of a route."""
        return self.make_jsonrpc_request(route, params)

    def test_failures_without_what_is_not_shown(self):
        """No statement and no byte more than core's list."""
        read = MailMessage._mail_tracking_to_store
        with patch.object(MailMessage, "_mail_tracking_to_store", autospec=True) as spy:
            data = self.load(fetch_params=["failures"])
            spy.assert_not_called()
            self.assertIn(self.message.id, [m["id"] for m in data["mail.message"]])
            self.assertEqual(len(data["mail.notification"]), 2)
            self.assertNotIn("tracking", json.dumps(data))
            spy.side_effect = read
            document = {"thread_model": "res.partner", "thread_id": self.document.id}
            answer = self.load("/mail/thread/messages", **document)
            spy.assert_called()
        notifications = answer["data"]["mail.notification"]
        self.assertEqual({value["tracking"][0] for value in notifications}, {"error"})

    def test_only_the_failures_are_without(self):
        """Other data in the same request is complete."""
        data = self.load(fetch_params=["failures", "init_messaging"])
        self.assertEqual(data["Store"]["failed"]["counter"], 1)
        self.assertTrue(all("tracking" not in n for n in data["mail.notification"]))
