"""The addon's system parameters, as people type them."""

from odoo.tools import str2bool

PREFIX = "mail_activity_tracking."
PIXEL_DISABLED = PREFIX + "tracking_img_disabled"
BASE_URL = PREFIX + "base_url"
RETENTION_DAYS = PREFIX + "retention_days"
READ_RECEIPT = PREFIX + "ask_read_receipt"
WEBHOOK_KEY = PREFIX + "webhook_key_"  # and the name of the provider
DEFAULT_RETENTION_DAYS = 180


def is_pixel_disabled(env):
    """Tell whether no outgoing mail gets a pixel; a value nobody understands is no."""
    return str2bool(_get(env, PIXEL_DISABLED), False)


def asks_read_receipt(env):
    """Tell whether mails ask for a read receipt; a value nobody understands is no."""
    return str2bool(_get(env, READ_RECEIPT), False)


def public_base_url(env):
    """Give the address at which mail programs and providers reach this database.

    :return: URL without a slash at its end
    """
    return (_get(env, BASE_URL) or env["ir.config_parameter"].get_base_url()).rstrip(
        "/"
    )


def retention_days(env):
    """Give for how many days a tracking is kept, 0 for ever."""
    value = _get(env, RETENTION_DAYS)
    return int(value) if value.isdecimal() else DEFAULT_RETENTION_DAYS


def _get(env, key):
    return (env["ir.config_parameter"].sudo().get_param(key) or "").strip()


def webhook_keys(env, provider):
    """Give the keys of a provider's webhook: none when it is closed.

    :param str provider: name of the provider
    :rtype: list
    """
    keys = _get(env, WEBHOOK_KEY + provider).split(",")
    return [key for key in map(str.strip, keys) if key]
