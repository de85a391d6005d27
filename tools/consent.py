"""Whose opens may be recorded: presets of companies and choices of recipients.

Pure tables and classes, no ORM.
"""

from typing import NamedTuple

# Presets of a company.
STANDARD, NO_OPENS, CONSENT = "standard", "no_opens", "consent"
PRESETS = [
    (STANDARD, "Standard"),
    (NO_OPENS, "No individual opens"),
    (CONSENT, "With consent"),
]

# Choices of a recipient; one who was not asked has no row.
ALLOWED, REFUSED, NOT_ASKED = "allowed", "refused", "not_asked"
CHOICES = [(ALLOWED, "Allowed"), (REFUSED, "Refused")]
# Where a choice was made.
ORIGINS = [
    ("form", "Form in Odoo"),
    ("import", "Import"),
    ("api", "API"),
    ("merge", "Merged contacts"),
    ("link", "Link in an email"),
    ("page", "Email preferences page"),
]

# How the opens of one mail are treated, in `mail.tracking.email.opens`; NULL adds
# nothing to the preset.
OPENS_NEVER, OPENS_WITH_CONSENT = "never", "consent"
OPENS = [
    (OPENS_NEVER, "Not recorded"),
    (OPENS_WITH_CONSENT, "With consent only"),
]
# The author's choice for one message: it overrides the default of the model, but no
# preset. Also the context key with which it reaches the mails.
MESSAGE_OPENS = "mail_tracking_opens"
MESSAGE_CHOICES = [("yes", "Tracked"), ("no", "Not tracked")]
# Whether the author is told when the message is read: it reaches the mails in the same
# way. `mail.tracking.email.tells` keeps it until the author was told; NULL means no.
MESSAGE_TELLS = "mail_tracking_tells"
TELLS_ALWAYS, TELLS_ASKED = "always", "asked"
TELLS = [
    (TELLS_ALWAYS, "As the author's preferences say"),
    (TELLS_ASKED, "Asked for this email"),
]
OPENS_OF_PRESET = {NO_OPENS: OPENS_NEVER, CONSENT: OPENS_WITH_CONSENT}

# Events that show what a reader does: deleted when they withdraw their consent.
OPEN_EVENTS = ("open", "click")

# Law of the European Economic Area, the United Kingdom and Switzerland: ISO 3166-1.
# The French overseas departments and Aland have codes of their own.
_COUNTRIES = (
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
    " IS LI NO GB CH GP MQ GF RE YT MF AX"
)
ASKING_COUNTRIES = frozenset(_COUNTRIES.split(" "))


class Terms(NamedTuple):
    """The terms on which one mail is sent, as `SendRun` knows them."""

    opens: str | None  # of `OPENS`, None without a restriction
    has_link: bool = False  # to the recipient's page


class SendConsent:
    """The choices of the recipients of a batch of mails."""

    def __init__(self, terms=None, choices=None):
        """
        :param dict terms: id of a mail to its `Terms`
        :param dict choices: normalised address to its choice
        """
        self._terms = terms or {}
        self._choices = choices or {}

    def allows_pixel(self, mail_id, addresses, opens=()):
        """Return whether one SMTP message may have a pixel.

        :param int mail_id: id of the mail
        :param addresses: normalised addresses that the message goes to
        :param opens: values of its trackings, of `OPENS` or None: a retry has a mail of
            its own, and consent may have been withdrawn in the meantime
        """
        terms = self._terms.get(mail_id)
        return all(
            may_record(value, addresses, self._choices)
            for value in {terms and terms.opens, *opens}
        )

    def has_link(self, mail_id, opens=()):
        """Return whether an SMTP message links to the recipient's page."""
        terms = self._terms.get(mail_id)
        return bool(terms and terms.has_link) and OPENS_NEVER not in opens


def may_record(opens, addresses, choices):
    """Return whether the opens of a mail may be recorded.

    One pixel, and one tracking, may stand for several addresses: then all must agree.

    :param str opens: of `OPENS`, or None
    :param addresses: normalised addresses
    :param dict choices: normalised address to its choice
    """
    if opens == OPENS_NEVER:
        return False
    answers = [choices.get(address) for address in addresses if address]
    if opens == OPENS_WITH_CONSENT:
        return bool(answers) and all(choice == ALLOWED for choice in answers)
    return REFUSED not in answers
