"""The mail server that Odoo sends to: refuses some recipients, hands on the rest.

Called as `front.py SMTP_PORT MAILBOX_PORT ODOO_URL DATABASE`. It answers with delivery
reports, as far as they are asked for. Everything stays on this machine.
"""

import asyncio
import logging
import smtplib
import sys

from dsn_smtp import DsnHandler, DsnSmtp
from reports import Gateway, reports_of

_logger = logging.getLogger("front")

# Domain of a recipient's address -> what it is refused with.
REFUSALS = {
    "refused.example.com": "550 5.1.1 No such user here",
    "full.example.com": "552 5.2.2 Mailbox full",
}


def refusal(address):
    """Return the answer that refuses an address, or None."""
    return REFUSALS.get(address.rpartition("@")[2].lower())


class Front(DsnHandler):
    """Handler of aiosmtpd."""

    def __init__(self, mailbox_port, gateway):
        """
        :param int mailbox_port: where the mails that are taken go
        :param Gateway gateway: where the reports go
        """
        self.mailbox_port = mailbox_port
        self.gateway = gateway
        self._reporting = set()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        """Take a recipient, or refuse it."""
        answer = refusal(address)
        _logger.info("RCPT %s: %s", address, answer or "taken")
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        """Hand the mail on to the mailbox, and report."""
        try:
            await asyncio.to_thread(self._deliver, envelope)
        except (OSError, smtplib.SMTPException):
            _logger.exception("the mailbox did not take a mail")
            return "451 4.3.0 The mailbox does not answer, try again later"
        if reports := reports_of(envelope):
            task = asyncio.create_task(asyncio.to_thread(self._report, reports))
            self._reporting.add(task)
            task.add_done_callback(self._reporting.discard)
        return "250 2.0.0 OK"

    def _deliver(self, envelope):
        with smtplib.SMTP("127.0.0.1", self.mailbox_port, timeout=30) as mailbox:
            mailbox.sendmail(envelope.mail_from, envelope.rcpt_tos, envelope.content)

    def _report(self, reports):
        try:
            self.gateway.deliver(reports)
            _logger.info("reports: %s delivered", len(reports))
        except Exception:
            _logger.exception("Odoo did not take a report")


async def serve(port, mailbox_port, url, database):
    """Serve for ever."""
    handler = Front(mailbox_port, Gateway(url, database))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: DsnSmtp(handler, enable_SMTPUTF8=True), "127.0.0.1", port
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    # Each command of each connection, otherwise.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:5]))
