"""What one run of sending has learned, kept in memory until it is written."""

from smtplib import SMTPRecipientsRefused
from typing import NamedTuple

from ..reports.answers import (
    reason_of_exception,
    reason_of_reply,
    text_of,
)

# Failures of the whole mail: what core says of it is true of every recipient.
MAIL_WIDE = ("mail_from_invalid", "mail_from_missing", "mail_smtp", "mail_spam")


class Tracked(NamedTuple):
    """A tracking as the transaction that sends knows it: it never reads it again."""

    id: int
    partner_id: int
    address: str  # normalised, "" when there is none
    written: str  # what stands where an address should
    token: str
    attempt: int
    mail_id: int


class Outcome:
    """What became of one SMTP message."""

    def __init__(self, server, recipients=None, refused=None, reply="", error=None):
        """
        :param str server: name of the server that was talked to
        :param list recipients: envelope recipients, None when not known
        :param dict refused: address to (code, text), as `smtplib` returns it
        :param str reply: what the server answered to the message
        :param Exception error: what ended it
        """
        self.server = server
        self.recipients = recipients
        if isinstance(error, SMTPRecipientsRefused):  # all of them, each for a reason
            refused = error.recipients
        self.refused = {key.lower(): value for key, value in (refused or {}).items()}
        self.reply = reply
        self.error = error

    def event_for(self, addresses):
        """Return the event that this outcome means for a recipient.

        :param set addresses: the recipient's addresses, normalised
        :return: dict of values of the event
        """
        addresses = {address.lower() for address in addresses}
        if self.error and not addresses & set(self.refused):
            reason, text = reason_of_exception(self.error)
            return {
                "event_type": "error",
                "error_type": reason,
                "diagnostic": text,
                "server": self.server,
            }
        accepted = self._accepted()
        if accepted is None or addresses & accepted:
            return {
                "event_type": "sent",
                "diagnostic": self.reply,
                "server": self.server,
            }
        return self._event_of_refusal(addresses)

    def _accepted(self):
        """Return the addresses that the server took, None when that is not known."""
        if self.recipients is None:
            return None
        return {address.lower() for address in self.recipients} - set(self.refused)

    def _event_of_refusal(self, addresses):
        for address in sorted(addresses & set(self.refused)):
            code, text = self.refused[address]
            text = text_of(text)
            return {
                "event_type": "error",
                "error_type": reason_of_reply(code, text),
                "diagnostic": f"{code} {text}",
                "server": self.server,
            }
        return {"event_type": "error", "error_type": "mail_email_invalid"}


class SendRun:
    """Collector of one call of `mail.mail.send`.

    A plain class on purpose: environments with equal contexts are shared, and two
    runs must never be equal.
    """

    def __init__(self):
        self.server = None  # its name
        self.mail_server = None  # the `ir.mail_server`, if it is one
        self._bounce_addresses = None  # looked up with the first message
        self.receipt = None  # whether to ask for read receipts, likewise
        self.provider = None  # of `providers.registry`, when the server is one
        self.connection_error = None
        self.pending = None  # PendingStates, when the run commits each mail
        self.fresh = {}  # snapshots of trackings that this transaction has created
        self._tracked = {}
        self._first = {}
        self._addresses = {}
        self._outcomes = {}

    # === BEFORE ===#
    def follow(self, mail_id, tracked):
        """Note the trackings of a mail, a list of `Tracked`."""
        self._tracked[mail_id] = tracked

    def knows(self, mail_id):
        """Return whether the trackings of the mail have been looked up."""
        return mail_id in self._tracked

    def tracked_in(self, mail_id, email):
        """Find whom one SMTP message goes to.

        :param dict email: one value of `mail.mail._prepare_outgoing_list`
        :return: list of `Tracked`
        """
        partner = email["partner_id"]
        addresses = set(email["email_to_normalized"])
        if partner:
            found = [t for t in self._tracked[mail_id] if t.partner_id == partner.id]
        else:
            found = [
                tracked
                for tracked in self._tracked[mail_id]
                if not tracked.partner_id and tracked.address in addresses
            ]
        if found:
            self._first[found[0].token] = found[0]
        if partner:
            # A contact may have several addresses: one SMTP message goes to them all.
            self._addresses.update((tracked.id, addresses) for tracked in found)
        return found

    # === WHILE ===#
    def first(self, token):
        """Return the first recipient of an SMTP message."""
        return self._first[token]

    def is_bounce_address(self, env, address):
        """Return whether what comes back to an address comes to this database."""
        if self._bounce_addresses is None:
            domains = env["mail.alias.domain"].sudo().search([])
            self._bounce_addresses = {
                domain.bounce_email.lower() for domain in domains if domain.bounce_email
            }
        return address.lower() in self._bounce_addresses

    def record(self, token, **outcome):
        """Note what became of an SMTP message, the first thing that is said of it."""
        self._outcomes.setdefault(token, Outcome(self.server, **outcome))

    # === AFTER ===#
    def events(self, mail_id, partner_ids, emails, failure_type, failure_reason):
        """Return the events that sending a mail has made.

        :param set partner_ids: ids of the partners to whom core has sent
        :param set emails: normalised addresses to which core has sent
        :param str failure_type: what core says of the mail as a whole, if it failed
        :param str failure_reason: core's words for it
        :return: list of tuples (`Tracked`, dict of values of the event)
        """
        tracked_list = self._tracked.get(mail_id, [])
        outcomes = [self._outcomes.get(tracked.token) for tracked in tracked_list]
        somebody_failed = any(outcome and outcome.error for outcome in outcomes)
        events = []
        for tracked, outcome in zip(tracked_list, outcomes, strict=True):
            addresses = self._addresses.get(tracked.id) or {tracked.address} - {""}
            sent = tracked.partner_id in partner_ids or tracked.address in emails
            if outcome and addresses:
                event = outcome.event_for(addresses)
            elif addresses and (sent or not failure_type):
                event = {"event_type": "sent"}
            else:
                event = self._event_of_failure(
                    tracked, somebody_failed, failure_type, failure_reason
                )
            if event["event_type"] == "error":
                event["error_type"] = event["error_type"] or failure_type or "unknown"
            event["source"] = "smtp" if event.get("server") else "queue"
            events.append((tracked, event))
        return events

    def _event_of_failure(self, tracked, somebody_failed, failure_type, reason):
        """Return the event of a recipient to whom no SMTP message was handed over."""
        if self.connection_error:
            code, text = reason_of_exception(self.connection_error)
            return {
                "event_type": "error",
                "error_type": code or "mail_smtp",
                "diagnostic": text,
                "server": self.server,
            }
        if failure_type in MAIL_WIDE:
            code = failure_type
        elif not tracked.address:
            # What core says of the mail is another recipient's story.
            missing = not tracked.written.strip()
            code = "mail_email_missing" if missing else "mail_email_invalid"
            reason = None
        elif somebody_failed:
            # Core gives a mail up at the first refusal: `mail.mail._send`.
            code, reason = "not_attempted", None
        else:
            code = failure_type
        return {"event_type": "error", "error_type": code, "diagnostic": reason}
