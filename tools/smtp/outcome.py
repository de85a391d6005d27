"""What became of an SMTP message, and which events of its recipients follow. Pure."""

import smtplib
import ssl
from typing import NamedTuple

from ..reports.answers import reason_of_exception, reason_of_reply, text_of

# How far the dialogue had come: not begun, since the session was closed before; the
# envelope; the message itself, which the server may have taken.
CLOSED, ENVELOPE, DATA = "closed", "envelope", "data"
# Failures of the whole mail: what core says of it is true of every recipient.
MAIL_WIDE = ("mail_from_invalid", "mail_from_missing", "mail_spam")


def is_temporary(error, phase=ENVELOPE):
    """Return whether the server has not taken the mail, and may take it later.

    A 4yz reply says so (RFC 5321 section 4.2.1), also one to the end of the data. A
    connection that breaks once the message is being sent proves nothing: the server
    may have taken it (RFC 1047).

    :param Exception error: what `smtplib` or the network raised
    :param str phase: `CLOSED`, `ENVELOPE` or `DATA`
    """
    if isinstance(error, smtplib.SMTPResponseException):
        return _is_transient(error.smtp_code)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return phase != DATA
    if isinstance(error, (smtplib.SMTPException, ssl.SSLCertVerificationError)):
        return False
    return isinstance(error, OSError) and phase != DATA


def _is_transient(code):
    return 400 <= code < 500


class Outcome:
    """What became of one SMTP message."""

    def __init__(
        self,
        server,
        recipients=None,
        refused=None,
        reply="",
        error=None,
        phase=ENVELOPE,
    ):
        """
        :param str server: name of the mail server
        :param list recipients: envelope recipients, None when not known
        :param dict refused: address to (code, text), as `smtplib` returns it
        :param str reply: answer of the server to the message
        :param Exception error: error that ended the dialogue
        :param str phase: how far the dialogue had come when the error was raised
        """
        self.server = server
        self.recipients = recipients
        if isinstance(error, smtplib.SMTPRecipientsRefused):  # each with its reason
            refused = error.recipients
        self.refused = {key.lower(): value for key, value in (refused or {}).items()}
        self.reply = reply
        self.error = error
        self.phase = phase

    @property
    def is_untried(self):
        """Whether the server was never asked to take this message."""
        return self.phase == CLOSED

    def events_for(self, addresses):
        """Return the events that this outcome means for a recipient.

        :param list addresses: the recipient's normalised addresses, at least one; the
            first is the one that the tracking names
        :return: list of dicts of values, one for each address; all but the first name
            their address
        """
        events = [self._event_for(address.lower()) for address in addresses]
        for address, event in zip(addresses[1:], events[1:], strict=True):
            event["recipient"] = address
        return events

    def accepted(self, addresses):
        """Return the addresses for which the server has taken the message."""
        accepted = self._accepted()
        if self.error or accepted is None:
            return [] if self.error else list(addresses)
        return [address for address in addresses if address.lower() in accepted]

    def refusals(self, addresses):
        """Return the replies that refused some of the addresses, as texts."""
        refused = [self.refused.get(address.lower()) for address in addresses]
        return [f"{code} {text_of(text)}" for code, text in filter(None, refused)]

    def _event_for(self, address):
        if address in self.refused:
            return self._refusal(*self.refused[address])
        if isinstance(self.error, smtplib.SMTPNotSupportedError):
            return self._unsupported(address)
        if self.error:
            return self._failure()
        accepted = self._accepted()
        if accepted is None or address in accepted:
            return {
                "event_type": "sent",
                "diagnostic": self.reply,
                "server": self.server,
            }
        # Core has left the address out of the envelope.
        return {"event_type": "error", "error_type": "mail_email_invalid"}

    def _accepted(self):
        """Return the addresses that the server took, None when that is not known."""
        if self.recipients is None:
            return None
        return {address.lower() for address in self.recipients} - set(self.refused)

    def _refusal(self, code, text):
        text = text_of(text)
        return {
            "event_type": "error",
            "error_type": reason_of_reply(code, text),
            "diagnostic": f"{code} {text}",
            "server": self.server,
            "is_temporary": _is_transient(code),
        }

    def _unsupported(self, address):
        """Return the event when the server takes ASCII addresses only.

        It was not asked: `smtplib` raises for the whole message when sender or
        recipients need SMTPUTF8 (RFC 6531), which the server does not offer.
        """
        if address.isascii() and not all(map(str.isascii, self.recipients or ())):
            return {"event_type": "error", "error_type": "not_attempted"}
        reason = "mail_from_invalid" if address.isascii() else "mail_email_invalid"
        return {
            "event_type": "error",
            "error_type": reason,
            "diagnostic": str(self.error),
            "server": self.server,
        }

    def _failure(self):
        reason, text = reason_of_exception(self.error)
        if isinstance(self.error, smtplib.SMTPRecipientsRefused):
            # A session that ends at one recipient (421) has not refused the others.
            return {"event_type": "error", "error_type": "not_attempted"}
        if reason == "mail_smtp" and self.phase == DATA:
            reason = "connection_lost"  # the server may have taken it (RFC 1047)
        return {
            "event_type": "error",
            "error_type": reason,
            "diagnostic": text,
            "server": self.server,
            "is_temporary": is_temporary(self.error, self.phase),
        }


