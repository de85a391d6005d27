from odoo import Command
from odoo.tests import HttpCase, tagged

from ..helpers.tracking_case import TrackingCase


@tagged("post_install", "-at_install")
class TestEverywhere(TrackingCase, HttpCase):
    """Every route that returns a message returns its statuses."""

    def setUp(self):
        super().setUp()
        self.admin = self.env.ref("base.user_admin")
        self.admin.notification_type = "inbox"
        self.message = self.post(self.alice + self.admin.partner_id)
        self.authenticate("admin", "admin")

    def states(self, url, message=None, **params):
        """Return the states of a message's recipients in the answer to a request."""
        message = message or self.message
        answer = self.make_jsonrpc_request(url, params)
        self.assertIn(message.id, answer["messages"])
        by_email = message.notification_ids.filtered(
            lambda notification: notification.notification_type == "email"
        )
        return [
            value["tracking"][0]
            for value in answer["data"]["mail.notification"]
            if value["id"] in by_email.ids
        ]

    def assertSentInChatter(self, message, **fetch_params):
        """Check that the chatter of its document shows that a message was sent."""
        states = self.states(
            "/mail/thread/messages",
            message,
            thread_model=message.model,
            thread_id=message.res_id,
            fetch_params=fetch_params,
        )
        self.assertEqual(states, ["sent"])

    def test_mailboxes(self):
        self.assertEqual(self.states("/mail/inbox/messages"), ["sent"])
        self.message.with_user(self.admin).set_message_done()
        self.assertEqual(self.states("/mail/history/messages"), ["sent"])
        self.message.with_user(self.admin).toggle_message_starred()
        self.assertEqual(self.states("/mail/starred/messages"), ["sent"])

    def test_search(self):
        search = {"search_term": "Hello"}
        self.assertEqual(
            self.states("/mail/inbox/messages", fetch_params=search), ["sent"]
        )
        self.assertSentInChatter(self.message, **search)

    def test_after_retention_the_message_is_like_any_other(self):
        self.trackings_of(self.message).unlink()
        answer = self.make_jsonrpc_request(
            "/mail/thread/messages",
            {"thread_model": "res.partner", "thread_id": self.document.id},
        )
        self.assertIn(self.message.id, answer["messages"])
        for notification in answer["data"]["mail.notification"]:
            self.assertNotIn("tracking", notification)
        story = self.make_jsonrpc_request(
            "/mail/tracking/timeline",
            {"message_id": self.message.id, "partner_id": self.alice.id},
        )
        self.assertEqual(story, {})

    def test_a_model_that_was_never_seen(self):
        self.env["ir.model"].create(
            {
                "name": "Thing",
                "model": "x_tracking_thing",
                "is_mail_thread": True,
                "access_ids": [
                    Command.create(
                        {
                            "name": "Thing",
                            "group_id": self.env.ref("base.group_user").id,
                            "perm_read": True,
                            "perm_write": True,
                        }
                    )
                ],
            }
        )
        self.document = self.env["x_tracking_thing"].create({"x_name": "A thing"})
        message = self.post(self.alice)
        self.assertEqual(self.trackings_of(message).model, "x_tracking_thing")
        self.assertSentInChatter(message)
        ids = {"x_tracking_thing": self.document.ids}
        allowed = self.env["ir.websocket"].with_user(self.admin)
        self.assertEqual(allowed._mail_tracking_documents(ids), [self.document])
