from urllib.parse import urlsplit

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import str2bool

from ...tools.params import (
    BASE_URL,
    EARLY_OPEN_SECONDS,
    FOLLOW_UP_DAYS,
    MOST_EARLY_SECONDS,
    PIXEL_DISABLED,
    READ_RECEIPT,
    RETENTION,
    RETRY_HOURS,
    RETRY_NOT_TRIED,
)


def _is_boolean(value):
    try:
        str2bool(value)
    except ValueError:
        return False
    return True


def _is_web_address(value):
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_early_seconds(value):
    return value.isdecimal() and len(value) < 10 and int(value) <= MOST_EARLY_SECONDS


# Key to the check of its value; an empty value is always valid, for the default.
CHECKS = {
    PIXEL_DISABLED: _is_boolean,
    READ_RECEIPT: _is_boolean,
    BASE_URL: _is_web_address,
    **{key: str.isdecimal for key, _days in RETENTION.values()},
    FOLLOW_UP_DAYS: str.isdecimal,
    EARLY_OPEN_SECONDS: _is_early_seconds,
    RETRY_NOT_TRIED: _is_boolean,
    RETRY_HOURS: str.isdecimal,
}


class IrConfigParameter(models.Model):
    """Validate parameters when they are saved, not when a mail goes out."""

    _inherit = "ir.config_parameter"

    @api.constrains("key", "value")
    def _check_mail_tracking(self):
        remedies = {
            PIXEL_DISABLED: self.env._("enter True or False"),
            READ_RECEIPT: self.env._("enter True or False"),
            BASE_URL: self.env._("enter a URL such as https://odoo.example.com"),
            **dict.fromkeys(
                (key for key, _days in RETENTION.values()),
                self.env._("enter a number of days (0: keep forever)"),
            ),
            FOLLOW_UP_DAYS: self.env._("enter a number of days (0: never)"),
            EARLY_OPEN_SECONDS: self.env._(
                "enter a number of seconds from 0 to %(most)s", most=MOST_EARLY_SECONDS
            ),
            RETRY_NOT_TRIED: self.env._("enter True or False"),
            RETRY_HOURS: self.env._("enter a number of hours (0: never)"),
        }
        for parameter in self.filtered(lambda p: p.key in CHECKS):
            value = (parameter.value or "").strip()
            if value and not CHECKS[parameter.key](value):
                raise ValidationError(
                    self.env._(
                        'Invalid value "%(value)s" for system parameter %(key)s: '
                        "%(remedy)s.",
                        key=parameter.key,
                        value=value,
                        remedy=remedies[parameter.key],
                    )
                )