class CoreResult(NamedTuple):
    """Core's result for a mail that it has sent or tried to send."""

    partner_ids: frozenset = frozenset()  # partners to which it has sent
    emails: frozenset = frozenset()  # normalised addresses to which it has sent
    failure_type: str | None = None  # of the mail as a whole, if it failed
    failure_reason: str | None = None  # core's words for it


def events_of_mail(run, mail_id, core):
    """Return the events that follow from sending a mail.

    :param SendRun run: of the batch
    :param int mail_id: id of the mail
    :param CoreResult core: what core says of it
    :return: list of tuples (`Tracked`, list of dicts of values of events)
    """
    tracked_list = run.tracked(mail_id)
    outcomes = [run.outcome_of(mail_id, tracked) for tracked in tracked_list]
    somebody_failed = any(outcome and outcome.error for outcome in outcomes)
    return [
        (tracked, _events_of_recipient(run, tracked, outcome, somebody_failed, core))
        for tracked, outcome in zip(tracked_list, outcomes, strict=True)
    ]


def _events_of_recipient(run, tracked, outcome, somebody_failed, core):
    addresses = run.addresses_of(tracked)
    sent = tracked.partner_id in core.partner_ids or tracked.address in core.emails
    if outcome and addresses:
        events = outcome.events_for(addresses)
    elif addresses and (sent or not core.failure_type):
        events = [{"event_type": "sent"}]
    else:
        events = [_event_of_failure(run, tracked, somebody_failed, core)]
    is_for_some = outcome and tracked.left_out
    if addresses and (is_for_some or addresses[0] != tracked.address):
        events[0].setdefault("recipient", addresses[0])
    for event in events:
        if event["event_type"] == "error":
            event["error_type"] = event["error_type"] or core.failure_type or "unknown"
        event["source"] = "smtp" if event.get("server") else "queue"
    return events


def _event_of_failure(run, tracked, somebody_failed, core):
    """Return the event of a recipient for whom no SMTP message was recorded."""
    if run.connection_error:
        code, text = reason_of_exception(run.connection_error)
        return {
            "event_type": "error",
            "error_type": code or "mail_smtp",
            "diagnostic": text,
            "server": run.sender.name,
            "is_temporary": is_temporary(run.connection_error),
        }
    code, reason = core.failure_type, core.failure_reason
    if code in MAIL_WIDE:
        pass
    elif not tracked.address:
        # Core's words are about another recipient of the mail.
        missing = not tracked.written.strip()
        code = "mail_email_missing" if missing else "mail_email_invalid"
        reason = None
    elif somebody_failed:
        # Core gives up a mail at the first refusal: `mail.mail._send`.
        code, reason = "not_attempted", None
    return {"event_type": "error", "error_type": code, "diagnostic": reason}
