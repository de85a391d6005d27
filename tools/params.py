"""The addon's system parameters, as people type them."""

from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from odoo import fields
from odoo.tools import str2bool

from .open_evidence import EARLY_SECONDS

# sudo: parameters of this addon only; users see what follows from them.

PREFIX = "mail_activity_tracking."
PIXEL_DISABLED = PREFIX + "tracking_img_disabled"
BASE_URL = PREFIX + "base_url"
READ_RECEIPT = PREFIX + "ask_read_receipt"
EARLY_OPEN_SECONDS = PREFIX + "early_open_seconds"
RETRY_NOT_TRIED = PREFIX + "retry_not_tried"
RETRY_HOURS = PREFIX + "retry_hours"
FOLLOW_UP_DAYS = PREFIX + "follow_up_days"
RETENTION_DAYS = PREFIX + "retention_days"
# The parameter for the days that each kind of data is kept.
RETENTION = {
    "trackings": RETENTION_DAYS,
    "failures": RETENTION_DAYS + "_failures",  # that nobody has reviewed
    "opens": RETENTION_DAYS + "_opens",  # details of each
    "requests": RETENTION_DAYS + "_requests",  # content of them
    "reports": RETENTION_DAYS + "_reports",  # that cannot be judged yet
}
FOLLOW_UP_MODELS = PREFIX + "follow_up_models"  # names, comma separated
MODELS_WITHOUT_OPENS = PREFIX + "models_without_opens"  # names, comma separated
WEBHOOK_KEY = PREFIX + "webhook_key_"  # followed by the name of the provider
FOLLOW_UP_SINCE = PREFIX + "follow_up_since"  # mails sent before are left alone
OPENS_THINNED_UNTIL = PREFIX + "opens_thinned_until"  # written by the job

DEFAULT_RETRY_HOURS = 48
MOST_DAYS = 36_500  # a hundred years
MOST_EARLY_SECONDS = 5  # people read quickly, too

# Kinds of values. All but the first two are numbers.
FLAG, ADDRESS = "flag", "address"
SECONDS, HOURS, DAYS, DAYS_KEPT = "seconds", "hours", "days", "days_kept"


class Parameter(NamedTuple):
    """A parameter with one value, which is checked when it is saved."""

    key: str
    kind: str
    default: object
    field: str = ""  # of the settings page, "" for none or for a special one
    label: str = ""  # of this field


PARAMETERS = {
    row.key: row
    for row in (
        Parameter(PIXEL_DISABLED, FLAG, False),
        Parameter(EARLY_OPEN_SECONDS, SECONDS, EARLY_SECONDS),
        Parameter(BASE_URL, ADDRESS, "", "mail_tracking_base_url", "Tracking URL"),
        Parameter(
            *(READ_RECEIPT, FLAG, False),
            *("mail_tracking_read_receipt", "Request Read Receipts"),
        ),
        Parameter(
            *(RETRY_NOT_TRIED, FLAG, True),
            *("mail_tracking_retry_not_tried", "Send to Skipped Recipients"),
        ),
        Parameter(
            *(RETRY_HOURS, HOURS, DEFAULT_RETRY_HOURS),
            *("mail_tracking_retry_hours", "Retry Automatically"),
        ),
        Parameter(
            *(FOLLOW_UP_DAYS, DAYS, 3),
            *("mail_tracking_follow_up_days", "If not opened after"),
        ),
        Parameter(
            *(RETENTION["trackings"], DAYS_KEPT, 180),
            *("mail_tracking_retention_days", "Keep Tracking Data"),
        ),
        Parameter(
            *(RETENTION["failures"], DAYS_KEPT, 365),
            *("mail_tracking_retention_failures", "Keep Failures"),
        ),
        Parameter(
            *(RETENTION["opens"], DAYS_KEPT, 90),
            *("mail_tracking_retention_opens", "Keep Details of Opens"),
        ),
        Parameter(
            *(RETENTION["requests"], DAYS_KEPT, 14),
            *("mail_tracking_retention_requests", "Keep Webhook Requests"),
        ),
        Parameter(
            *(RETENTION["reports"], DAYS_KEPT, 7),
            *("mail_tracking_retention_reports", "Keep Late Reports"),
        ),
    )
}
# Each has a field on the settings page, which is made from its row.
ON_PAGE = [row for row in PARAMETERS.values() if row.field]


