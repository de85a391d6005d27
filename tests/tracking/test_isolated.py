from odoo.tests import tagged

from ..helpers.failed_case import FailedCase

# A name that turns around what stands behind it, unless it is isolated.
TURNS = "Alice \u202egnp"
ISOLATED = f"\u2068{TURNS}\u2069"


@tagged("post_install", "-at_install")
class TestIsolated(FailedCase):
    """Names of others turn none of our own words around, in plain strings too."""

    def test_toast_of_retry(self):
        self.alice.name = TURNS
        _message, tracking = self.post_failed(self.alice)
        self.env["mail.blacklist"]._add("alice@example.com")
        action = tracking.with_user(self.author).action_retry()
        words = action["params"]["message"].splitlines()
        self.assertEqual(words[1], f"{ISOLATED} is blacklisted.")

    def test_names_of_emails(self):
        message = self.post(self.alice, subject=TURNS)
        name = self.trackings_of(message).display_name
        self.assertEqual(name, f"{ISOLATED} – alice@example.com")

    def test_names_of_servers_in_diagnosis(self):
        self.mail_server.name = TURNS
        offline = self.env["mail.tracking.check"].with_context(mail_tracking_offline=1)
        names = [finding[0] for finding in offline._check_servers()]
        self.assertEqual(names, [f"Outgoing Mail Server: {ISOLATED}"])
