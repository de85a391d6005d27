"""Ask an SMTP server for delivery reports (RFC 3461), and record its answers."""

import re
from typing import NamedTuple

from ..guard import never_break_mail
from ..reports.answers import text_of
from .outcome import CLOSED, DATA, ENVELOPE

# Value of the field `dsn_request` of the server to the value of NOTIFY.
NOTIFY = {"failure": "FAILURE,DELAY", "all": "SUCCESS,FAILURE,DELAY"}
# Replies that may mean that the parameters are unknown, bad or not implemented.
REFUSALS = (500, 501, 502, 504, 555)
LONGEST_ENVELOPE_ID = 100
# Text that `xtext` leaves as it is.
PLAIN = re.compile(r"[A-Za-z0-9@._-]+")


def xtext(text):
    """Encode text as in RFC 3461 section 4; it must be ASCII."""
    if PLAIN.fullmatch(text):  # an ENVID of ours, and nearly every address
        return text
    return "".join(
        char if "!" <= char <= "~" and char not in "+=" else f"+{ord(char):02X}"
        for char in text
    )


class DsnRequest(NamedTuple):
    """What to ask for one SMTP message."""

    notify: str  # one of `NOTIFY`
    mail_options: list  # parameters of MAIL

    @classmethod
    def of(cls, notify, envelope_id):
        """Return the request; of a returned mail only the headers are needed."""
        return cls(notify, ["RET=HDRS", f"ENVID={xtext(envelope_id)}"])

    def rcpt_options(self, address):
        """Return the parameters of RCPT for an address.

        An address that is not ASCII would need another type than rfc822 (RFC 6533).
        """
        options = [f"NOTIFY={self.notify}"]
        if address.isascii():
            options.append(f"ORCPT=rfc822;{xtext(address)}")
        return options


class SmtpListener:
    """A session of `smtplib` that remembers what became of the messages it sends.

    It stands in for the session while core sends a message and hands everything else
    on, so that sessions are reused as before and core's test sessions work too.
    """

    token = None  # of the message that is to be sent

    def __init__(self, session, record, ask, refused):
        """
        :param session: what `ir.mail_server._connect__` has opened
        :param record: called once for each message, with its token and the arguments of
            an `Outcome`
        :param ask: called with session, token, message and envelope sender; returns
            what to ask for, a `DsnRequest`, or None
        :param refused: called when the server refuses the request for reports
        """
        self.session = session
        self._record = record
        self._ask = ask
        self._refused = refused

    def __getattr__(self, name):
        return getattr(self.session, name)

    def send_message(self, message, smtp_from, smtp_to_list, *args, **kwargs):
        """Send as the session does; `smtplib` returns the refused recipients."""
        request = self._ask(self.session, self.token, message, smtp_from)
        # `smtplib` drops the socket of a session that the server has ended.
        is_closed = getattr(self.session, "sock", True) is None
        dialogue = _Dialogue(self.session, request, self._refused)
        try:
            with dialogue:
                refused = self.session.send_message(
                    message, smtp_from, smtp_to_list, *args, **kwargs
                )
        except Exception as error:
            phase = CLOSED if is_closed else dialogue.phase
            self._record(self.token, recipients=smtp_to_list, error=error, phase=phase)
            raise
        self._record(
            self.token,
            recipients=smtp_to_list,
            refused=refused if isinstance(refused, dict) else None,
            reply=dialogue.reply,
        )
        return refused


class _Dialogue:
    """Take part in the dialogue of a session while the block runs.

    `smtplib` has one list of options for all recipients, and drops the reply to DATA.
    """

    def __init__(self, session, request, refused):
        self.reply = ""
        self.phase = ENVELOPE
        self._session = session
        self._commands = type(session)  # what the block replaces
        self._request = request
        self._on_refusal = refused
        self._replaced = []

    def __enter__(self):
        self._replace("data", self._data)
        if self._request:
            self._replace("mail", self._mail)
            self._replace("rcpt", self._rcpt)

    def __exit__(self, *_exception):
        for name in self._replaced:
            delattr(self._session, name)

    def _replace(self, name, method):
        # Core's test sessions are not `smtplib.SMTP` and lack these methods.
        if callable(getattr(self._commands, name, None)):
            setattr(self._session, name, method)
            self._replaced.append(name)

    def _data(self, message):
        self.phase = DATA
        code, text = self._commands.data(self._session, message)
        self.reply = f"{code} {text_of(text)}"
        return code, text

    def _mail(self, sender, options=()):
        asked = self._asked(lambda request: request.mail_options)
        return self._with_options(self._commands.mail, sender, options, asked)

    def _rcpt(self, address, options=()):
        asked = self._asked(lambda request: request.rcpt_options(address))
        return self._with_options(self._commands.rcpt, address, options, asked)

    def _asked(self, options_of):
        """Return the options to add to a command, none when they cannot be built."""
        with never_break_mail("ask for reports"):
            return options_of(self._request) if self._request else ()
        return ()

    def _with_options(self, command, address, options, asked):
        """Send a command with the options asked for; if refused, without them."""
        answer = command(self._session, address, [*options, *asked])
        if not asked or answer[0] not in REFUSALS:
            return answer
        plain = command(self._session, address, options)
        if plain[0] not in REFUSALS:
            self._request = None
            with never_break_mail("remember that reports are refused"):
                self._on_refusal()
        return plain
