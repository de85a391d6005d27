import json
from datetime import datetime
from urllib.parse import urlencode

from odoo.tests import TransactionCase, tagged

from ...providers.registry import PROVIDERS
from ...providers.times import time_of

NOON = datetime(2026, 11, 22, 12, 0)
ALICE = "alice@example.com"
# Events as they are documented, but for their time.
TIMELESS = {
    "mailgun": {"event-data": {"event": "delivered", "recipient": ALICE}},
    "mailjet": {"event": "sent", "email": ALICE},
    "mandrill": {"event": "send", "msg": {"email": ALICE}},
    "resend": {"type": "email.sent", "data": {"to": [ALICE]}},
    "scaleway": {"type": "email_delivered", "email_to": ALICE},
    "sendgrid": {"event": "delivered", "email": ALICE},
    "ses": {"eventType": "Send", "mail": {"destination": [ALICE]}},
    "sparkpost": {"msys": {"track_event": {"type": "open", "rcpt_to": ALICE}}},
}


def body_of(name, item):
    """Return an event as the provider posts it: bytes."""
    if name == "mandrill":
        return urlencode({"mandrill_events": json.dumps([item])}).encode()
    if name in ("scaleway", "ses"):
        item = {"Type": "Notification", "Message": json.dumps(item)}
    return json.dumps(item).encode()


@tagged("post_install", "-at_install")
class TestTimes(TransactionCase):
    def test_formats(self):
        for value in (
            1795348800,
            "1795348800",
            1795348800.0,
            1795348800000,
            "2026-11-22T12:00:00Z",
            "2026-11-22 12:00:00",
            "2026-11-22T13:00:00+01:00",
            "2026-11-22T06:30:00.0000000-0530",
        ):
            with self.subTest(value=value):
                self.assertEqual(time_of(value), NOON)
                self.assertEqual(time_of(None, "", "noon", value), NOON)

    def test_no_time(self):
        for value in (None, "", "noon", "2026-02-30 12:34:56", 1e100, {}, [], "nan"):
            with self.subTest(value=value):
                self.assertIsNone(time_of(value))
        self.assertIsNone(time_of())

    def test_event_without_a_time(self):
        """An event without a time is recorded."""
        for name, item in TIMELESS.items():
            with self.subTest(provider=name):
                (report,) = PROVIDERS[name].events(body_of(name, item))
                self.assertEqual(report.recipient, ALICE)
                self.assertIsNone(report.time)
