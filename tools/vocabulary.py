"""The vocabulary: every status, state, event, evidence, source and reason, in words.

Each has one row here, the only place for its words. The selections of the models, the
tables of `states` and the web client's ``static/src/common/vocabulary.js`` (see
`vocabulary_asset`) are built from these rows.

``words`` and ``title`` are used inside a sentence and begin with a small letter
("failed: address unknown"). A label is used alone: the same words with a capital
letter, unless the row has its own label. Pure data, no ORM.
"""

from typing import NamedTuple


def _lt(text):
    """Mark a term that is translated where it is shown, in Python or in JavaScript."""
    return text


# Advice that fits several failures.
ADD_ADDRESS = _lt("Add an email address, then retry.")
ASK_ADMINISTRATOR = _lt("Ask your administrator to check the outgoing mail server.")
CHECK_ADDRESS = _lt("Check the spelling of the email address.")
DO_NOT_WRITE = _lt("Do not email this address again.")
OTHER_WAY = _lt("Contact the recipient another way.")
TRY_LATER = _lt("Try again later.")

# How much a report proves, and why.
PROVED_BY_SERVER = _lt("Proven: only mail servers know this email's envelope number.")
PROVED_BY_PROVIDER = _lt("Proven: signed by the email provider.")
LIKELY = _lt("Likely: the report contains the secret code of the recipient's copy.")
NOT_PROVED = _lt("Not proven: the sender of an email can be forged.")

# Words of a state or a status, and of a reason too.
NO_ADDRESS = "no email address"
RETURNED = "returned by the recipient's mail server"


def capitalized(words):
    """Return the words with a capital first letter, as a label begins."""
    return words[:1].upper() + words[1:]


class Status(NamedTuple):
    """One of the nine statuses on screen; its icon is in ``tracking_icon.scss``."""

    code: str
    tone: str  # colour, see `tracking_icon.scss`
    title: str  # in a sentence
    short_label: str = ""  # in lists and filters, unless it is the title
    is_failed: bool = False
    is_opened: bool = False
    is_tracked: bool = False  # whether a tracking can have it

    @property
    def label(self):
        return self.short_label or capitalized(self.title)


class State(NamedTuple):
    """What became of an email for one recipient; empty fields are as in its status."""

    code: str
    rank: int | None  # never undone by a lower one; None: never stored
    status: str
    own_label: str = ""  # of the selection, unless it is the one of the status
    title: str = ""
    text: str = ""  # beside the icon, where it matters
    tone: str = ""
    reason: str = ""  # shown when no reason is known
    advice: str = ""  # what to do when the reason has no advice
    action: str = ""  # what helps: "edit" the contact, "retry" or "review"
    place: int | None = None  # among the statuses, problems first
    is_failed: bool | None = None
    is_incoming: bool = False
    is_copy: bool = False
    is_in_odoo: bool = False

    @property
    def label(self):
        return self.own_label or self.text or STATUS_BY_CODE[self.status].label

    @property
    def counts_as_failed(self):
        if self.is_failed is None:
            return STATUS_BY_CODE[self.status].is_failed
        return self.is_failed


class Event(NamedTuple):
    """A fact about an email, and the state that it leads to.

    A sign of reading counts for every attempt: a message stays read whatever happens to
    a later attempt. Any other fact counts for its own attempt only.
    """

    code: str
    state: str | None = None
    own_label: str = ""  # unless it is the one of the state
    is_reading: bool = False
    needs_server: bool = False  # by email, counts only with the envelope id

    @property
    def label(self):
        return self.own_label or STATE_BY_CODE[self.state].label


class Evidence(NamedTuple):
    """What loaded the image, clicked or answered."""

    code: str
    label: str
    words: str = ""  # what an open with this evidence proves
    state: str | None = None  # that an open leads to


class Source(NamedTuple):
    """Where an event comes from; without words, the timeline does not name it."""

    code: str
    words: str = ""
    own_label: str = ""
    proof: str = ""  # how much it proves, where users need to know

    @property
    def label(self):
        return self.own_label or capitalized(self.words)


class Reason(NamedTuple):
    """Why a mail failed or was not sent."""

    code: str
    words: str
    advice: str = ""
    action: str = ""  # what helps: "edit" the contact, "retry" or "review"
    is_said: bool = True  # shown to users, after "failed: "

    @property
    def label(self):
        return capitalized(self.words)


# Problems first: recipients are sorted in this order.
STATUSES = [
    Status("error", "danger", "failed", is_failed=True, is_tracked=True),
    Status("noemail", "warning", NO_ADDRESS, is_failed=True, is_tracked=True),
    Status("waiting", "muted", "waiting", is_tracked=True),
    Status("sent", "muted", "sent, delivery not confirmed", "Sent", is_tracked=True),
    Status("delivered", "info", "delivered", is_tracked=True),
    Status("opened", "success", "opened", is_opened=True, is_tracked=True),
    Status("cc", "muted", "in Cc, delivery not tracked", "Cc"),
    Status("anonuser", "muted", "no contact"),
    Status("unknown", "muted", "not tracked"),
]
STATUS_BY_CODE = {status.code: status for status in STATUSES}

