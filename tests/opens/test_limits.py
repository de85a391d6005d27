from unittest.mock import patch

from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import config

from ...controllers import open_pixel
from ...tools import limiter as limits
from ...tools.limiter import Limiter, network_of
from ..helpers.smtp_server import pixel_urls
from ..helpers.tracking_case import TrackingCase

UNKNOWN = "abcdefghijklmnopqrstuvwxyz"


@tagged("post_install", "-at_install")
class TestLimiter(BaseCase):
    def setUp(self):
        super().setUp()
        self.now = 0.0
        self.limiter = Limiter(at_once=3, per_second=1, clock=lambda: self.now)

    def count(self, times, address="192.0.2.1"):
        for _time in range(times):
            self.limiter.count(address)

    def test_some_at_once_then_some_each_second(self):
        self.count(2)
        self.assertFalse(self.limiter.is_over("192.0.2.200"))
        self.count(1)
        self.assertTrue(self.limiter.is_over("192.0.2.200"))
        self.assertFalse(self.limiter.is_over("192.0.3.1"))
        self.now = 1.0
        self.assertFalse(self.limiter.is_over("192.0.2.1"))
        self.count(1)
        self.assertTrue(self.limiter.is_over("192.0.2.1"))
        self.now = 100.0
        self.count(2)
        self.assertFalse(self.limiter.is_over("192.0.2.1"))

    def test_networks(self):
        for address, network in (
            ("192.0.2.77", "192.0.2"),
            ("::ffff:192.0.2.77", "192.0.2"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("", ""),
            (None, ""),
            ("unix", ""),
        ):
            self.assertEqual(network_of(address), network)

    def test_memory_is_bounded(self):
        with patch.object(limits, "MOST_NETWORKS", 10):
            self.count(3)
            for number in range(9):
                self.count(1, f"198.51.{number}.1")
            self.assertTrue(self.limiter.is_over("192.0.2.1"))
            self.count(1, "203.0.113.1")
            self.assertEqual(len(self.limiter._spent), 10)
        self.assertFalse(self.limiter.is_over("192.0.2.1"))  # quiet the longest

    def test_a_warning_a_minute(self):
        warnings = []
        for self.now in (0, 1, 59, 61, 62):
            warnings.append(self.limiter.is_worth_a_warning())
        self.assertEqual(warnings, [True, False, False, True, False])


@tagged("post_install", "-at_install")
class TestPixelLimit(TrackingCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.tracking = self.trackings_of(self.post(self.alice))
        self.let_pass(self.tracking)
        (self.url,) = pixel_urls(self.smtp.message_to("alice@example.com"))
        self.patch(open_pixel, "unknown_tokens", Limiter(at_once=5, per_second=0))

    def hit(self, url, **headers):
        headers.setdefault("User-Agent", "Thunderbird/128.0")
        answer = self.opener.get(url, headers=headers)
        self.assertEqual(answer.content, open_pixel.GIF)
        self.tracking.invalidate_recordset()

    def flood(self, times, **headers):
        for _time in range(times):
            self.hit(f"{self.url[:-30]}{UNKNOWN}.gif", **headers)

    def test_unknown_tokens_are_looked_up_up_to_a_limit(self):
        looked_up = []

        def register(*_arguments, **_options):
            looked_up.append(1)

        with (
            patch.object(open_pixel, "register_hit", register),
            self.assertLogs(open_pixel.__name__, "WARNING") as logs,
        ):
            self.flood(20)
        self.assertEqual((len(looked_up), len(logs.output)), (5, 1))

    def test_known_tokens_do_not_count(self):
        for _time in range(10):
            self.hit(self.url)
        self.assertEqual(self.tracking.state, "opened")
        self.assertFalse(open_pixel.unknown_tokens._spent)

    def test_address_behind_a_proxy(self):
        """A flood through the proxy is one of the client's network, not the proxy's."""
        proxy = {"X-Forwarded-Host": "odoo.example.com"}
        self.enterContext(patch.dict(config.options, proxy_mode=True))
        with self.assertLogs(open_pixel.__name__, "WARNING"):
            self.flood(7, **proxy, **{"X-Forwarded-For": "203.0.113.5"})
        self.assertEqual(list(open_pixel.unknown_tokens._spent), ["203.0.113"])
        self.hit(self.url, **proxy, **{"X-Forwarded-For": "203.0.113.77"})
        self.assertEqual(self.tracking.state, "sent")
        self.hit(self.url, **proxy, **{"X-Forwarded-For": "198.51.100.7"})
        self.assertEqual(self.tracking.state, "opened")
