from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from unittest.mock import patch

from odoo import sql_db
from odoo.tests import tagged
from odoo.tools import mail as mail_tools
from odoo.tools import mute_logger

from ...models.outgoing import mail_mail as outgoing
from ...tools.smtp import send_run
from ...tools.smtp.send_run import TokenHeader
from ..helpers.dsn_server import DsnServer
from ..helpers.smtp_server import pixel_urls
from ..helpers.tracking_case import TrackingCase

GUARD = "odoo.addons.mail_activity_tracking.tools.guard"


@tagged("post_install", "-at_install")
class TestCostOfSending(TrackingCase):
    """What is done once for a batch of mails, and what may not suffer from it."""

    def setUp(self):
        super().setUp()
        self.smtp = DsnServer().start()
        self.addCleanup(self.smtp.stop)
        self.mail_server.smtp_port = self.smtp.port
        self.people = self.env["res.partner"].create(
            [{"name": f"P{i}", "email": f"p{i}@example.com"} for i in range(5)]
        )

    @contextmanager
    def recorded(self):
        """Return a list that gets the statements of the block."""
        execute, statements = sql_db.Cursor.execute, []

        def record(cr, query, *arguments, **options):
            statements.append(getattr(query, "code", query))
            return execute(cr, query, *arguments, **options)

        with patch.object(sql_db.Cursor, "execute", record):
            yield statements

    def test_the_key_of_the_envelope_ids_is_derived_once(self):
        with patch.object(
            send_run, "envelope_cipher", side_effect=send_run.envelope_cipher
        ) as derive:
            self.post(self.people)
        self.assertEqual(len(self.smtp.asked), 5)
        self.assertEqual(len({mail["ENVID"] for mail, _rcpts in self.smtp.asked}), 5)
        self.assertEqual(derive.call_count, 1)

    def test_a_body_is_parsed_once_and_each_message_has_its_own_pixel(self):
        append = mail_tools.append_content_to_html
        body = "<p>Dear {token}, {{ this }} costs 100 %s</p>"
        mail = self.new_mail(recipient_ids=self.people.ids, body_html=body)
        with patch.object(
            mail_tools, "append_content_to_html", side_effect=append
        ) as parse:
            self.send(mail)
        self.assertEqual(parse.call_count, 1)
        messages = [self.smtp.message_to(person.email) for person in self.people]
        pixels = [pixel_urls(message) for message in messages]
        self.assertEqual([len(urls) for urls in pixels], [1] * 5)
        self.assertEqual(len({urls[0] for urls in pixels}), 5)
        for message in messages:
            html = message.get_body(("html",)).get_content()
            self.assertIn("Dear {token}, {{ this }} costs 100 %s", html)

    def test_only_what_sending_needs_is_read_of_contacts(self):
        mail = self.new_mail(recipient_ids=self.people.ids)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.recorded() as statements:
            self.send(mail)
        reading = [text for text in statements if '"res_partner"."email"' in text]
        self.assertTrue(reading)
        self.assertFalse([text for text in reading if '"res_partner"."phone"' in text])

    def test_the_message_of_a_new_mail_is_not_read_again(self):
        template = self.env["mail.template"].create(
            {
                "name": "Letter",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "Hello",
                "email_from": "sender@example.com",
                "partner_to": "{{ object.id }}",
            }
        )
        self.env.flush_all()
        with self.recorded() as statements:
            mail_id = template.send_mail(self.people[0].id)
        tracking = self.env["mail.tracking.email"].search([("mail_id", "=", mail_id)])
        self.assertEqual(tracking.res_id, self.people[0].id)
        reading = [text for text in statements if text.startswith("SELECT")]
        self.assertFalse(
            [text for text in reading if '"mail_message"."res_id"' in text]
        )

    def test_a_mail_goes_out_when_its_recipients_cannot_be_read_at_once(self):
        fields = patch.object(outgoing, "PARTNER_FIELDS", ["no_such_field"])
        with fields, mute_logger(GUARD):
            self.send(self.new_mail(recipient_ids=self.people.ids))
        self.assertEqual(len(self.smtp.messages), 5)

    def test_texts_of_recipients_arrive_as_they_are(self):
        names = ['"Quoted" \\ back', "O'Brien; DROP", "Ünï 😀 \u202e", '{"json": [1]}']
        people = self.env["res.partner"].create(
            [{"name": n, "email": f"q{i}@example.com"} for i, n in enumerate(names)]
        )
        raw = '"Raw \\"One\\"" <raw@example.com>'
        mail = self.new_mail(
            recipient_ids=people.ids, email_to=raw, subject='A "subject" \\ 😀'
        )
        trackings = self.trackings_of(mail)
        self.assertEqual(trackings.partner_id, people)
        for tracking in trackings:
            self.assertEqual(tracking.name, 'A "subject" \\ 😀')
            if tracking.partner_id:
                self.assertEqual(tracking.recipient_address, tracking.partner_id.email)
        self.assertIn("raw@example.com", trackings.mapped("recipient_address"))

    def test_the_header_of_the_token(self):
        message = EmailMessage(policy=policy.SMTP)
        message[TokenHeader.name] = TokenHeader("a2345")
        self.assertEqual(message[TokenHeader.name], "a2345")
        self.assertIn(b"X-Odoo-Mail-Tracking: a2345\r\n", message.as_bytes())