# In the order of their rank: of two states of the same second the later one is shown.
STATES = [
    State("waiting", 0, "waiting"),
    State(
        "canceled",
        5,
        "error",
        title="cancelled, not sent",
        text="Cancelled",
        tone="muted",
        place=2,
        is_failed=False,
    ),
    State("sent", 10, "sent"),
    State(
        "deferred",
        15,
        "sent",
        "Delayed",
        title="delayed, the mail server is still retrying",
    ),
    State("delivered", 20, "delivered"),
    State(
        "error",
        30,
        "error",
        title="not sent",
        text="Not sent",
        advice=TRY_LATER,
        action="retry",
    ),
    State(
        "noemail",
        None,
        "noemail",
        text=capitalized(NO_ADDRESS),
        advice=ADD_ADDRESS,
        action="edit",
    ),
    State(
        "rejected",
        31,
        "error",
        title="rejected",
        text="Rejected",
        reason="blocked by the email provider or mail server",
        advice=OTHER_WAY,
        action="retry",
    ),
    State(
        "soft_bounced",
        32,
        "error",
        "Soft bounced",
        title="bounced",
        text="Bounced",
        reason="temporary delivery failure",
        advice=TRY_LATER,
        action="retry",
    ),
    State(
        "bounced",
        33,
        "error",
        title="bounced",
        text="Bounced",
        reason=RETURNED,
        advice=CHECK_ADDRESS,
        action="edit",
    ),
    State("opened", 40, "opened"),
    State("unsub", 45, "opened", "Unsubscribed", title="opened, then unsubscribed"),
    State(
        "spam",
        50,
        "error",
        title="marked as spam",
        text="Marked as spam",
        advice=DO_NOT_WRITE,
        action="review",
    ),
    # Never of a tracking: the message itself says so of the recipient.
    State("cc", None, "cc", is_incoming=True, is_copy=True),
    State(
        "to",
        None,
        "unknown",
        title="recipient of an incoming email, not tracked",
        is_incoming=True,
    ),
    State(
        "inbox",
        None,
        "unknown",
        title="notified in Odoo, no email sent",
        place=9,
        is_in_odoo=True,
    ),
    State("unknown", None, "unknown"),
]
STATE_BY_CODE = {state.code: state for state in STATES}

# "relayed" and "expanded" (RFC 3464, section 2.3.3) change no state: the mail is on its
# way, and no further report may follow. "read" is a read receipt (RFC 8098), "other"
# any report of an unknown type.
EVENTS = [
    Event("queued", "waiting", "Queued"),
    Event("canceled", "canceled"),
    Event("sent", "sent"),
    Event("deferral", "deferred"),
    Event("relayed", None, "Relayed to another mail server", needs_server=True),
    Event("expanded", None, "Forwarded to other addresses", needs_server=True),
    Event("delivered", "delivered", needs_server=True),
    Event("auto_reply", "delivered", "Automatic reply"),
    Event("error", "error"),
    Event("reject", "rejected"),
    Event("soft_bounce", "soft_bounced"),
    Event("hard_bounce", "bounced"),
    Event("open", None, "Tracking image loaded"),
    Event("click", None, "Clicked"),  # see `states.CLICK_STATE`
    Event("reply", "opened", "Replied", is_reading=True),
    Event("read", "opened", "Read receipt", is_reading=True),
    Event("unsub", "unsub", is_reading=True),
    Event("spam", "spam", is_reading=True),
    # Leads to no state: the complaint that it names no longer counts.
    Event("complaint_withdrawn", None, "Complaint withdrawn"),
    # The recipient has withdrawn their consent: opens and clicks are deleted.
    Event("opens_removed", None, "Opens removed"),
    Event("other", None, "Other"),
]

# What an open proves depends on its evidence: a person or an image proxy proves that
# the email was opened, a machine (prefetch, scanner) that it has reached a mailbox. The
# other classes prove nothing.
EVIDENCE = [
    Evidence(
        "human",
        "Email client",
        _lt(
            "Tracking image loaded by an email client, most likely because someone"
            " opened the email."
        ),
        "opened",
    ),
    Evidence(
        "proxy",
        "Image proxy",
        _lt(
            "Loaded through the email provider's image proxy when the email was"
            " displayed."
        ),
        "opened",
    ),
    Evidence(
        "machine",
        "Automated load",
        _lt(
            "Loaded automatically, e.g. by a spam filter. This does not count as an"
            " open."
        ),
        "delivered",
    ),
    Evidence(
        "shared",
        "Shared copy",
        _lt("Several recipients share this copy. One of them opened it."),
    ),
    Evidence(
        "suspect",
        "Suspicious load",
        _lt("May not have been loaded by a person. Not counted."),
    ),
    Evidence(
        "self",
        "Internal user",
        _lt("Loaded by a user of this database. Not counted."),
    ),
    Evidence("reply", "Reply"),
]

