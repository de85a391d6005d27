import socketserver
import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_mail_server

from ..helpers.auto_retry_case import AutoRetryCase

TEMPORARY = ("waiting", 2, 5, "ready")
FINAL = ("error", 1, None, "exception")
ADDRESS = "p0@example.com"


@tagged("post_install", "-at_install")
class TestTemporaryAnswers(AutoRetryCase):
    """At which moments of the dialogue a server can say that it is only for now."""

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.addons.base.models.ir_mail_server"))

    def check(self, *expected):
        (tracking_id,) = self.post()
        self.assertEqual(self.values_of(tracking_id), expected)
        return tracking_id

    @contextmanager
    def greeting(self, answer):
        """Let a server greet with an answer that ends the dialogue."""

        class Greet(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.sendall(answer.encode() + b"\r\n")

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greet)
        with server, self.committed() as env:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            domain = [("smtp_port", "=", self.smtp.port)]
            ours = env["ir.mail_server"].search(domain)
            ours.smtp_port = server.server_address[1]
            env.cr.commit()  # pylint: disable=invalid-commit
            yield
            ours.smtp_port = self.smtp.port
            server.shutdown()

    def test_greeting(self):
        for answer, expected in (
            ("421 4.3.2 Busy", TEMPORARY),
            ("554 5.3.2 No", FINAL),
        ):
            with self.subTest(answer), self.greeting(answer):
                self.check(*expected)

    def test_sender(self):
        for answer, expected in (
            ("421 4.3.2 Busy", TEMPORARY),
            ("451 4.3.0 Try later", TEMPORARY),
            ("452 4.3.1 Disk full", TEMPORARY),
            ("550 5.7.1 Not you", FINAL),
        ):

            async def handle_mail(*_arguments, answer=answer):
                return answer

            self.smtp.handle_MAIL = handle_mail
            with self.subTest(answer):
                self.check(*expected)

    def test_message(self):
        for answer, expected in (
            ("421 4.3.2 Busy", TEMPORARY),
            ("451 4.3.0 Try later", TEMPORARY),
            ("452 4.3.1 Disk full", TEMPORARY),
            ("554 5.7.1 Spam", FINAL),
        ):
            self.smtp.answers[ADDRESS] = answer
            with self.subTest(answer):
                self.check(*expected)
        self.assertFalse(self.copies())

    def test_no_answer_to_the_message(self):
        """It may have been taken, as here: nobody gets a second copy."""
        self.smtp.delay = 1
        with patch.object(ir_mail_server, "SMTP_TIMEOUT", 0.3):
            (tracking_id,) = self.post(force_send=False)
            self.run_queue()
        self.smtp.delay = 0
        self.assertEqual(self.values_of(tracking_id), FINAL)
        with self.committed() as env:
            reason = self.tracking(env, tracking_id).error_type
        self.assertEqual(reason, "connection_lost")
        self.run_queue(minutes=6)
        self.assertEqual(self.copies(), {ADDRESS: 1})
