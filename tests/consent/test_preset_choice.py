from odoo.tests import tagged

from ...tools.consent import CONSENT, NO_OPENS, STANDARD
from ..helpers.consent_case import ConsentCase


@tagged("post_install", "-at_install")
class TestPresetChoice(ConsentCase):
    """Where the law asks for it, a company is asked for its preset until it chooses."""

    def setUp(self):
        super().setUp()
        self.company = self.env.company
        self.company.write(
            {"mail_tracking_preset": STANDARD, "is_mail_tracking_preset_chosen": False}
        )

    def set_country(self, code):
        self.company.country_id = self.env.ref(f"base.{code}")

    def settings(self):
        return self.env["res.config.settings"].create({})

    def diagnosis(self):
        checks = self.env["mail.tracking.check"].with_company(self.company)
        one = checks.with_context(allowed_company_ids=self.company.ids)
        return list(one._check_presets())

    def test_countries(self):
        for code, is_asked in (
            *(("fr", True), ("it", True), ("no", True), ("uk", True), ("ch", True)),
            *(("us", False), ("br", False), ("tr", False)),
        ):
            with self.subTest(code):
                self.set_country(code)
                self.assertEqual(self.settings().needs_mail_tracking_preset, is_asked)
                self.assertEqual(bool(self.diagnosis()), is_asked)
        self.company.country_id = False
        self.assertFalse(self.settings().needs_mail_tracking_preset)

    def test_another_preset_is_a_choice(self):
        self.set_country("fr")
        settings = self.settings()
        settings.mail_tracking_preset = CONSENT
        settings.execute()
        self.assertEqual(self.company.mail_tracking_preset, CONSENT)
        self.assertFalse(self.settings().needs_mail_tracking_preset)

    def test_saving_alone_is_none(self):
        self.set_country("fr")
        self.settings().execute()
        self.assertTrue(self.settings().needs_mail_tracking_preset)

    def test_confirming_the_present_one(self):
        self.set_country("fr")
        self.settings().action_choose_mail_tracking_preset()
        self.assertEqual(self.company.mail_tracking_preset, STANDARD)
        self.assertFalse(self.settings().needs_mail_tracking_preset)
        self.assertFalse(self.diagnosis())

    def test_diagnosis_leads_to_the_settings(self):
        self.set_country("fr")
        ((_name, result, finding, _advice, page),) = self.diagnosis()
        self.assertEqual(result, "warning")
        self.assertIn(self.company.name, finding)
        self.assertEqual(page, "settings")

    def test_new_company_that_chooses(self):
        values = {"name": "New", "mail_tracking_preset": NO_OPENS}
        company = self.env["res.company"].create(values)
        self.assertTrue(company.is_mail_tracking_preset_chosen)
        presets = self.env["res.company"]._mail_tracking_presets()
        self.assertEqual(presets, {company.id: NO_OPENS})
        company.mail_tracking_preset = STANDARD
        self.assertFalse(self.env["res.company"]._mail_tracking_presets())
