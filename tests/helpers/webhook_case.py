"""Shared code of the tests of providers: the security contract, and mails."""

import json
from datetime import datetime
from unittest.mock import patch

from odoo.tests import HttpCase
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron

from ...controllers import delivery_webhook
from ...providers.contract import Unreadable
from ...providers.registry import PROVIDERS
from ...tools.database_key import database_key
from ...tools.limiter import Limiter

CONTROLLER = "odoo.addons.mail_activity_tracking.controllers.delivery_webhook"
REFERENCE = "abcdefghijklmnopqrstuvwx23-1"
NOW = datetime(2026, 11, 22, 10, 0)
NOW_SECONDS = 1795341600


class WebhookCase(HttpCase):
    """Posting to the webhook of one provider.

    :cvar str provider: its name
    :cvar str key: of its webhook
    """

    provider = "generic"
    key = "whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cyBvbmx5"

    def setUp(self):
        super().setUp()
        self.set_keys(self.key)
        delivery_webhook._warned_at.clear()
        limiter = Limiter(at_once=300, per_second=1)
        self.patch(delivery_webhook, "refused", limiter)
        self.path = f"/mail/tracking/webhook/{self.provider}/"
        self.path += database_key(self.env)

    def set_keys(self, value):
        self.env["ir.config_parameter"].set_param(
            f"mail_activity_tracking.webhook_key_{self.provider}", value
        )

    # === TO BE SET BY EACH PROVIDER ===#
    def payload(self):
        """Return the body of an authentic request: bytes."""
        return json.dumps({"event": "delivered", "recipient": "a@example.com"}).encode()

    def sign(self, body, key, now):
        """Return the headers that make a body authentic.

        :param bytes body: the body
        :param str key: as the administrator enters it
        :param float now: seconds since 1970
        """
        raise NotImplementedError

    # === POSTING ===#
    def post(self, body=None, headers=None, key=None, now=None, path=None):
        """Post a body, signed unless headers are given, and return the status."""
        body = self.payload() if body is None else body
        if headers is None:
            headers = self.sign(body, key or self.key, now or NOW_SECONDS)
        headers = {"Content-Type": "application/json", **headers}
        with patch.object(delivery_webhook.time, "time", lambda: NOW_SECONDS):
            url = self.base_url() + (path or self.path)
            answer = self.opener.post(url, data=body, headers=headers)
        self.assertNotIn("Set-Cookie", answer.headers)
        return answer.status_code

    def stored(self):
        """Return the stored requests of the provider."""
        return self.env["mail.tracking.webhook"].search(
            [("provider", "=", self.provider)]
        )

    def process(self):
        """Run the job that processes what is stored."""
        with patch.object(IrCron, "_commit_progress", lambda *_args, **_kw: 60):
            self.env["mail.tracking.webhook"]._cron_process()


