"""An SMTP server of aiosmtpd that knows delivery reports, RFC 3461."""

import re

from aiosmtpd.smtp import SMTP

OPTION = re.compile(r" (RET|ENVID|NOTIFY|ORCPT)=(\S+)", re.IGNORECASE)
ENCODED = re.compile(r"\+([0-9A-F]{2})")


class DsnHandler:
    """To be inherited by a handler of aiosmtpd that is served by `DsnSmtp`."""

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):
        """Offer delivery reports."""
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]]


class DsnSmtp(SMTP):
    """Takes the parameters of MAIL and RCPT; what comes of them is its handler's.

    The envelope has them: `dsn`, a dict of those of MAIL, and `dsn_recipients`, a dict
    from each recipient to a dict of his.
    """

    async def smtp_MAIL(self, argument):
        """Take RET and ENVID."""
        argument, options = _take_options(argument)
        await super().smtp_MAIL(argument)
        self.envelope.dsn = options
        self.envelope.dsn_recipients = {}

    async def smtp_RCPT(self, argument):
        """Take NOTIFY and ORCPT."""
        argument, options = _take_options(argument)
        before = len(self.envelope.rcpt_tos)
        await super().smtp_RCPT(argument)
        for address in self.envelope.rcpt_tos[before:]:
            self.envelope.dsn_recipients[address] = options


def _take_options(argument):
    """Part the parameters of RFC 3461 from those that aiosmtpd knows."""
    parameters = dict(OPTION.findall(argument or ""))
    options = {
        name.upper(): ENCODED.sub(lambda match: chr(int(match[1], 16)), value)
        for name, value in parameters.items()
    }
    return OPTION.sub("", argument or "") or None, options
