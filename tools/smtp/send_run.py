"""Collect what is learned while one batch of mails is sent, until it is written."""

from itertools import chain, islice
from typing import NamedTuple

from ..consent import SendConsent
from ..reports.reader import TOKEN_HEADER
from .envelope_id import Envelope, envelope_cipher
from .outcome import Outcome

# sudo: bounce addresses of the alias domains, which anybody who sends may know.

# Number of ENVIDs that are made at once.
SIGNED_AT_ONCE = 100


class Tracked(NamedTuple):
    """A tracking as the sending transaction knows it: its row is never read again."""

    id: int
    partner_id: int
    address: str  # normalised, "" when there is none
    written: str  # the text in place of an address
    token: str
    attempt: int
    mail_id: int
    row_address: str = ""  # the address in the row, "" for none
    left_out: frozenset = frozenset()  # addresses that this attempt does not go to
    reached: frozenset = frozenset()  # those of them that have received the mail
    failure: str | None = None  # words of the server that refused one of these
    opens: str | None = None  # how its opens are treated, of `consent.OPENS`


class TokenHeader(str):
    """The header that recognises a message, as `email.policy` takes it ready made.

    The token is short and ASCII: `email` would parse it and fold it for each message
    all the same. A header that has `name` and `fold` is stored and written as it is
    (`EmailPolicy.header_store_parse`, `email.headerregistry.BaseHeader`).
    """

    __slots__ = ()
    name = TOKEN_HEADER

    def fold(self, *, policy):
        """Return the line of the header."""
        return f"{self.name}: {self}{policy.linesep}"


class Sender:
    """The server that a batch of mails goes to, and what is looked up for it once."""

    def __init__(self, name=None, mail_server=None, provider=None, notify=None):
        """
        :param str name: name of its host
        :param mail_server: the `ir.mail_server`, if there is one
        :param str provider: name of its provider in `providers.registry`, if any
        :param str notify: reports to request, a value of `NOTIFY`, None for none
        """
        self.name = name
        self.mail_server = mail_server
        self.provider = provider
        self.notify = notify
        self.asks_receipt = None  # looked up with the first message
        self._bounce_addresses = None

    def is_bounce_address(self, env, address):
        """Return whether bounces to an address come back to this database."""
        if self._bounce_addresses is None:
            domains = env["mail.alias.domain"].sudo().search([])
            self._bounce_addresses = {
                domain.bounce_email.lower() for domain in domains if domain.bounce_email
            }
        return address.lower() in self._bounce_addresses


