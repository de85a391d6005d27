"""A real SMTP server for the tests, which refuses chosen recipients."""

import asyncio
import logging
import re
import socket
from contextlib import contextmanager
from email import message_from_string, policy
from unittest.mock import patch

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

PIXEL_URL = re.compile(r'src="([^"]*/mail/tracking/open/[^"]+\.gif)"')
# Longer than a client of the tests waits for an answer.
HANGS = 1

# aiosmtpd warns of its own deprecations and of the unusual set-up of a test.
logging.getLogger("mail.log").setLevel(logging.ERROR)


@contextmanager
def sending():
    """Really send within the block: tests do not send otherwise."""
    with (
        patch.object(IrMail_Server, "_disable_send", lambda _self: False),
        mute_logger("odoo.addons.mail.models.mail_mail"),
    ):
        yield


def pixel_urls(message):
    """Return the addresses of the pixels in a parsed message."""
    return PIXEL_URL.findall(message.get_body(("html",)).get_content())


class SmtpServer:
    """Received messages and chosen answers of the server.

    :ivar list messages: tuples (envelope recipients, message as text), in their order
    :ivar dict refused: recipient to the answer to RCPT, e.g. ``"550 5.1.1 Unknown"``
    :ivar str answer: answer to DATA
    :ivar dict drops: recipient to when the connection is closed without an answer:
        ``"rcpt"``, ``"data"`` or ``"dot"`` (the message is taken then); with ``"hang"``
        there is no answer to RCPT
    :ivar float delay: seconds until that answer; others are served meanwhile
    :ivar on_data: called with the envelope while the client waits for that answer
    """

    def __init__(self):
        self.messages = []
        self.refused = {}
        self.answer = "250 2.0.0 Ok: queued as TEST"
        self.answers = {}  # recipient to the answer to DATA, before `answer`
        self.drops = {}
        self.delay = 0
        self.on_data = None
        # The controller connects to the port it was given: it must be a real one.
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self._controller = Controller(
            self, "127.0.0.1", self.port, server_hostname="mx.test"
        )

    def start(self, refuses_logins=False, is_ascii_only=False):
        """Listen at a free port of the loopback interface."""
        if is_ascii_only:  # without SMTPUTF8, RFC 6531
            self._controller.SMTP_kwargs["enable_SMTPUTF8"] = False
        if refuses_logins:
            self._controller.SMTP_kwargs.update(
                auth_require_tls=False,
                authenticator=lambda *_args: AuthResult(success=False, handled=False),
            )
        self._controller.start()
        return self

    def stop(self):
        """Stop listening; may be called twice."""
        if not self._controller.loop.is_closed():
            self._controller.stop()

    async def handle_RCPT(self, server, _session, envelope, address, _options):
        """Answer to a recipient: called by aiosmtpd."""
        if self.drops.get(address) == "rcpt":
            server.transport.abort()
        if self.drops.get(address) == "hang":
            await asyncio.sleep(HANGS)
            server.transport.abort()
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, _session, envelope):
        """Answer to a message: called by aiosmtpd."""
        drops = {self.drops.get(address) for address in envelope.rcpt_tos}
        if "data" in drops:
            server.transport.abort()
            return self.answer
        answers = [self.answers.get(address) for address in envelope.rcpt_tos]
        answer = next(filter(None, answers), self.answer)
        if answer.startswith("2"):
            text = envelope.content.decode()
            self.messages.append((list(envelope.rcpt_tos), text))
        if self.on_data:
            self.on_data(envelope)
        await asyncio.sleep(self.delay)
        if "dot" in drops:
            server.transport.abort()
        return answer

    def copies(self, address):
        """Return how many messages the server has taken for an address."""
        return sum(recipients.count(address) for recipients, _text in self.messages)

    def message_to(self, recipient):
        """Return the last message that the server got for a recipient, parsed."""
        texts = [text for to, text in self.messages if recipient in to]
        return message_from_string(texts[-1], policy=policy.default)

    def server_values(self):
        """Return the values of an `ir.mail_server` that leads to this server."""
        return {
            "name": "Test server",
            "sequence": -10,
            "smtp_host": "127.0.0.1",
            "smtp_port": self.port,
            "smtp_encryption": "none",
        }
