import json

from odoo.tests import BaseCase, tagged

from ...providers.contract import VARIABLE
from ...providers.registry import PROVIDERS
from ...providers.values import variable_in

MESSAGE_ID = "<1.2-openerp-3-crm.lead@example.com>"
TO = "alice@example.com"
AT = 1795341600
# Provider to an event of a mail that was sent without the headers of the provider.
EVENTS = {
    "brevo": {"event": "delivered", "email": TO, "message-id": MESSAGE_ID},
    "mailgun": {
        "event-data": {
            "event": "delivered",
            "recipient": TO,
            "timestamp": AT,
            "user-variables": {},
            "message": {"headers": {"message-id": MESSAGE_ID.strip("<>")}},
        }
    },
    "postal": {
        "event": "MessageSent",
        "payload": {"message": {"to": TO, "message_id": MESSAGE_ID.strip("<>")}},
    },
    "scaleway": {
        "Type": "Notification",
        "Message": json.dumps(
            {
                "type": "email_delivered",
                "email_to": TO,
                "created_at": AT,
                "email_headers": [{"key": "Message-ID", "value": MESSAGE_ID}],
            }
        ),
    },
    "sendgrid": {
        "event": "delivered",
        "email": TO,
        "timestamp": AT,
        "smtp-id": MESSAGE_ID,
    },
    "ses": {
        "Type": "Notification",
        "Message": json.dumps(
            {
                "eventType": "Delivery",
                "mail": {
                    "timestamp": AT,
                    "destination": [TO],
                    "headers": [{"name": "Message-ID", "value": MESSAGE_ID}],
                },
                "delivery": {"recipients": [TO]},
            }
        ),
    },
    "smtp2go": {"event": "delivered", "rcpt": TO, "Message-Id": MESSAGE_ID},
}


@tagged("post_install", "-at_install")
class TestMessageIds(BaseCase):
    """A mail that was sent before the provider was selected on its server."""

    def test_message_id_where_nothing_of_ours_is_given_back(self):
        for name, item in EVENTS.items():
            with self.subTest(name=name):
                (report,) = PROVIDERS[name].events(json.dumps(item).encode())
                self.assertEqual(report.reference, MESSAGE_ID)
                self.assertEqual(report.event_type, "delivered")

    def test_variables_as_an_object_and_as_its_text(self):
        variables = {"other": 1, VARIABLE: "reference"}
        self.assertEqual(variable_in(variables), "reference")
        self.assertEqual(variable_in(json.dumps(variables)), "reference")
        for nothing in (None, "", [], "text", {}, {"other": 1}):
            self.assertEqual(variable_in(nothing), "")
