from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from ...tools.consent import NO_OPENS
from ..helpers.consent_case import ConsentCase
from ..helpers.notice_case import NoticeCase
from ..helpers.smtp_server import pixel_urls, sending

OPENED = "Alice Able opened “Hello”."


@tagged("post_install", "-at_install")
class TestTellMe(NoticeCase, ConsentCase):
    """Who is told: by his preferences, and by the switch of the full composer."""

    def composer(self, **values):
        return super().composer(self.author, **values)

    def send_composer(self, **values):
        tracking = super().send_composer(**values)
        self.let_pass(tracking)
        return tracking

    # === PREFERENCE ===#
    def test_own_preference(self):
        mine = self.author.with_user(self.author)
        self.assertFalse(mine.mail_tracking_tells)
        with Form(mine, view="base.view_users_form_simple_modif") as form:
            form.mail_tracking_tells = True
        self.assertTrue(self.author.mail_tracking_tells)
        (values,) = mine.read(["mail_tracking_tells"])
        self.assertTrue(values["mail_tracking_tells"])

    def test_nobody_elses_preference(self):
        other = new_test_user(self.env, "other")
        with self.assertRaises(AccessError):
            self.author.with_user(other).write({"mail_tracking_tells": True})
        self.assertFalse(self.author.mail_tracking_tells)

    def test_not_in_the_data_of_each_page(self):
        self.author.mail_tracking_tells = True
        settings = self.author.res_users_settings_id._res_users_settings_format()
        self.assertNotIn("mail_tracking_tells", settings)

    def test_created_with_the_preference(self):
        authors = self.env["res.users"]._mail_tracking_told_authors()
        user = new_test_user(self.env, "new", mail_tracking_tells=True)
        self.assertNotIn(user.partner_id.id, authors)
        authors = self.env["res.users"]._mail_tracking_told_authors()
        self.assertIn(user.partner_id.id, authors)

    # === ONE MESSAGE ===#
    def test_who_wants_to_be_told_is_cached(self):
        """Each composer asks, and so does each mail."""
        user = self.env.user
        self.assertFalse(user._mail_tracking_is_told())
        with self.assertQueryCount(0):
            self.assertFalse(user._mail_tracking_is_told())
        user.mail_tracking_tells = True
        self.env.flush_all()
        self.assertTrue(user._mail_tracking_is_told())

    def test_switch(self):
        self.assertTold(self.send_composer(mail_tracking_tells=True), [OPENED])
        self.assertTold(self.send_composer(), [])
        self.author.mail_tracking_tells = True
        self.assertTold(self.send_composer(), [OPENED])
        self.assertTold(self.send_composer(mail_tracking_tells=False), [])

    def test_default_is_the_preference(self):
        self.assertFalse(self.composer().mail_tracking_tells)
        self.author.mail_tracking_tells = True
        self.assertTrue(self.composer().mail_tracking_tells)

    def test_what_was_asked_for_stays(self):
        tracking = self.send_composer(mail_tracking_tells=True)
        self.assertEqual(tracking.tells, "asked")
        self.author.mail_tracking_tells = True
        self.author.mail_tracking_tells = False
        self.assertTold(tracking, [OPENED])

    def test_what_follows_the_preference(self):
        self.author.mail_tracking_tells = True
        self.assertEqual(self.send_composer().tells, "always")

    def test_offered_only_where_opens_are_tracked(self):
        self.assertTrue(self.composer().has_mail_tracking_tells)
        composer = self.composer(mail_tracking_opens=False, mail_tracking_tells=True)
        self.assertFalse(composer.has_mail_tracking_tells)
        self.assertFalse(
            self.send_composer(
                mail_tracking_opens=False, mail_tracking_tells=True
            ).tells
        )

    def test_not_offered_without_individual_opens(self):
        self.author.mail_tracking_tells = True
        self.set_preset(NO_OPENS)
        self.assertFalse(self.composer().has_mail_tracking_tells)
        self.assertFalse(self.send_composer(mail_tracking_tells=True).tells)

    def test_in_the_name_of_somebody_else(self):
        other = new_test_user(self.env, "other", mail_tracking_tells=True)
        author = {"author_id": other.partner_id.id}
        composer = self.composer(**author, mail_tracking_tells=True)
        self.assertFalse(composer.has_mail_tracking_tells)
        self.assertEqual(self.send_composer(**author).tells, "always")

    def test_posted_later(self):
        later = fields.Datetime.now() + timedelta(hours=1)
        composer = self.composer(mail_tracking_tells=True, scheduled_date=later)
        scheduled = composer._action_schedule_message()
        with sending():
            scheduled.post_message()
        tracking = self.Tracking.search([("partner_id", "=", self.alice.id)], limit=1)
        self.assertEqual(tracking.tells, "asked")

    def test_notified_later(self):
        later = fields.Datetime.now() + timedelta(hours=1)
        composer = self.composer(mail_tracking_tells=True, scheduled_date=later)
        _mails, message = composer._action_send_mail()
        schedules = self.env["mail.message.schedule"].search(
            [("mail_message_id", "=", message.id)]
        )
        with sending():
            schedules.force_send()
        self.assertEqual(self.trackings_of(message).tells, "asked")


@tagged("post_install", "-at_install")
class TestTellMeEndToEnd(NoticeCase, ConsentCase, HttpCase):
    def test_pixel_loaded_over_http(self):
        self.author.mail_tracking_tells = True
        tracking = self.written()
        (url,) = pixel_urls(self.smtp.message_to("alice@example.com"))
        with self.notices() as notices:
            self.url_open(url, headers={"User-Agent": "curl/8.5"})
        self.assertFalse(notices)
        self.let_load_again(tracking)
        with self.notices() as notices:
            self.url_open(url, headers={"User-Agent": "Thunderbird/128.0"})
        self.assertEqual(len(notices), 1)
        with self.notices() as notices:
            self.url_open(url, headers={"User-Agent": "Thunderbird/128.0"})
        self.assertFalse(notices)
