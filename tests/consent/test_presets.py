from odoo.tests import new_test_user, tagged

from ...tools.consent import CONSENT, NO_OPENS, STANDARD
from ..helpers.consent_case import ConsentCase
from ..helpers.smtp_server import pixel_urls, sending


@tagged("post_install", "-at_install")
class TestPresets(ConsentCase):
    """Which mails have a pixel, and which hits are recorded."""

    def assertOpens(self, partner, is_recorded, **values):
        """Check pixel and hit of a new message to a contact."""
        tracking = self.sent_tracking(partner, **values)
        self.assertEqual(self.has_pixel(partner.email), is_recorded)
        self.open(tracking)
        self.assertEqual(tracking.state, "opened" if is_recorded else "sent")
        self.assertEqual(tracking.open_count, int(is_recorded))
        return tracking

    def test_default_is_standard(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertEqual(company.mail_tracking_preset, STANDARD)
        self.assertFalse(company.is_mail_tracking_preset_chosen)
        tracking = self.assertOpens(self.alice, True)
        self.assertFalse(tracking.opens)
        self.assertEqual(self.links(self.smtp.message_to(self.alice.email)), [[], []])

    def test_no_opens(self):
        self.set_preset(NO_OPENS)
        self.allow(self.alice.email)
        tracking = self.assertOpens(self.alice, False)
        self.assertEqual(tracking.opens, "never")
        self.assertEqual(self.links(self.smtp.message_to(self.alice.email)), [[], []])

    def test_with_consent(self):
        self.set_preset(CONSENT)
        self.allow(self.alice.email)
        self.assertEqual(self.assertOpens(self.alice, True).opens, "consent")
        self.assertOpens(self.bob, False)
        for partner in (self.alice, self.bob):
            html, text = self.links(self.smtp.message_to(partner.email))
            self.assertEqual(len(html), 1)
            self.assertEqual(html, text)

    def test_refusal_counts_in_every_preset(self):
        self.refuse(self.alice.email)
        for preset in (STANDARD, NO_OPENS, CONSENT):
            with self.subTest(preset):
                self.set_preset(preset)
                self.assertOpens(self.alice, False)

    def test_parameter_wins(self):
        self.set_preset(CONSENT)
        self.allow(self.alice.email)
        self.env["ir.config_parameter"].set_param(
            "mail_activity_tracking.tracking_img_disabled", "True"
        )
        self.post(self.alice)
        sent = self.smtp.message_to(self.alice.email)
        self.assertFalse(pixel_urls(sent))
        self.assertEqual(self.links(sent), [[], []])

    def test_all_addresses_of_one_message_must_agree(self):
        self.set_preset(CONSENT)
        self.allow("one@example.com", "two@example.com")
        to_both = {"email_to": "one@example.com", "email_cc": "two@example.com"}
        self.send(self.new_mail(**to_both))
        self.assertTrue(self.has_pixel("one@example.com"))
        self.refuse("two@example.com")
        self.send(self.new_mail(**to_both))
        self.assertFalse(self.has_pixel("one@example.com"))
        self.set_preset(STANDARD)
        self.send(self.new_mail(**to_both))
        self.assertFalse(self.has_pixel("one@example.com"))

    def test_all_addresses_of_one_contact_must_agree(self):
        self.set_preset(CONSENT)
        self.alice.email = "alice@example.com, alice@home.example.com"
        self.allow("alice@example.com")
        self.post(self.alice)
        self.assertFalse(self.has_pixel("alice@example.com"))
        self.allow("alice@home.example.com")
        self.post(self.alice)
        self.assertTrue(self.has_pixel("alice@example.com"))

    def test_company_of_the_document(self):
        other = self.env["res.company"].create({"name": "Other"})
        other.mail_tracking_preset = NO_OPENS
        self.assertOpens(self.alice, True)
        self.document.company_id = other
        tracking = self.assertOpens(self.alice, False)
        self.assertEqual(tracking.company_id, other)

    def test_company_of_the_author(self):
        other = self.env["res.company"].create({"name": "Other"})
        other.mail_tracking_preset = NO_OPENS
        author = new_test_user(
            self.env, "other-author", company_id=other.id, company_ids=other.ids
        )
        values = {"email_to": "x@example.com"}
        self.send(self.new_mail(**values, author_id=author.partner_id.id))
        self.assertFalse(self.has_pixel("x@example.com"))
        self.send(self.new_mail(**values, author_id=self.alice.id))
        self.assertTrue(self.has_pixel("x@example.com"))

    def test_main_company(self):
        self.env.ref("base.main_company").mail_tracking_preset = NO_OPENS
        self.send(self.new_mail(email_to="x@example.com"))
        self.assertFalse(self.has_pixel("x@example.com"))

    def test_preset_counts_for_mails_of_before(self):
        tracking = self.sent_tracking()
        self.set_preset(NO_OPENS)
        self.open(tracking)
        self.assertEqual((tracking.state, tracking.hit_count), ("sent", 0))
        self.set_preset(CONSENT)
        self.open(tracking)
        self.assertEqual((tracking.state, tracking.hit_count), ("sent", 0))
        self.allow(self.alice.email)
        self.open(tracking)
        self.assertEqual((tracking.state, tracking.hit_count), ("opened", 1))

    def test_security_mails_carry_no_pixel(self):
        user = new_test_user(self.env, "secure", email="secure@example.com")
        with sending():
            user._notify_security_setting_update("New password", "It was changed")
        self.assertFalse(self.has_pixel("secure@example.com"))
        about = {"model": "res.users", "res_id": user.id, "auto_delete": True}
        self.send(self.new_mail(email_to=user.email, subject="Code", **about))
        self.assertFalse(self.has_pixel("secure@example.com"))
        reset = {"message_type": "user_notification", "auto_delete": True}
        self.send(self.new_mail(email_to=user.email, subject="Reset", **reset))
        self.assertFalse(self.has_pixel("secure@example.com"))
        trackings = self.Tracking.search([("recipient_address", "=", user.email)])
        self.assertEqual(trackings.mapped("opens"), ["never"] * 3)

    def test_security_mails_have_no_link(self):
        self.set_preset(CONSENT)
        user = new_test_user(self.env, "secure", email="secure@example.com")
        self.allow("secure@example.com")
        with sending():
            user._notify_security_setting_update("New password", "It was changed")
        sent = self.smtp.message_to("secure@example.com")
        self.assertEqual(self.links(sent), [[], []])
