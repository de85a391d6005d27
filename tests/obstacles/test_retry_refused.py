from odoo.tests import tagged

from ..helpers.failed_case import FailedCase
from ..helpers.smtp_server import sending


@tagged("post_install", "-at_install")
class TestRetryRefused(FailedCase):
    """A retry that is not possible says why."""

    def assertRefused(self, tracking, words, user=None):
        """Check that nothing is sent, and why."""
        retried, (problem,) = self.retry(tracking, user)
        self.assertFalse(retried)
        self.assertIn(words, problem)
        self.assertEqual(self.sent_to(), [])
        self.assertEqual(tracking.sudo().attempt, 1)

    def test_marked_as_spam(self):
        _message, tracking = self.post_failed(self.alice)
        tracking._add_events({"event_type": "spam", "source": "arf"})
        tracking._update_state()
        self.assertRefused(tracking, "spam")

    def test_blacklisted_or_opted_out(self):
        _message, tracking = self.post_failed(self.alice)
        self.env["mail.blacklist"]._add("alice@example.com")
        self.assertRefused(tracking, "blacklisted")
        for reason, words in (("mail_bl", "blacklisted"), ("mail_optout", "opted out")):
            mail = self.new_mail(
                recipient_ids=self.alice.ids, state="cancel", failure_type=reason
            )
            admin = self.env.ref("base.user_admin")
            self.assertRefused(self.trackings_of(mail), words, admin)

    def test_somebody_else_has_it_at_that_address(self):
        _message, trackings = self.post_failed(self.alice + self.bob)
        self.smtp.refused.clear()
        self.retry(trackings[1])
        self.alice.email = "bob@example.com"
        self.assertRefused(trackings[0], "bob@example.com")

    def test_contact_of_several_addresses_is_gone(self):
        """Nobody gets it twice: without the contact it would go to all of them."""
        for names in ("ab", "ba"):
            reached, missing = (f"{name}@example.com" for name in names)
            contact = self.carol.copy({"email": "a@example.com, b@example.com"})
            self.smtp.refused = {missing: "550 5.1.1 No such user"}
            tracking = self.trackings_of(self.post(contact))
            self.assertEqual(tracking.state, "error")
            contact.unlink()
            self.env.invalidate_all()
            self.smtp.refused = {}
            self.assertRefused(tracking, reached)

    def test_document_that_one_may_not_post_on(self):
        message, tracking = self.post_failed(self.alice)
        reader = self.env["res.users"].browse(self.author.id)
        reader.group_ids -= self.env.ref("base.group_partner_manager")
        self.assertTrue(message.with_user(reader).has_access("read"))
        self.assertRefused(tracking, "not allowed to send", reader)

    def test_document_or_mail_that_is_gone(self):
        admin = self.env.ref("base.user_admin")
        message, tracking = self.post_failed(self.alice)
        message.sudo().res_id = tracking.res_id = 2**31 - 1
        self.assertRefused(tracking, "no longer exists", admin)
        self.smtp.refused["bob@example.com"] = "550 5.1.1 No such user"
        mail = self.new_mail(recipient_ids=self.bob.ids)
        self.send(mail)
        lost = self.trackings_of(mail)
        mail.unlink()
        self.assertRefused(lost, "deleted", admin)

    def test_button_of_the_technical_list(self):
        _message, trackings = self.post_failed(self.alice + self.bob)
        self.env["mail.blacklist"]._add("alice@example.com")
        self.smtp.refused.clear()
        with sending():
            action = trackings.with_user(self.env.ref("base.user_admin")).action_retry()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertEqual(
            action["params"]["message"],
            "1 sent again, 1 not sent.\nAlice Able is blacklisted.",
        )
        self.assertEqual(trackings.mapped("state"), ["error", "sent"])
