"""The ports of `./dev up`: chosen by flag, by environment, or the usual ones."""

import os
import socket
from dataclasses import dataclass

from .common import DevError

# Name -> (flag, environment variable, usual port).
PORTS = {
    "odoo": ("--port", "DEV_ODOO_PORT", 8069),
    "mail": ("--mail-port", "DEV_MAIL_PORT", 8025),
    "smtp": ("--smtp-port", "DEV_SMTP_PORT", 8026),
}


@dataclass
class Ports:
    """The ports, and the addresses that follow from them."""

    odoo: int
    mail: int
    smtp: int

    @property
    def odoo_url(self):
        """Return Odoo's address.

        Another host name than the mailbox's: with the same one the browser would send
        Odoo's cookie with each pixel, and every opening would look like one's own.
        """
        return f"http://localhost:{self.odoo}"

    @property
    def mail_url(self):
        """Return the address of the mailbox's web page."""
        return f"http://127.0.0.1:{self.mail}"


def chosen(flags, environment=os.environ):
    """Return the ports.

    :param dict flags: numbers given on the command line, None where there is none
    :param environment: the environment's variables
    :raise DevError: when a variable is no port
    """
    numbers = {}
    for name, (flag, variable, usual) in PORTS.items():
        given = flags.get(name) or environment.get(variable) or usual
        if not str(given).isdigit() or not 0 < int(given) < 65536:
            raise DevError(f"{flag} or {variable}: {given} is no port")
        numbers[name] = int(given)
    return Ports(**numbers)


def check_free(ports):
    """Raise DevError, saying what to do, when a port is in use."""
    for name, (flag, variable, _usual) in PORTS.items():
        number = getattr(ports, name)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError as error:
                raise DevError(
                    f"port {number} is not free ({error.strerror}): stop what uses"
                    f" it, or choose another one with {flag} or {variable}"
                ) from error
