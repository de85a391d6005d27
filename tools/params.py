"""The addon's system parameters, as people type them."""

from datetime import timedelta
from urllib.parse import urlsplit

from odoo import fields
from odoo.tools import str2bool

from .open_evidence import EARLY_SECONDS

# sudo: parameters of this addon only; users see what follows from them.

PREFIX = "mail_activity_tracking."
PIXEL_DISABLED = PREFIX + "tracking_img_disabled"
BASE_URL = PREFIX + "base_url"
RETENTION_DAYS = PREFIX + "retention_days"
# The parameter for the days that each kind of data is kept, and its default.
RETENTION = {
    "trackings": (RETENTION_DAYS, 180),
    "failures": (RETENTION_DAYS + "_failures", 365),  # that nobody has reviewed
    "opens": (RETENTION_DAYS + "_opens", 90),  # details of each
    "requests": (RETENTION_DAYS + "_requests", 14),  # content of them
    "reports": (RETENTION_DAYS + "_reports", 7),  # that cannot be judged yet
}
OPENS_THINNED_UNTIL = PREFIX + "opens_thinned_until"  # written by the job
READ_RECEIPT = PREFIX + "ask_read_receipt"
WEBHOOK_KEY = PREFIX + "webhook_key_"  # and the name of the provider
FOLLOW_UP_MODELS = PREFIX + "follow_up_models"  # names, comma separated
MODELS_WITHOUT_OPENS = PREFIX + "models_without_opens"  # names, comma separated
FOLLOW_UP_DAYS = PREFIX + "follow_up_days"
FOLLOW_UP_SINCE = PREFIX + "follow_up_since"  # mails sent before are left alone
RETRY_NOT_TRIED = PREFIX + "retry_not_tried"
RETRY_HOURS = PREFIX + "retry_hours"
DEFAULT_RETRY_HOURS = 48
MOST_DAYS = 36_500  # a hundred years
DEFAULT_FOLLOW_UP_DAYS = 3
EARLY_OPEN_SECONDS = PREFIX + "early_open_seconds"
MOST_EARLY_SECONDS = 5  # people read quickly, too


def is_pixel_disabled(env):
    """Return whether the pixel is switched off; an invalid value means no."""
    return str2bool(_get(env, PIXEL_DISABLED), False)


def asks_read_receipt(env):
    """Return whether mails ask for a read receipt; an invalid value means no."""
    return str2bool(_get(env, READ_RECEIPT), False)


def public_base_url(env):
    """Return the address at which mail programs and providers reach this database.

    :return: URL without a slash at its end
    """
    return (_get(env, BASE_URL) or env["ir.config_parameter"].get_base_url()).rstrip(
        "/"
    )


def own_hosts(env):
    """Return the names under which browsers reach this database, with their ports."""
    base_url = env["ir.config_parameter"].sudo().get_base_url()
    return [urlsplit(url).netloc for url in (base_url, public_base_url(env))]


def early_open_seconds(env):
    """Return the seconds after acceptance within which nobody can have read a mail."""
    return min(_get_number(env, EARLY_OPEN_SECONDS, EARLY_SECONDS), MOST_EARLY_SECONDS)


def retention_days(env, kind="trackings"):
    """Return for how many days something is kept, 0 for ever.

    :param str kind: of `RETENTION`
    """
    return _get_number(env, *RETENTION[kind])


def retention_limit(env, kind="trackings", least=0):
    """Return the time before which something is no longer kept, in UTC.

    :param str kind: of `RETENTION`
    :param int least: number of days for which it is kept in any case
    :return: datetime, None when it is kept for ever
    """
    days = retention_days(env, kind)
    return fields.Datetime.now() - timedelta(days=max(days, least)) if days else None


def retries_not_tried(env):
    """Return whether to retry recipients whom Odoo skipped because of another one."""
    return str2bool(_get(env, RETRY_NOT_TRIED), True)


def retry_hours(env):
    """Return for how many hours temporary failures are tried again, 0 for never."""
    return _get_number(env, RETRY_HOURS, DEFAULT_RETRY_HOURS)


def follow_up_days(env):
    """Return after how many days an unopened mail is followed up, 0 for never."""
    return _get_number(env, FOLLOW_UP_DAYS, DEFAULT_FOLLOW_UP_DAYS)


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


def _get_number(env, key, default):
    value = _get(env, key)
    if not value.isdecimal():
        return default
    # No date is a million days ago.
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
