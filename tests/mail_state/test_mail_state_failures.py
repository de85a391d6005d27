from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..helpers.failed_case import FailedCase
from ..helpers.smtp_server import sending


@tagged("post_install", "-at_install")
class TestMailStateFailures(FailedCase):
    """What failed of many records is retried, or reviewed, from their list."""

    def setUp(self):
        super().setUp()
        self.documents = self.alice + self.bob + self.carol
        self.failures = [self.post_failed_on(document) for document in self.documents]
        self.smtp.messages.clear()

    def post_failed_on(self, document):
        """Post on a contact, who refuses, and return the tracking."""
        self.smtp.refused[document.email] = "550 5.1.1 No such user"
        self.document = document.with_user(self.author)
        return self.trackings_of(self.post(document).with_env(self.env))

    def words_of(self, method, documents, user=None):
        with sending():
            action = getattr(documents.with_user(user or self.author), method)()
        self.assertEqual(action["tag"], "display_notification")
        return action["params"]["message"]

    def test_retried(self):
        self.smtp.refused.clear()
        self.env["mail.blacklist"]._add("bob@example.com")
        words = self.words_of("action_mail_tracking_retry", self.documents)
        self.assertEqual(words, "2 sent again, 1 not sent.\nBob Bounce is blacklisted.")
        self.assertEqual(self.sent_to(), ["alice@example.com", "carol@example.com"])
        states = [failure.state for failure in self.failures]
        self.assertEqual(states, ["sent", "error", "sent"])
        words = self.words_of("action_mail_tracking_retry", self.alice)
        self.assertEqual(words, "There is no failed email to send again.")
        self.assertEqual(len(self.sent_to()), 2)

    def test_last_message_only(self):
        """An email of before is not sent because a later one failed."""
        self.post_failed_on(self.alice)
        self.smtp.refused.clear()
        self.smtp.messages.clear()
        words = self.words_of("action_mail_tracking_retry", self.alice)
        self.assertEqual(words, "1 sent again.")
        self.assertEqual(self.sent_to(), ["alice@example.com"])
        self.assertEqual(self.failures[0].state, "error")

    def test_reviewed(self):
        words = self.words_of("action_mail_tracking_review", self.documents)
        self.assertEqual(words, "3 marked as reviewed.")
        for failure in self.failures:
            self.assertTrue(failure.reviewed)
            self.assertEqual(failure.reviewed_by_id, self.author)
        words = self.words_of("action_mail_tracking_review", self.documents)
        self.assertEqual(words, "There is no failed email to review.")
        # Somebody has seen these and asks no more.
        words = self.words_of("action_mail_tracking_retry", self.documents)
        self.assertEqual(words, "There is no failed email to send again.")

    def test_right_to_post_on_each_document(self):
        """Who may read a contact and not write to it sends nothing from it."""
        self.smtp.refused.clear()
        self.env["ir.rule"].create(
            {
                "name": "Nobody writes to Alice",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": [("id", "!=", self.alice.id)],
                "perm_read": False,
            }
        )
        documents = self.alice + self.bob
        words = self.words_of("action_mail_tracking_review", documents, self.colleague)
        self.assertRegex(words, r"^1 marked as reviewed, 1 not: you need")
        self.assertFalse(self.failures[0].reviewed)
        self.failures[1]._set_reviewed(False)
        words = self.words_of("action_mail_tracking_retry", documents, self.colleague)
        self.assertEqual(
            words,
            "1 sent again, 1 not sent.\n"
            "You are not allowed to send messages from this document.",
        )
        self.assertEqual(self.sent_to(), ["bob@example.com"])

    def test_internal_users_only(self):
        portal = new_test_user(self.env, "portal_user", groups="base.group_portal")
        own = portal.partner_id.with_user(portal)
        for method in ("action_mail_tracking_retry", "action_mail_tracking_review"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(own, method)()