# The rule that led to a class of evidence; an ordinary browser needs none.
EVIDENCE_RULES = [
    ("apple_privacy", "Apple Mail loads all images in advance"),
    ("bot", "The program calls itself a bot"),
    ("burst", "Several recipients at the same moment"),
    ("early", "Too early to count"),
    ("gmail_prefetch", "Gmail loads images in advance"),
    ("headless", "A browser without a screen"),
    ("image_proxy", "The image proxy of an email service"),
    ("library", "A programming library"),
    ("mail_program", "An email client"),
    ("monitor", "A monitoring service"),
    ("no_agent", "The program gives no name"),
    ("own_page", "Shown in this database"),
    ("preview", "A link preview"),
    ("provider", "As reported by the email provider"),
    ("scanner", "An email scanner"),
    ("uncertain_proxy", "A proxy that may load images by itself"),
    ("web_address", "The program names a web address"),
]

SOURCES = [
    Source("queue", own_label="Email queue"),
    Source("smtp", "mail server"),
    Source("dsn", "delivery report", proof=LIKELY),
    Source("mdn", "read receipt", proof=LIKELY),
    Source("arf", "spam complaint", proof=LIKELY),
    Source("pixel", "tracking image"),
    Source("gateway", "incoming email", proof=NOT_PROVED),
    Source("user", "administrator"),
    Source("consent", "recipient's choice"),
]

# Core's failure types of `mail.notification`, and reasons from the answers of servers.
REASONS = [
    Reason("address_unknown", "address unknown", CHECK_ADDRESS, "edit"),
    Reason("auth_failed", "mail server login failed", ASK_ADMINISTRATOR, "retry"),
    Reason(
        "blocklisted",
        "your mail server is on a blocklist",
        ASK_ADMINISTRATOR,
        "retry",
    ),
    Reason(
        "connection_lost",
        "connection lost, the email may have arrived",
        _lt("Ask the recipient before you retry: a second copy may be sent."),
        "retry",
    ),
    Reason(
        "content_refused",
        "content rejected by the mail server",
        _lt("Send it again without unusual attachments."),
        "retry",
    ),
    Reason("domain_unknown", "the domain does not accept email", CHECK_ADDRESS, "edit"),
    Reason(
        "encryption_needed",
        "the mail server requires an encrypted connection",
        ASK_ADMINISTRATOR,
        "retry",
    ),
    Reason(
        "mail_bl",
        "address is blacklisted",
        _lt("Remove the address from the blacklist first, if the recipient agrees."),
        "review",
    ),
    Reason("mail_bounce", RETURNED, CHECK_ADDRESS, "edit"),
    Reason("mail_dup", "same address as another recipient"),
    Reason("mail_email_invalid", "invalid email address", CHECK_ADDRESS, "edit"),
    Reason("mail_email_missing", NO_ADDRESS, ADD_ADDRESS, "edit"),
    Reason("mail_from_invalid", "invalid sender address", ASK_ADMINISTRATOR, "retry"),
    Reason(
        "mail_from_missing",
        "missing sender address",
        _lt("Add an email address for the sender."),
        "retry",
    ),
    Reason("mail_optout", "recipient opted out", OTHER_WAY, "review"),
    Reason(
        "mail_smtp", "connection to the mail server failed", ASK_ADMINISTRATOR, "retry"
    ),
    Reason("mail_spam", "detected as spam", OTHER_WAY, "retry"),
    Reason(
        "mailbox_disabled",
        "mailbox disabled",
        _lt("Ask the recipient for another email address."),
        "edit",
    ),
    Reason("mailbox_full", "mailbox full", TRY_LATER, "retry"),
    Reason(
        "not_attempted",
        "skipped because another recipient was refused",
        _lt("Nothing was sent to this recipient. Retry."),
        "retry",
    ),
    Reason(
        "policy",
        "blocked by the recipient's mail server policy",
        OTHER_WAY,
        "retry",
    ),
    Reason("postponed", "temporarily refused by the mail server", TRY_LATER, "retry"),
    Reason(
        "refused",
        "refused by the mail server",
        _lt("See the server response in the details."),
        "retry",
    ),
    Reason(
        "sender_unverified",
        "sender domain could not be authenticated",
        _lt(
            "Ask your administrator to check your domain's SPF, DKIM and DMARC records."
        ),
        "retry",
    ),
    Reason(
        "server_problem", "problem at the recipient's mail server", TRY_LATER, "retry"
    ),
    Reason("timeout", "the mail server did not respond in time", TRY_LATER, "retry"),
    Reason(
        "too_big",
        "email too large",
        _lt("Send a link instead of the attachment."),
        "retry",
    ),
    Reason("unknown", "unknown error", is_said=False),
]
