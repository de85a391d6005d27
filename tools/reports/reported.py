"""What a report says of one recipient. Pure."""

from typing import NamedTuple

from .events import event_of
from .parts import clean, decode_xtext


class Reported(NamedTuple):
    """What a report says of one recipient."""

    kind: str  # of the report
    action: str  # as in the report, in lower case, "" when unknown
    final: str = ""  # the last address, perhaps a forwarded one
    original: str = ""  # the address that the sender gave
    status: str = ""
    diagnostic: str = ""
    server: str = ""

    @property
    def addresses(self):
        """List addresses that may name the recipient, in lower case, the best first."""
        addresses = (self.original, clean(decode_xtext(self.original)), self.final)
        return list(dict.fromkeys(address.lower() for address in addresses if address))

    def event(self):
        """Return the values of the event that this means, without its tracking."""
        return event_of(self)
