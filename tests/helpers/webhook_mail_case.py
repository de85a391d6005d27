import json

from odoo import fields

from ...providers.standard_webhooks import sign
from .tracking_case import TrackingCase
from .webhook_case import WebhookCase


class WebhookMailCase(TrackingCase, WebhookCase):
    """A mail that was sent, and what the provider of its server reports."""

    def setUp(self):
        super().setUp()
        self.mail_server.tracking_provider = "generic"
        self.tracking = self.trackings_of(self.post_message(self.alice))
        self.let_pass(self.tracking)
        sent = self.smtp.message_to("alice@example.com")
        self.reference = sent["X-Odoo-Mail-Tracking-Reference"]
        self.numbers = iter(range(1000))

    def post_message(self, partners):
        return TrackingCase.post(self, partners)

    def post(self, *args, **kwargs):
        return WebhookCase.post(self, *args, **kwargs)

    def sign(self, body, key, now):
        number = str(next(self.numbers))
        return {
            "webhook-id": number,
            "webhook-timestamp": str(now),
            "webhook-signature": sign(key, number, now, body),
        }

    def item(self, event, **values):
        return {
            "reference": self.reference,
            "recipient": "alice@example.com",
            "event": event,
            "id": f"{event}-1",
            "timestamp": fields.Datetime.now().isoformat() + "Z",
            **values,
        }

    def report(self, *items):
        """Post a batch, let it be processed, and return the stored request."""
        self.assertEqual(self.post(json.dumps(items).encode()), 200)
        self.process()
        self.tracking.invalidate_recordset()
        return self.stored()[0]
