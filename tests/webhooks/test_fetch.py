import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ...providers.registry import PROVIDERS
from ...tools import fetch as fetching
from ...tools.fetch import BYTES, fetch, is_allowed, load


class Answers(BaseHTTPRequestHandler):
    """Fetching URLs that providers name."""

    def do_GET(self):
        getattr(self, "answer_" + self.path[1:])()

    def answer_small(self):
        self._answer(200, b"certificate")

    def answer_endless(self):
        self._answer(200, b"x" * (BYTES + 1000))

    def answer_broken(self):
        self._answer(200, b"half", length=1000)

    def answer_elsewhere(self):
        self._answer(302, b"", location="/small")

    def answer_slowly(self):
        """Send a byte now and then: no timeout of a socket ends that."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        with suppress(OSError):
            for _number in range(20):
                self.wfile.write(b"x")
                time.sleep(0.1)

    def answer_missing(self):
        self._answer(404, b"certificate")

    def _answer(self, status, body, length=None, location=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Say nothing: the log of a test run is looked at."""


@tagged("post_install", "-at_install")
class TestFetch(BaseCase):
    def setUp(self):
        super().setUp()
        server = HTTPServer(("127.0.0.1", 0), Answers)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{server.server_port}/"

    def test_small_and_bounded(self):
        self.assertEqual(load(f"{self.base}small").body, b"certificate")
        self.assertEqual(len(load(f"{self.base}endless").body), BYTES)

    def test_all_of_it_in_time(self):
        with (
            patch.object(fetching, "SECONDS_IN_ALL", 0.3),
            self.assertRaisesRegex(OSError, "no answer in 0.3 seconds"),
        ):
            load(f"{self.base}slowly")

    def test_not_too_many_at_once(self):
        none_free = threading.BoundedSemaphore(1)
        none_free.acquire()
        with patch.object(fetching, "_free", none_free), self.assertRaises(OSError):
            load(f"{self.base}small")

    def test_nothing_but_a_good_answer_from_there(self):
        self.assertEqual(load(f"{self.base}elsewhere").status, 302)
        with self.assertRaises(OSError):
            load(f"{self.base}broken")
        with patch.object(fetching, "is_allowed", lambda *_arguments: True):
            self.assertEqual(fetch(f"{self.base}small", ()), b"certificate")
            for name in ("elsewhere", "missing", "broken"):
                with self.subTest(name), self.assertRaises(OSError):
                    fetch(self.base + name, ())

    def test_nobody_there(self):
        with self.assertRaises(OSError):
            load("http://127.0.0.1:1/")

    def test_only_hosts_of_the_provider(self):
        ses, azure = PROVIDERS["ses"].hosts, PROVIDERS["azure"].hosts
        for hosts, good in (
            (ses, "https://sns.eu-west-1.amazonaws.com/x.pem"),
            (ses, "https://sns.cn-north-1.amazonaws.com.cn/x.pem"),
            (azure, "https://rp-x.eventgrid.azure.net:553/eventsubscriptions/x"),
            (PROVIDERS["scaleway"].hosts, "https://sns.mnq.fr-par.scaleway.com/?x"),
        ):
            self.assertTrue(is_allowed(good, hosts), good)
            for bad in (
                good.replace("https:", "http:"),
                good.replace("//", "//127.0.0.1/"),
                good.replace("//", "//user@"),
                good.replace("//", "//127.0.0.1#@"),
                good.replace(".com", ".com.evil.test").replace(".net", ".net.test"),
                good.replace(".com", ".com:22").replace(":553", ":22"),
            ):
                self.assertFalse(is_allowed(bad, hosts), bad)
            self.assertFalse(is_allowed(good, ()))
        self.assertFalse(is_allowed("https://[x", ses))
        with self.assertRaisesRegex(OSError, "not an address of the provider"):
            fetch("https://localhost/", ses)