class WebhookSecurityCase:
    """The contract of security, inherited by each provider's test.

    :cvar bool signs_body: whether changing the body makes the request invalid
    :cvar int window: seconds after which a signature is stale, None for never
    """

    # Odoo runs inherited tests only where it is told so.
    allow_inherited_tests_method = True
    signs_body = True
    window = None

    @property
    def refusal(self):
        return PROVIDERS[self.provider].refusal

    def assertRefused(self, *args, **kwargs):
        with mute_logger(CONTROLLER):
            self.assertEqual(self.post(*args, **kwargs), self.refusal)
        self.assertFalse(self.stored())

    def test_good(self):
        body = self.payload()
        self.assertEqual(self.post(body), 200)
        stored = self.stored()
        self.assertEqual(stored.state, "pending")
        self.assertTrue(stored.body)
        cron = self.env.ref("mail_activity_tracking.mail_tracking_webhook_cron")
        self.assertTrue(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        )

    def test_bad_key(self):
        self.assertRefused(key=self.other_key())

    def test_missing_signature(self):
        self.assertRefused(*self.unsigned())

    def test_empty_body(self):
        self.assertRefused(b"", headers={"x": "y"})

    def test_broken_signature(self):
        headers = self.sign(self.payload(), self.key, NOW_SECONDS)
        for value in ("", "x", "v1,", "Basic x", "Basic ////", "\xe9", "v1,%%%"):
            with self.subTest(value=value):
                self.broken(dict.fromkeys(headers, value))

    def broken(self, headers):
        if headers:
            self.assertRefused(headers=headers)

    def test_no_key(self):
        for value in ("", " ", ",", " , "):
            with self.subTest(value=value):
                self.set_keys(value)
                self.assertEqual(self.post(), 404)
        self.set_keys(False)
        self.assertEqual(self.post(), 404)
        self.assertFalse(self.stored())

    def test_rotation(self):
        self.set_keys(f" {self.other_key()} , {self.key} ")
        self.assertEqual(self.post(), 200)
        self.assertEqual(len(self.stored()), 1)

    def test_replay(self):
        body = self.payload()
        headers = self.sign(body, self.key, NOW_SECONDS)
        for _i in range(3):
            self.assertEqual(self.post(body, headers), 200)
        self.assertEqual(len(self.stored()), 1)

    def test_stale(self):
        if self.window is None:
            # Nothing that is signed says when: sent again, it is known again.
            self.assertEqual(self.post(now=NOW_SECONDS - 30 * 86400), 200)
            return
        for now in (NOW_SECONDS - self.window - 10, NOW_SECONDS + self.window + 10):
            body = self.payload_at(now)
            headers = self.sign(body, self.key, now)
            self.assertRefused(body, headers)
        now = NOW_SECONDS - self.window + 10
        body = self.payload_at(now)
        self.assertEqual(self.post(body, self.sign(body, self.key, now)), 200)

    def payload_at(self, now):
        """Return a body for a time, if the body contains the time."""
        return self.payload()

    def test_changed_byte(self):
        body = self.payload()
        headers = self.sign(body, self.key, NOW_SECONDS)
        changed = body.replace(b"example.com", b"example.net")
        self.assertNotEqual(body, changed)
        if self.signs_body:
            self.assertRefused(changed, headers)
        else:
            self.assertEqual(self.post(changed, headers), 200)

    def test_oversized(self):
        body = b" " * (PROVIDERS[self.provider].max_bytes + 1)
        self.assertEqual(self.post(body, {"x": "y"}), 413)
        self.assertFalse(self.stored())
        self.assertLessEqual(PROVIDERS[self.provider].max_bytes, 2**24)

    def test_wrong_method(self):
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            answer = self.opener.request(method, self.base_url() + self.path)
            self.assertEqual(answer.status_code, 405, method)
        answer = self.opener.head(self.base_url() + self.path)
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(self.stored())

    def other_key(self):
        return self.key[::-1]

    def unsigned(self):
        """Return body and headers of a request without any proof."""
        return self.payload(), {"x": "y"}


class AdapterCase:
    """Checks of the pure functions of one adapter."""

    def reports_in(self, *items):
        """Return the reports in a body made of the items."""
        return list(PROVIDERS[self.provider].events(self.body_of(*items)))

    def body_of(self, *items):
        return json.dumps(items if len(items) > 1 else items[0]).encode()

    def assertReport(self, item, **values):
        """Check every field of the only report of an item."""
        (report,) = self.reports_in(item)
        if report.event_type == "click" and values.get("agent"):
            values.setdefault(
                "evidence", "machine" if values.get("is_bot") else "human"
            )
        expected = {
            "recipient": "alice@example.com",
            "reference": REFERENCE,
            "time": NOW,
            "error_type": None,
            "diagnostic": "",
            "evidence": None,
            # Which rule has spoken is tested with the rules.
            "evidence_rule": report.evidence_rule,
            "server": "",
            "agent": "",
            "is_bot": None,
            **values,
        }
        self.assertEqual(report._asdict(), expected)

    def assertEvents(self, rows):
        """Check a table of payloads.

        :param rows: iterable of tuples (item, type of event, dict of the other fields
            of the report that are not as `assertReport` expects them)
        """
        for item, event, values in rows:
            with self.subTest(item=item):
                self.assertEvent(item, event, **values)

    def assertIgnored(self, *items):
        """Check that items that are not about a mail give no report."""
        for item in items:
            with self.subTest(item=item):
                self.assertEqual(self.reports_in(item), [])

    def assertUnreadable(self, *items):
        """Check that items are reported as unreadable."""
        for item in items:
            with self.subTest(item=item):
                self.assertEqual(self.reports_in(item), [None])

    def test_headers_survive_a_mail(self):
        headers = PROVIDERS[self.provider].smtp_headers(REFERENCE)
        self.assertTrue(headers)
        IrMailServer = self.env["ir.mail_server"]
        message = IrMailServer._build_email__(
            "me@example.com", ["you@example.com"], "Subject", "Body", headers=headers
        )
        lines = message.as_bytes().decode().replace("\n ", " ").splitlines()
        for name, value in headers.items():
            self.assertIn(f"{name}: {value}", lines)
            self.assertIn(REFERENCE, value)
            self.assertTrue(value.isascii())

    def test_nothing_escapes(self):
        for body in (b"", b"{}", b"[]", b"null", b"1", b'"x"', b"[null, [], 1, {}]"):
            with self.subTest(body=body):
                self.read_anything(body)

    def read_anything(self, body):
        """Read a body of any kind: nothing but `Unreadable` may be raised."""
        try:
            return list(PROVIDERS[self.provider].events(body))
        except Unreadable:
            return []
