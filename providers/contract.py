"""The contract between the webhook's route and the adapters of the providers.

An adapter is a file `<name>.py` with tables, pure functions and one `PROVIDER`;
`registry` lists them. See docs/adding_a_provider.rst.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

# What our reference is called where a provider lets us choose.
VARIABLE = "odoo-tracking"
# Token of the mail and attempt, as `Provider.smtp_headers` gets them. A colon, a dot or
# a plus would not pass through every provider.
REFERENCE = re.compile(r"(?P<token>[a-z2-7]{26})(?:-(?P<attempt>[0-9]{1,6}))?")
# What is given back where nothing of ours is: the Message-Id of the mail. All of its
# recipients know it, which is no harm in a request that is authentic.
MESSAGE_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
# Header of providers that give all headers back.
REFERENCE_HEADER = "X-Odoo-Mail-Tracking-Reference"


def _lt(source):
    """Mark a text as one to translate, by whoever shows it.

    Called as Odoo's export of terms looks for it; what the adapters say needs no Odoo.
    """
    return source


class Unreadable(ValueError):
    """The body is not what the provider documents."""


class Call(NamedTuple):
    """One request to the webhook, before anything of it is believed."""

    headers: Mapping  # case-insensitive
    body: bytes
    urls: tuple  # addresses under which the provider may know the webhook
    now: float  # seconds since 1970
    fetch: Callable  # URL to bytes; for certificates. Raises OSError


class Report(NamedTuple):
    """What a provider says of one recipient of one mail."""

    event_type: str  # of `tools.states.EVENT_TYPES`
    recipient: str
    reference: str  # what `Provider.smtp_headers` has sent along, or a MESSAGE_ID
    time: datetime | None = None  # UTC without time zone
    key: str = ""  # the provider's own id of the event; empty where it has none
    error_type: str | None = None  # of `tools.states.REASONS`
    diagnostic: str = ""
    evidence: str | None = None  # of `tools.states.EVIDENCE`, of an opening or click
    server: str = ""
    # Of openings and clicks, as the provider tells it.
    agent: str = ""  # user agent
    is_bot: bool | None = None  # None where the provider gives no verdict
    evidence_rule: str | None = None  # of `tools.states.EVIDENCE_RULES`

    def idempotency_key(self, provider):
        """Return the same key for the same event, however often it is reported.

        :param str provider: name of the provider
        """
        parts = [self.key] if self.key else map(str, self[:4])
        text = "\n".join(parts).encode("utf-8", "replace")
        return f"{provider}:{hashlib.sha256(text).hexdigest()}"


class Step(NamedTuple):
    """One thing to do to set a webhook up."""

    text: str  # marked by `_lt`
    page: str = ""  # of the provider, on how it is done; empty for `Provider.page`


class Provider(NamedTuple):
    """One adapter."""

    name: str
    label: str
    # What the administrator has to enter as key, marked by `_lt`.
    key_help: str
    # Address of the provider's own page on its webhooks.
    page: str
    steps: tuple  # of `Step`, in order
    # (keys, Call) to bool. Raises nothing but OSError of `Call.fetch`.
    authenticate: Callable[[list, Call], bool]
    # Body to the reports in it, None for each item that cannot be read.
    # Raises nothing but `Unreadable`, when the body as a whole cannot.
    events: Callable[[bytes], Iterator[Report | None]]
    # Reference to the headers that make the provider give it back.
    smtp_headers: Callable[[str], dict]
    # (keys, Call), which is authentic, to what is the same when it is sent again.
    request_key: Callable[[list, Call], str] = lambda keys, call: ""
    # Body to the address that confirms a subscription, or None.
    confirmation: Callable[[bytes], str | None] = lambda body: None
    # Patterns of hosts, with a port where there is one, from which certificates and
    # confirmations may be fetched; without them nothing is.
    hosts: tuple = ()
    # Address of the provider's page on sending by SMTP; empty for `page`.
    smtp_page: str = ""
    # Answer to what is not authentic.
    refusal: int = 403
    # Longest body, in bytes: of the largest batch that the provider documents.
    max_bytes: int = 2**20
    # Answer to a request that cannot be taken now and shall be sent again.
    busy: int = 503

    def key_of(self, keys, call):
        """Return what tells requests of this provider apart, at most 64 characters."""
        content = self.request_key(keys, call).encode("utf-8", "replace") or call.body
        return hashlib.sha256(content).hexdigest()
