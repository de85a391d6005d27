import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from odoo.tests import BaseCase, tagged

from ...tools.fetch import BYTES, fetch


class Answers(BaseHTTPRequestHandler):
    """What addresses may hold that providers name."""

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
        self.assertEqual(fetch(f"{self.base}small"), b"certificate")
        self.assertEqual(len(fetch(f"{self.base}endless")), BYTES)

    def test_nothing_but_a_good_answer_from_there(self):
        for name in ("elsewhere", "missing", "broken"):
            with self.subTest(name), self.assertRaises(OSError):
                fetch(self.base + name)

    def test_nobody_there(self):
        with self.assertRaises(OSError):
            fetch("http://127.0.0.1:1/")
