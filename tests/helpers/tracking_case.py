import re
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_string, policy
from unittest.mock import patch

from markupsafe import Markup

from odoo.tests import TransactionCase
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.mail.tests.common import MailCommon

from .smtp_server import SmtpServer

PIXEL_URL = re.compile(r'src="([^"]*/mail/tracking/open/[^"]+\.gif)"')


def ill(*_args, **_kwargs):
    """Stand in for a step; no `Mock`, which the ORM takes for a decorated method."""
    raise RuntimeError("Tracking is ill")


class SmtpCase(TransactionCase):
    """A real SMTP server, and what it has got."""

    def setUp(self):
        super().setUp()
        self.smtp = SmtpServer().start()
        self.addCleanup(self.smtp.stop)

    def server_values(self):
        """Return the values of an `ir.mail_server` that leads to the SMTP server."""
        return {
            "name": "Test server",
            "sequence": -10,
            "smtp_host": "127.0.0.1",
            "smtp_port": self.smtp.port,
            "smtp_encryption": "none",
        }

    @contextmanager
    def sending(self):
        """Really send within the block: tests do not send otherwise."""
        with (
            patch.object(IrMail_Server, "_disable_send", lambda _self: False),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            yield

    def sent_message(self, recipient):
        """Return the last message that the server got for a recipient, parsed."""
        texts = [text for to, text in self.smtp.messages if recipient in to]
        return message_from_string(texts[-1], policy=policy.default)

    def pixel_urls(self, message):
        """Return the addresses of the pixels in a parsed message."""
        return PIXEL_URL.findall(message.get_body(("html",)).get_content())


class TrackingCase(SmtpCase, MailCommon):
    """Data and assertions for tests that send through the SMTP server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Tracking = cls.env["mail.tracking.email"]
        cls.alice, cls.bob = cls.env["res.partner"].create(
            [
                {"name": "Alice Able", "email": "alice@example.com"},
                {"name": "Bob Bounce", "email": "bob@example.com"},
            ]
        )
        cls.document = cls.env["res.partner"].create({"name": "Document"})

    def setUp(self):
        super().setUp()
        self.env["ir.mail_server"].search([]).active = False
        self.mail_server = self.env["ir.mail_server"].create(self.server_values())

    def post(self, partners, **values):
        """Post a message on the document to partners, and send it."""
        with self.sending():
            return self.document.message_post(
                body=Markup("<p>Hello</p>"),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=partners.ids,
                **values,
            )

    def new_mail(self, **values):
        """Create a mail as a module without a chatter does."""
        return self.env["mail.mail"].create(
            {
                "subject": "A subject",
                "body_html": "<p>Body</p>",
                "email_from": "sender@example.com",
                **values,
            }
        )

    def send(self, mails):
        """Send mails as the queue does, without giving up at the first failure."""
        with self.sending():
            mails.send()

    def trackings_of(self, record):
        """Return the trackings of a message or of a mail, in the order of creation."""
        field = "mail_message_id" if record._name == "mail.message" else "mail_id"
        return self.Tracking.search([(field, "=", record.id)], order="id")

    def let_pass(self, trackings, **delta):
        """Let everything that is known of mails have happened earlier.

        By a minute, or as told: nobody reads a mail in the second in which it was sent.
        """
        self.env.flush_all()
        values = [timedelta(**delta or {"minutes": 1}), trackings.ids]
        self.env.cr.execute(
            "UPDATE mail_tracking_event SET time = time - %s"
            " WHERE tracking_email_id = ANY(%s)",
            values,
        )
        self.env.cr.execute(
            "UPDATE mail_tracking_email SET state_time = state_time - %s"
            " WHERE id = ANY(%s)",
            values,
        )
        self.env.invalidate_all(flush=False)

    def assertTracked(self, tracking, state, event_types, **values):
        """Check one tracking: its state, its events from the first on, its fields."""
        tracking.ensure_one()
        events = tracking.tracking_event_ids.sorted("id")
        self.assertEqual(events.mapped("event_type"), event_types)
        self.assertEqual(tracking.state, state)
        for name, value in values.items():
            self.assertEqual(tracking[name], value, name)
