from email import message_from_string, policy
from unittest.mock import patch

from ...models.outgoing import ir_mail_server
from .dsn_server import DsnServer
from .reports import report, status
from .tracking_case import TrackingCase


class ReportCase(TrackingCase):
    """Mails sent through a server that reports, and incoming reports."""

    def setUp(self):
        super().setUp()
        self.smtp = DsnServer().start()
        self.addCleanup(self.smtp.stop)
        self.mail_server.write({"smtp_port": self.smtp.port, "dsn_request": "all"})
        self.enterContext(patch.dict(ir_mail_server._refusing_dsn_until))
        self.bounce = self.env.company.bounce_email

    def receive(self, source):
        """Process an incoming mail as the gateway does."""
        return self.env["mail.thread"].message_process(None, source)

    def secret_of(self, address):
        """Return the ENVID of the last message to an address."""
        return [
            options["ENVID"]
            for options, recipients in self.smtp.asked
            if address in recipients
        ][-1]

    def headers_of(self, address):
        """Return the headers of the last message to an address, as a server returns."""
        text = [text for to, text in self.smtp.messages if address in to][-1]
        message = message_from_string(text, policy=policy.default)
        names = ("From", "To", "Message-Id", "X-Odoo-Mail-Tracking")
        return "\n".join(f"{name}: {message[name]}" for name in names)

    def dsn(self, address, action="failed", code="5.1.1", **values):
        """Return a report about the last message to an address.

        :param str secret: ENVID instead of the right one
        :param str returned: headers of the mail instead of the right ones
        """
        secret = values.pop("secret", None)
        secret = self.secret_of(address) if secret is None else secret
        returned = values.pop("returned", None)
        returned = self.headers_of(address) if returned is None else returned
        fields = {name: values.pop(name) for name in ("diagnostic",) if name in values}
        content = status(address, action, code, secret, **fields)
        return report(content, returned=returned, to=self.bounce, **values)

    def assertBounced(self, partner, count, message=None):
        """Check core's counter, and core's notification if there is one."""
        partner.invalidate_recordset()
        self.assertEqual(partner.message_bounce, count)
        if message:
            notification = message.notification_ids.filtered(
                lambda one: one.res_partner_id == partner
            )
            expected = "bounce" if count else "sent"
            self.assertEqual(notification.notification_status, expected)

    def post_to_alice(self):
        """Post to Alice; keep the message and its tracking."""
        self.message = self.post(self.alice)
        self.tracking = self.trackings_of(self.message)

    def last_event(self):
        return self.tracking.tracking_event_ids.sorted("id")[-1]
