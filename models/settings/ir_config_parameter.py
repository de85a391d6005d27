from urllib.parse import urlsplit

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import str2bool

from ...tools.params import (
    ADDRESS,
    DAYS,
    DAYS_KEPT,
    FLAG,
    HOURS,
    MOST_EARLY_SECONDS,
    PARAMETERS,
    SECONDS,
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


# Kind to the check of a value; an empty value is always valid: it means the default.
CHECKS = {
    FLAG: _is_boolean,
    ADDRESS: _is_web_address,
    SECONDS: _is_early_seconds,
    **dict.fromkeys((HOURS, DAYS, DAYS_KEPT), str.isdecimal),
}


class IrConfigParameter(models.Model):
    """Validate parameters when they are saved, not when a mail goes out."""

    _inherit = "ir.config_parameter"

    @api.constrains("key", "value")
    def _check_mail_tracking(self):
        remedies = {
            FLAG: self.env._("enter True or False"),
            ADDRESS: self.env._("enter a URL such as https://odoo.example.com"),
            DAYS_KEPT: self.env._("enter a number of days (0: keep forever)"),
            DAYS: self.env._("enter a number of days (0: never)"),
            SECONDS: self.env._(
                "enter a number of seconds from 0 to %(most)s", most=MOST_EARLY_SECONDS
            ),
            HOURS: self.env._("enter a number of hours (0: never)"),
        }
        for parameter in self.filtered(lambda p: p.key in PARAMETERS):
            kind = PARAMETERS[parameter.key].kind
            value = (parameter.value or "").strip()
            if value and not CHECKS[kind](value):
                raise ValidationError(
                    self.env._(
                        'Invalid value "%(value)s" for system parameter %(key)s: '
                        "%(remedy)s.",
                        key=parameter.key,
                        value=value,
                        remedy=remedies[kind],
                    )
                )
