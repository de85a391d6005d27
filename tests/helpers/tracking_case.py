from datetime import timedelta

from markupsafe import Markup

from odoo.addons.mail.tests.common import MailCommon

from .smtp_server import SmtpServer, sending


def ill(*_args, **_kwargs):
    """Stand in for a step; no `Mock`, which the ORM takes for a decorated method."""
    raise RuntimeError("Tracking is ill")


class TrackingCase(MailCommon):
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
        self.smtp = SmtpServer().start()
        self.addCleanup(self.smtp.stop)
        self.env["ir.mail_server"].search([]).active = False
        self.mail_server = self.env["ir.mail_server"].create(self.smtp.server_values())

    def post(self, partners, **values):
        """Post a message on the document to partners, and send it."""
        with sending():
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
        with sending():
            mails.send()

    def trackings_of(self, record):
        """Return the trackings of a message or of a mail, in the order of creation."""
        field = "mail_message_id" if record._name == "mail.message" else "mail_id"
        return self.Tracking.search([(field, "=", record.id)], order="id")

    def let_pass(self, trackings, **delta):
        """Let everything that is known of mails have happened earlier.

        By a minute unless given: nobody reads a mail in the second in which it is sent.
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
