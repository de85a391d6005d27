"""An SMTP server for the tests that supports delivery reports, RFC 3461."""

from ...devtools.mailserver.dsn_smtp import DsnHandler, DsnSmtp
from .smtp_server import SmtpServer


class DsnServer(DsnHandler, SmtpServer):
    """Record the requested reports, and accept or refuse the request.

    :ivar list asked: one tuple for each message: parameters of MAIL, and a dict from
        each recipient to those of RCPT
    :ivar dict refusals: verb, MAIL or RCPT, to the answer when it comes with parameters
    :ivar list commands: verb and argument of each MAIL and RCPT, as they came in
    :ivar int connections: how many there were
    """

    def __init__(self):
        super().__init__()
        self.asked, self.refusals, self.commands = [], {}, []
        self.connections = 0
        self._controller.factory = self._new_connection

    def _new_connection(self):
        self.connections += 1
        server = _Connection(self, hostname="mx.test")
        server.command_size_limits["RCPT"] += 500
        return server

    async def handle_DATA(self, server, session, envelope):
        """Record the requested reports: called by aiosmtpd."""
        self.asked.append((envelope.dsn, envelope.dsn_recipients))
        return await super().handle_DATA(server, session, envelope)


class _Connection(DsnSmtp):
    async def smtp_MAIL(self, argument):
        if not await self._refused("MAIL", argument, "ENVID"):
            await super().smtp_MAIL(argument)

    async def smtp_RCPT(self, argument):
        if not await self._refused("RCPT", argument, "NOTIFY"):
            await super().smtp_RCPT(argument)

    async def _refused(self, verb, argument, parameter):
        server = self.event_handler
        server.commands.append((verb, argument))
        refusal = server.refusals.get(verb) if parameter in argument else None
        if refusal:
            await self.push(refusal)
        return refusal
