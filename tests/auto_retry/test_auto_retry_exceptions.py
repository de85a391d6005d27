from datetime import timedelta

from odoo import fields
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..helpers.committed_case import CommittedCase

GREYLISTED = "451 4.7.1 Greylisted, come back later"


@tagged("post_install", "-at_install")
class TestAutoRetryExceptions(CommittedCase):
    """Which mails are retried automatically, and which are not."""

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.addons.mail.models.mail_mail"))
        self.smtp.refused["p@example.com"] = GREYLISTED
        with self.committed() as env:
            self.partner = env["res.partner"].create(
                {"name": "P", "email": "p@example.com"}
            )
            self.document = env["res.partner"].create({"name": "Document"})
            self.created += [self.partner, self.document]

    def sent(self, send):
        """Send to the contact, and return its tracking.

        :param send: called with the document
        """
        with self.committed() as env:
            send(self.document.with_env(env))
        with self.committed() as env:
            domain = [("partner_id", "=", self.partner.id)]
            tracking = env["mail.tracking.email"].search(domain)
            tracking.ensure_one()
            self.created += [tracking, tracking.mail_message_id]
            self.assertEqual(self.smtp.messages, [])
            return tracking.id

    def post(self, document, **values):
        document.message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner.ids,
            **values,
        )

    def composer(self, document, never, **values):
        """Return the composer with a template, by default for many documents."""
        env = document.env
        template = env["mail.template"].create(
            {
                "name": "Once",
                "model_id": env["ir.model"]._get_id("res.partner"),
                "subject": "Once",
                "body_html": "<p>Once</p>",
                "auto_delete": False,
                "partner_to": str(self.partner.id),
                "use_default_to": False,
                "tracking_never_retry": never,
            }
        )
        self.created.append(template)
        defaults = {
            "composition_mode": "mass_mail",
            "model": "res.partner",
            "res_ids": document.ids,
            "template_id": template.id,
            "force_send": True,
            **values,
        }
        context = {f"default_{name}": value for name, value in defaults.items()}
        return Form(env["mail.compose.message"].with_context(**context)).save()

    def compose(self, document, never):
        self.composer(document, never)._action_send_mail()

    def compose_later(self, document, never, schedule):
        """Send later from the composer of one document.

        :param schedule: called with the composer, returns a function that sends
        """
        later = fields.Datetime.now() + timedelta(hours=1)
        composer = self.composer(document, never, composition_mode="comment")
        composer.scheduled_date = later
        schedule(composer.with_context(mail_notify_force_send=True))()

    def test_message_that_is_posted_later(self):
        def post(composer):
            return composer._action_schedule_message().post_message

        for never, state in ((True, "error"), (False, "waiting")):
            with self.subTest(never=never):
                self.check_later(never, post, state)

    def test_message_that_is_notified_later(self):
        def notify(composer):
            _mails, message = composer._action_send_mail()
            # What the caller's context says is of another message.
            schedules = composer.env["mail.message.schedule"].sudo()
            schedules = schedules.with_context(mail_tracking_never_retry=False)
            domain = [("mail_message_id", "=", message.id)]
            return schedules.search(domain).force_send

        for never, state in ((True, "error"), (False, "waiting")):
            with self.subTest(never=never):
                self.check_later(never, notify, state)

    def check_later(self, never, schedule, state):
        tracking_id = self.sent(
            lambda document: self.compose_later(document, never, schedule)
        )
        self.assertEqual(self.state_of(tracking_id)[0], state)
        with self.committed() as env:
            env["mail.tracking.email"].browse(tracking_id).unlink()

    def test_composer_hands_on_that_a_template_sends_once(self):
        tracking_id = self.sent(lambda document: self.compose(document, True))
        self.assertEqual(self.state_of(tracking_id)[0], "error")

    def test_composer_with_an_ordinary_template(self):
        tracking_id = self.sent(lambda document: self.compose(document, False))
        self.assertEqual(self.state_of(tracking_id)[0], "waiting")

    def test_notification_of_a_user(self):
        """User notifications are not retried: they are of no use later."""

        def notify(document):
            document.message_notify(body="Hello", partner_ids=self.partner.ids)

        tracking_id = self.sent(notify)
        self.assertEqual(self.state_of(tracking_id)[0], "error")

    def test_document_that_is_deleted_meanwhile(self):
        tracking_id = self.sent(self.post)
        self.assertEqual(self.state_of(tracking_id)[0], "waiting")
        with self.committed() as env:
            self.document.with_env(env).unlink()
        self.smtp.refused.clear()
        with self.committed() as env:
            tracking = env["mail.tracking.email"].browse(tracking_id)
            env["mail.mail"].process_email_queue([tracking.mail_id])
        self.assertEqual(self.smtp.messages, [])

    def test_contact_that_is_deleted_meanwhile(self):
        tracking_id = self.sent(self.post)
        with self.committed() as env:
            mail_id = env["mail.tracking.email"].browse(tracking_id).mail_id
            env["mail.mail"].browse(mail_id).scheduled_date = False
            self.partner.with_env(env).unlink()
        self.smtp.refused.clear()
        with self.committed() as env:
            env["mail.mail"].process_email_queue([mail_id])
        self.assertEqual(self.smtp.messages, [])
        self.assertEqual(self.state_of(tracking_id)[0], "canceled")

    def test_mail_that_is_gone_is_rebuilt(self):
        """Like a retry by hand, it is for this recipient only."""
        self.set_parameter("retry_hours", "0")
        tracking_id = self.sent(self.post)
        self.assertEqual(self.state_of(tracking_id)[0], "error")
        self.set_parameter("retry_hours", "48")
        with self.committed() as env:
            tracking = env["mail.tracking.email"].browse(tracking_id)
            env["mail.mail"].browse(tracking.mail_id).unlink()
            self.assertTrue(tracking._try_again())
        self.assertEqual(self.state_of(tracking_id)[0], "waiting")
        self.smtp.refused.clear()
        with self.committed() as env:
            mail = env["mail.tracking.email"].browse(tracking_id)._waiting_mail_sudo()
            self.assertTrue(mail.scheduled_date, "an attempt of its own has its time")
            mail.scheduled_date = False
            mail_id = mail.id
        with self.committed() as env:
            env["mail.mail"].process_email_queue([mail_id])
        self.assertEqual(len(self.smtp.messages), 1)
        self.assertEqual(self.state_of(tracking_id)[0], "sent")
