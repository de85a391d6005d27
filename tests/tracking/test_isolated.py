from unittest.mock import patch

from odoo.exceptions import ValidationError
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

    def test_address_in_toast_of_retry(self):
        self.alice.email = "alice@παράδειγμα.ישראל"
        _message, tracking = self.post_failed(self.alice)
        words = self.env._(
            "This email was already sent to %(address)s.",
            address=f"\u2068{tracking.recipient_address}\u2069",
        )
        with patch.object(
            type(tracking),
            "_reached_addresses",
            lambda trackings: {
                (t.mail_message_id.id, t.recipient_address) for t in trackings
            },
        ):
            self.assertEqual(tracking._obstacles(), {tracking: words})

    def test_company_in_diagnosis(self):
        company = self.env.company
        company.name = TURNS
        check = self.env["mail.tracking.check"].with_context(
            allowed_company_ids=company.ids
        )
        with patch.object(
            type(company), "_needs_mail_tracking_preset", lambda self: self
        ):
            (found,) = check._check_presets()
        self.assertTrue(found[2].startswith(f"{ISOLATED} has not chosen"))

    def test_contact_whose_consent_cannot_be_kept(self):
        contact = self.env["res.partner"].create({"name": TURNS})
        with self.assertRaisesRegex(ValidationError, f"^{ISOLATED} has no valid"):
            contact.mail_tracking_consent = "allowed"

    def test_marks_that_would_end_the_isolation(self):
        self.mail_server.name = f"\u2069{TURNS}\u2069"
        check = self.env["mail.tracking.check"].with_context(mail_tracking_offline=1)
        names = [found[0] for found in check._check_servers()]
        self.assertEqual(names, [f"Outgoing Mail Server: {ISOLATED}"])