def value_of(env, key):
    """Return the value of a parameter; an invalid one is the default.

    :param str key: of `PARAMETERS`
    :return: boolean, text or number, as its kind says
    """
    row, text = PARAMETERS[key], _get(env, key)
    if row.kind == FLAG:
        return str2bool(text, row.default)
    return text if row.kind == ADDRESS else _number(text, row.default)


def is_pixel_disabled(env):
    """Return whether the pixel is switched off; an invalid value means no."""
    return value_of(env, PIXEL_DISABLED)


def asks_read_receipt(env):
    """Return whether mails ask for a read receipt; an invalid value means no."""
    return value_of(env, READ_RECEIPT)


def public_base_url(env):
    """Return the address at which mail programs and providers reach this database.

    :return: URL without a slash at its end
    """
    base_url = value_of(env, BASE_URL) or env["ir.config_parameter"].get_base_url()
    return base_url.rstrip("/")


def own_hosts(env):
    """Return the names under which browsers reach this database, with their ports."""
    base_url = env["ir.config_parameter"].sudo().get_base_url()
    return [urlsplit(url).netloc for url in (base_url, public_base_url(env))]


def early_open_seconds(env):
    """Return for how many seconds after its acceptance nobody can have read a mail."""
    return min(value_of(env, EARLY_OPEN_SECONDS), MOST_EARLY_SECONDS)


def retention_days(env, kind="trackings"):
    """Return for how many days a kind of data is kept, 0 for ever.

    :param str kind: of `RETENTION`
    """
    return value_of(env, RETENTION[kind])


def retention_limit(env, kind="trackings", least=0):
    """Return the time before which a kind of data is no longer kept, in UTC.

    :param str kind: of `RETENTION`
    :param int least: number of days for which it is kept in any case
    :return: datetime, None when it is kept for ever
    """
    days = retention_days(env, kind)
    return fields.Datetime.now() - timedelta(days=max(days, least)) if days else None


def retries_not_tried(env):
    """Return whether to retry recipients whom Odoo skipped because of another one."""
    return value_of(env, RETRY_NOT_TRIED)


def retry_hours(env):
    """Return for how many hours temporary failures are tried again, 0 for never."""
    return value_of(env, RETRY_HOURS)


def follow_up_days(env):
    """Return after how many days an unopened mail is followed up, 0 for never."""
    return value_of(env, FOLLOW_UP_DAYS)


def follow_up_models(env):
    """Return the names of the models whose mails are followed up.

    :rtype: list
    """
    return _get_names(env, FOLLOW_UP_MODELS)


def models_without_opens(env):
    """Return the names of the models whose mails carry no pixel by default.

    :rtype: list
    """
    return _get_names(env, MODELS_WITHOUT_OPENS)


def _get_names(env, key):
    names = _get(env, key).split(",")
    return [name for name in map(str.strip, names) if name]


def _number(value, default):
    if not value.isdecimal():
        return default
    # No date can be a million days ago.
    return min(int(value), MOST_DAYS) if len(value) < 10 else MOST_DAYS


def _get(env, key):
    return (env["ir.config_parameter"].sudo().get_param(key) or "").strip()


def webhook_keys(env, provider):
    """Return the keys of a provider's webhook; without a key it is closed.

    :param str provider: name of the provider
    :rtype: list
    """
    keys = _get(env, WEBHOOK_KEY + provider).split(",")
    return [key for key in map(str.strip, keys) if key]