class SendRun:
    """What is learned while one batch is sent to one server.

    A plain class on purpose: environments with equal contexts are shared, and two
    runs must never be equal.
    """

    def __init__(self, sender=None):
        """:param Sender sender: the server of the batch, when it is known"""
        self.sender = sender or Sender()
        self.connection_error = None
        self.is_personal = False  # whether the server is one that core splits mails for
        self.pending = None  # PendingStates, when the run commits each mail
        self.fresh = {}  # snapshots of trackings that this transaction has created
        self.consent = SendConsent()  # which recipients may get a pixel
        self.leftover = {}  # mail to trackings of recipients it no longer has
        self.current_mail_id = None  # the mail that is being sent
        self.holds_lock = False  # on the notifications of that mail
        self.listener = None  # to the session in use
        self._tracked = {}
        self._of_partner = {}
        self._first = {}
        self._addresses = {}
        self._outcomes = {}
        self._envelope_ids = {}
        self._unsigned = None

    # === BEFORE ===#
    def follow(self, mail_id, tracked):
        """Store the trackings of a mail, a list of `Tracked`."""
        self._tracked[mail_id] = tracked
        # Each recipient of a mail to many asks for their own.
        self._of_partner[mail_id] = of_partner = {}
        for one in tracked:
            of_partner.setdefault(one.partner_id, []).append(one)

    def knows(self, mail_id):
        """Return whether the trackings of the mail have been looked up."""
        return mail_id in self._tracked

    def tracked(self, mail_id):
        """Return the trackings of a mail, a list of `Tracked`."""
        return self._tracked.get(mail_id, [])

    def tracked_in(self, mail_id, email):
        """Return the trackings of the recipients of one SMTP message.

        :param dict email: one value of `mail.mail._prepare_outgoing_list`
        :return: list of `Tracked`
        """
        partner = email["partner_id"]
        addresses = email["email_to_normalized"]
        tracked_list = self._of_partner[mail_id].get(partner.id if partner else 0, [])
        if not partner:
            tracked_list = [one for one in tracked_list if one.address in addresses]
        if tracked_list:
            self._first[tracked_list[0].token] = tracked_list[0]
        if partner:
            # A contact may have several addresses: one SMTP message goes to them all.
            unique = list(dict.fromkeys(addresses))
            self._addresses.update((tracked.id, unique) for tracked in tracked_list)
        return tracked_list

    def leave_out(self, mail_id, email):
        """Remove the contact's addresses that this attempt does not go to.

        If no other is left, since the contact has lost them, it goes to those that have
        not received the mail. If all have received it, the contact leaves the mail.

        :param dict email: one value of `mail.mail._prepare_outgoing_list`; for a
            contact its addresses are changed in place
        :return: whether an address is left to send to
        """
        partner = email["partner_id"]
        trackeds = self._of_partner[mail_id].get(partner.id, []) if partner else []
        left_out = {address for tracked in trackeds for address in tracked.left_out}
        if not left_out:  # nearly always
            return True
        pairs = list(zip(email["email_to"], email["email_to_normalized"], strict=False))
        left = [pair for pair in pairs if pair[1] not in left_out]
        if not left:
            reached = {address for tracked in trackeds for address in tracked.reached}
            left = [pair for pair in pairs if pair[1] not in reached]
        if pairs and not left:
            self.leftover.setdefault(mail_id, []).extend(trackeds)
            others = [one for one in self.tracked(mail_id) if one not in trackeds]
            self.follow(mail_id, others)
            return False
        if len(left) < len(pairs):
            email["email_to"] = [written for written, _address in left]
            email["email_to_normalized"] = [address for _written, address in left]
        return True

    # === WHILE ===#
    def first(self, token):
        """Return the first recipient of an SMTP message."""
        return self._first[token]

    def envelope_id(self, env, tracked):
        """Return the ENVID of an SMTP message, see `Envelope.sign`.

        Several are made at once: one alone, between two messages, takes six times as
        long, as its code and data have left the processor's caches.

        :param Tracked tracked: its first recipient
        """
        if tracked.id not in self._envelope_ids:
            if self._unsigned is None:
                self._unsigned = chain.from_iterable(list(self._tracked.values()))
            cipher, server = envelope_cipher(env), self.sender.mail_server
            # A mail that was followed later is not among the next ones.
            for one in (tracked, *islice(self._unsigned, SIGNED_AT_ONCE)):
                envelope = Envelope(one.id, one.attempt, server.id if server else 0)
                self._envelope_ids[one.id] = envelope.sign(env, cipher)
        return self._envelope_ids[tracked.id]

    def record(self, token, **outcome):
        """Record what became of an SMTP message: the first call counts."""
        # The token alone is no key: addresses without a contact keep theirs in a retry,
        # and one batch may have several mails to them.
        key = self.current_mail_id, token
        if key not in self._outcomes:
            self._outcomes[key] = Outcome(self.sender.name, **outcome)
            self._note_envelope(token, outcome.get("recipients"))

    def _note_envelope(self, token, recipients):
        """Record where the message of a contact without a valid address went.

        Core sends it to whatever looks like an address in the name of the contact.

        :param list recipients: envelope recipients, None when not known
        """
        tracked = self._first.get(token)
        if recipients and tracked and not self.addresses_of(tracked):
            unique = dict.fromkeys(address.lower() for address in recipients)
            self._addresses[tracked.id] = list(unique)

    # === AFTER ===#
    def addresses_of(self, tracked):
        """Return the addresses that a recipient's SMTP message went to."""
        return self._addresses.get(tracked.id) or [tracked.address] * bool(
            tracked.address
        )

    def outcome_of(self, mail_id, tracked):
        """Return the `Outcome` of a recipient's SMTP message, None without one."""
        return self._outcomes.get((mail_id, tracked.token))

    def settled(self, mail_id):
        """Return the recipients of a mail whose SMTP message the server has taken.

        Some of its recipients may have been refused all the same.

        :return: list of `Tracked`
        """
        return [
            tracked
            for tracked in self.tracked(mail_id)
            if (outcome := self.outcome_of(mail_id, tracked)) and not outcome.error
        ]

    def accepted(self, mail_id):
        """Return the recipients of a mail whose server has taken their message.

        :return: list of `Tracked`
        """
        return [
            tracked
            for tracked in self.tracked(mail_id)
            if (outcome := self.outcome_of(mail_id, tracked))
            and outcome.accepted(self.addresses_of(tracked))
        ]

    def partly_refused(self, mail_id):
        """Return the contacts for whom the server took a mail for some addresses only.

        :return: list of tuples (`Tracked`, words of the server, "" for none)
        """
        partly = []
        for tracked in self.tracked(mail_id):
            outcome = self.outcome_of(mail_id, tracked)
            # Nearly always nothing was refused.
            if not outcome or not (outcome.refused or tracked.failure is not None):
                continue
            addresses = self.addresses_of(tracked)
            words = next(iter(outcome.refusals(addresses)), tracked.failure)
            is_partly = words is not None and outcome.accepted(addresses)
            if tracked.partner_id and is_partly:
                partly.append((tracked, words))
        return partly
