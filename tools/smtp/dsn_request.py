"""How to ask an SMTP server for delivery reports: RFC 3461. Pure."""

from typing import NamedTuple

# Value of the field `dsn_request` of the server to the value of NOTIFY.
NOTIFY = {"failure": "FAILURE,DELAY", "all": "SUCCESS,FAILURE,DELAY"}
# Replies that may be about the parameters: unknown, bad or not implemented ones.
REFUSALS = (500, 501, 502, 504, 555)
LONGEST_ENVELOPE_ID = 100


def xtext(text):
    """Encode text as in RFC 3461 section 4; it must be ASCII."""
    return "".join(
        char if "!" <= char <= "~" and char not in "+=" else f"+{ord(char):02X}"
        for char in text
    )


class DsnRequest(NamedTuple):
    """What to ask for one SMTP message."""

    notify: str  # one of `NOTIFY`
    envelope_id: str

    @property
    def mail_options(self):
        """Return the parameters of MAIL; a returned mail needs only its headers."""
        return ["RET=HDRS", f"ENVID={xtext(self.envelope_id)}"]

    def rcpt_options(self, address):
        """Return the parameters of RCPT for an address.

        An address that is not ASCII would need another type than rfc822 (RFC 6533).
        """
        options = [f"NOTIFY={self.notify}"]
        if address.isascii():
            options.append(f"ORCPT=rfc822;{xtext(address)}")
        return options
