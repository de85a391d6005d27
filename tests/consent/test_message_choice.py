from datetime import timedelta

from odoo import fields
from odoo.tests import Form, HttpCase, tagged

from ...tools.consent import CONSENT, NO_OPENS
from ..helpers.consent_case import ConsentCase
from ..helpers.smtp_server import sending

PARAMETER = "mail_activity_tracking.models_without_opens"


@tagged("post_install", "-at_install")
class TestMessageChoice(ConsentCase):
    """Whether opens of one message are tracked."""

    def assertTracks(self, tracking, is_tracked):
        self.assertEqual(tracking.opens, False if is_tracked else "never")
        self.assertEqual(self.has_pixel(self.alice.email), is_tracked)
        self.let_pass(tracking)
        self.open(tracking)
        self.assertEqual(tracking.state, "opened" if is_tracked else "sent")

    def test_switch(self):
        self.assertTracks(self.send_composer(), True)
        self.assertTracks(self.send_composer(mail_tracking_opens=False), False)

    def test_kept_on_the_mail(self):
        mails = self.env["mail.mail"].with_context(mail_tracking_opens="no")
        mail = mails.create({"email_to": "x@example.com", "body_html": "<p>x</p>"})
        mail = mail.with_context(mail_tracking_opens=None)
        self.assertEqual(mail.mail_tracking_opens, "no")
        self.send(mail)
        self.assertFalse(self.has_pixel("x@example.com"))
        self.assertFalse(self.new_mail().mail_tracking_opens)
        # What RPC may bring instead.
        for context in ([], {}, 1, "perhaps"):
            mails = self.env["mail.mail"].with_context(mail_tracking_opens=context)
            mail = mails.create({"email_to": "x@example.com"})
            self.assertFalse(mail.mail_tracking_opens)

    def test_default_of_the_template(self):
        template = self.env["mail.template"].create(
            {
                "name": "Quiet",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "Quiet",
                "body_html": "<p>Quiet</p>",
                "partner_to": str(self.alice.id),
                "use_default_to": False,
                "tracking_opens": "no",
            }
        )
        composer = self.composer(template_id=template.id)
        self.assertFalse(composer.mail_tracking_opens)
        composer.mail_tracking_opens = True
        # As without a choice, unless something around it has made another one.
        self.assertEqual(composer._mail_tracking_context(), {})
        around = {"mail_tracking_never_retry": True, "mail_tracking_opens": "no"}
        composer = composer.with_context(**around)
        expected = {"mail_tracking_never_retry": False, "mail_tracking_opens": "yes"}
        self.assertEqual(composer._mail_tracking_context(), expected)
        self.assertTracks(
            self.send_composer(template_id=template.id, mail_tracking_opens=True), True
        )
        mail = self.env["mail.mail"].browse(template.send_mail(self.document.id))
        self.assertEqual(mail.mail_tracking_opens, "no")
        self.send(mail)
        self.assertFalse(self.has_pixel("alice@example.com"))
        template.tracking_opens = False
        mail = self.env["mail.mail"].browse(template.send_mail(self.document.id))
        self.assertFalse(mail.mail_tracking_opens)

    def test_default_of_the_model(self):
        self.env["ir.config_parameter"].set_param(PARAMETER, "crm.lead, res.partner")
        self.assertFalse(self.composer().mail_tracking_opens)
        self.assertTracks(self.trackings_of(self.post(self.alice)), False)
        self.assertTracks(self.send_composer(mail_tracking_opens=True), True)

    def test_settings_of_the_model(self):
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.mail_tracking_model_without_ids)
        settings.mail_tracking_model_without_ids = self.env["ir.model"]._get(
            "res.partner"
        )
        settings.execute()
        value = self.env["ir.config_parameter"].get_param(PARAMETER)
        self.assertEqual(value, "res.partner")
        again = self.env["res.config.settings"].create({})
        self.assertEqual(
            again.mail_tracking_model_without_ids.mapped("model"), ["res.partner"]
        )

    def test_choice_overrides_no_preset(self):
        self.set_preset(CONSENT)
        tracking = self.send_composer(mail_tracking_opens=True)
        self.assertEqual(tracking.opens, "consent")
        self.assertFalse(self.has_pixel(self.alice.email))
        self.set_preset(NO_OPENS)
        self.send_composer(mail_tracking_opens=True)
        self.assertFalse(self.has_pixel(self.alice.email))

    def test_choice_only_where_the_preset_leaves_one(self):
        self.assertTrue(self.composer().has_mail_tracking_choice)
        self.set_preset(CONSENT)
        self.assertTrue(self.composer().has_mail_tracking_choice)
        self.set_preset(NO_OPENS)
        self.assertFalse(self.composer().has_mail_tracking_choice)

    def test_no_choice_where_the_pixel_is_off(self):
        self.env["ir.config_parameter"].set_param(
            "mail_activity_tracking.tracking_img_disabled", "True"
        )
        self.assertFalse(self.composer().has_mail_tracking_choice)

    def test_retry_keeps_the_choice(self):
        self.smtp.refused[self.alice.email] = "550 5.1.1 No such user"
        tracking = self.send_composer(mail_tracking_opens=False)
        self.assertEqual(tracking.state, "error")
        self.smtp.refused.clear()
        self.env["mail.mail"].browse(tracking.mail_id).unlink()
        with sending():
            tracking.action_retry()
        self.assertEqual((tracking.state, tracking.opens), ("sent", "never"))
        self.assertFalse(self.has_pixel(self.alice.email))

    def test_posted_later(self):
        later = fields.Datetime.now() + timedelta(hours=1)
        composer = self.composer(mail_tracking_opens=False, scheduled_date=later)
        scheduled = composer._action_schedule_message()
        with sending():
            scheduled.post_message()
        self.assertFalse(self.has_pixel(self.alice.email))

    def test_notified_later(self):
        later = fields.Datetime.now() + timedelta(hours=1)
        composer = self.composer(mail_tracking_opens=False, scheduled_date=later)
        _mails, message = composer._action_send_mail()
        schedules = self.env["mail.message.schedule"].search(
            [("mail_message_id", "=", message.id)]
        )
        self.assertEqual(schedules.mail_tracking_opens, "no")
        with sending():
            schedules.force_send()
        self.assertTracks(self.trackings_of(message), False)

    def test_notified_later_with_any_context(self):
        """A client may send any context with a message that is to be notified later."""
        later = fields.Datetime.now() + timedelta(hours=1)
        for value in ([], {}, 1, "perhaps"):
            context = {"mail_tracking_opens": value, "mail_tracking_tells": value}
            document = self.document.with_context(**context)
            message = document.message_post(
                body="Hello",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.alice.ids,
                scheduled_date=later,
            )
            schedule = self.env["mail.message.schedule"].search(
                [("mail_message_id", "=", message.id)]
            )
            self.assertEqual(len(schedule), 1)
            self.assertFalse(schedule.mail_tracking_opens)
            self.assertFalse(schedule.mail_tracking_tells)

    def test_form(self):
        with Form(self.composer()) as form:
            self.assertTrue(form.mail_tracking_opens)
            form.mail_tracking_opens = False

    def test_timeline_tells(self):
        tracking = self.send_composer(mail_tracking_opens=False)
        self.assertEqual(tracking._get_timeline()["opens"], "never")


@tagged("post_install", "-at_install")
class TestMessageChoiceTour(ConsentCase, HttpCase):
    def test_switched_off_in_the_composer(self):
        with sending():
            self.start_tour(
                f"/odoo/res.partner/{self.alice.id}",
                "mail_activity_tracking.untracked_mail",
                login="admin",
            )
        message = self.alice.message_ids.filtered(lambda m: "Dear Alice" in m.body)
        self.assertEqual(self.trackings_of(message).opens, "never")
        self.assertFalse(self.has_pixel(self.alice.email))
