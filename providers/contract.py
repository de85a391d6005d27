"""The contract between the webhook's route and the adapters of the providers.

An adapter is a file `<name>.py` with tables, pure functions and one `PROVIDER`;
`registry` lists them. See docs/adding_a_provider.rst.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

# Name of our reference, if the provider lets us choose it.
VARIABLE = "odoo-tracking"
# Token of the mail and attempt, as passed to `Provider.smtp_headers`. Not every
# provider returns a colon, a dot or a plus.
REFERENCE = re.compile(r"(?P<token>[a-z2-7]{26})(?:-(?P<attempt>[0-9]{1,6}))?")
# The Message-Id of the mail, for providers that return no reference. All recipients of
# the mail know it, which does no harm in an authentic request.
MESSAGE_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
# Header for providers that return all headers.
REFERENCE_HEADER = "X-Odoo-Mail-Tracking-Reference"


def _lt(source):
    """Mark a text that is translated where it is shown.

    Odoo's export of terms looks for this name, so that the adapters do not need Odoo.
    """
    return source


class Unreadable(ValueError):
    """The body is not what the provider documents."""


class Call(NamedTuple):
    """One request to the webhook, before any of it is trusted."""

    headers: Mapping  # case-insensitive
    body: bytes
    urls: tuple  # addresses under which the provider may know the webhook
    now: float  # seconds since 1970
    fetch: Callable  # URL to bytes; for certificates. Raises OSError


class Report(NamedTuple):
    """A provider's report of one recipient of one mail."""

    event_type: str  # of `tools.states.EVENT_TYPES`
    recipient: str
    reference: str  # as sent with `Provider.smtp_headers`, or a MESSAGE_ID
    time: datetime | None = None  # UTC without time zone
    key: str = ""  # the provider's own id of the event; empty where it has none
    error_type: str | None = None  # of `tools.states.REASONS`
    diagnostic: str = ""
    evidence: str | None = None  # of `tools.states.EVIDENCE`, for an open or a click
    server: str = ""
    # Of opens and clicks, as the provider reports it.
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
    """One step to set up a webhook."""

    text: str  # marked by `_lt`
    page: str = ""  # of the provider, on how it is done; empty for `Provider.page`


class Provider(NamedTuple):
    """One adapter."""

    name: str
    label: str
    # What to enter as the webhook key, marked by `_lt`.
    key_help: str
    # Address of the provider's own page on its webhooks.
    page: str
    steps: tuple  # of `Step`, in order
    # (keys, Call) to bool. Raises nothing but OSError of `Call.fetch`.
    authenticate: Callable[[list, Call], bool]
    # Body to the reports in it, None for each item that cannot be read.
    # Raises only `Unreadable`, when the body as a whole cannot be read.
    events: Callable[[bytes], Iterator[Report | None]]
    # Reference to the headers that make the provider return it.
    smtp_headers: Callable[[str], dict]
    # (keys, authentic Call) to a text that is the same when the request is sent again.
    request_key: Callable[[list, Call], str] = lambda keys, call: ""
    # Body to the address that confirms a subscription, or None.
    confirmation: Callable[[bytes], str | None] = lambda body: None
    # Patterns of hosts, with a port where there is one, from which certificates and
    # confirmations may be fetched; without them, nothing is fetched.
    hosts: tuple = ()
    # Address of the provider's page on sending by SMTP; empty for `page`.
    smtp_page: str = ""
    # Body to whether it is only a test of the address, before there is a key.
    is_trial: Callable[[bytes], bool] | None = None
    # HTTP status for requests that are not authentic.
    refusal: int = 403
    # Longest body, in bytes: that of the largest batch that the provider documents.
    max_bytes: int = 2**20
    # HTTP status for requests that cannot be accepted now and must be sent again.
    busy: int = 503

    def key_of(self, keys, call):
        """Return a key that identifies a request of this provider, 64 characters."""
        content = self.request_key(keys, call).encode("utf-8", "replace") or call.body
        return hashlib.sha256(content).hexdigest()
