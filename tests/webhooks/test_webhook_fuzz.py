"""No exception escapes, whatever a provider sends."""

import unittest
from datetime import datetime

from odoo.tests import BaseCase, tagged

from ...providers.contract import Call, Unreadable
from ...providers.registry import PROVIDERS
from ...tools.states import EVENT_TYPES, EVIDENCE, REASONS
from ..helpers.webhook_case import NOW_SECONDS

try:
    from hypothesis import given

    from ..helpers.webhook_bodies import bodies, bounded, headers, keys
except ImportError:
    given = None

TYPES = set(dict(EVENT_TYPES))


@unittest.skipUnless(given, "Fuzzing needs hypothesis")
@tagged("post_install", "-at_install")
class TestWebhookFuzz(BaseCase):
    def check(self, provider, report):
        """Check that the job can store what an adapter gives."""
        self.assertIn(report.event_type, TYPES)
        self.assertIn(report.error_type, {None, *dict(REASONS)})
        self.assertIn(report.evidence, {None, *dict(EVIDENCE)})
        self.assertIsInstance(report.time, datetime | None)
        self.assertFalse(report.time and report.time.tzinfo)
        for text in (report.recipient, report.reference, report.diagnostic):
            self.assertIsInstance(text, str)
            self.assertNotIn("\x00", text)
            text.encode()  # PostgreSQL takes no half of a character
        self.assertIsInstance(report.server.encode(), bytes)
        key = report.idempotency_key(provider.name)
        self.assertLessEqual(len(key), 128)

    def test_events(self):
        @bounded
        @given(body=bodies)
        def read(provider, body):
            try:
                reports = list(provider.events(body))
            except Unreadable:
                return
            for report in filter(None, reports):
                self.check(provider, report)
            confirmation = provider.confirmation(body)
            self.assertTrue(confirmation is None or confirmation.startswith("https"))

        for provider in PROVIDERS.values():
            with self.subTest(provider=provider.name):
                read(provider)

    def test_authentication(self):
        """Without the key nothing is authentic, and nothing is raised."""

        def fetch(_url):
            raise OSError("no network in tests")

        @bounded
        @given(body=bodies, headers=headers, keys=keys)
        def authenticate(provider, body, headers, keys):
            call = Call(headers, body, ("https://example.com/",), NOW_SECONDS, fetch)
            self.assertIs(provider.authenticate(keys, call), False)

        for provider in PROVIDERS.values():
            with self.subTest(provider=provider.name):
                authenticate(provider)
