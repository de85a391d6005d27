from urllib.parse import urlsplit

import requests

from odoo import http, models
from odoo.tools import config

from ..models.opens.mail_tracking_email import PIXEL_ROUTE
from ..tools.database_key import database_key, known_keys
from ..tools.params import is_pixel_disabled, public_base_url

SECONDS = 5
LOAD = "--load=base,rpc,web,mail,mail_activity_tracking"
LOCAL = ("localhost", "127.", "10.", "192.168.", "0.0.0.0")  # noqa: S104


class MailTrackingCheck(models.TransientModel):
    """Can mail programs and providers reach this database?"""

    _inherit = "mail.tracking.check"

    def _check_public_address(self):
        what = self.env._("Public address")
        base = public_base_url(self.env)
        parts = urlsplit(base)
        if is_pixel_disabled(self.env):
            yield (
                self.env._("Tracking image"),
                "warning",
                self.env._("It is switched off."),
                self.env._("Opened only comes with replies, receipts and providers."),
            )
        if (parts.hostname or "").startswith(LOCAL):
            yield (
                what,
                "error",
                self.env._("%(address)s is this machine only.", address=base),
                self.env._(
                    "Enter the address at which others reach this server, under Public "
                    "Address of Tracking in the settings."
                ),
            )
        elif parts.scheme != "https":
            yield (
                what,
                "warning",
                self.env._("%(address)s is not encrypted.", address=base),
                self.env._(
                    "Use https: many mail programs and providers refuse anything else."
                ),
            )
        yield (what, *self._try_pixel(base))

    def _try_pixel(self, base):
        """Load the image of no mail at the public address, as a mail program does."""
        path = PIXEL_ROUTE + database_key(self.env) + "a" * 26 + ".gif"
        try:
            answer = requests.get(base + path, timeout=SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            return (
                "error",
                self.env._(
                    "%(address)s does not answer: %(error)s",
                    address=base,
                    error=type(error).__name__,
                ),
                self.env._(
                    "Check the address, its certificate, and whether this server may "
                    "reach it. Behind some firewalls only others can: then open the "
                    "address from outside."
                ),
            )
        if answer.headers.get("Content-Type") != "image/gif":
            return (
                "error",
                self.env._(
                    "%(address)s answers %(status)s instead of the tracking image.",
                    address=base,
                    status=answer.status_code,
                ),
                self.env._(
                    "Let the proxy pass /mail/tracking/ on to Odoo. With several "
                    "databases start Odoo with %(option)s.",
                    option=LOAD,
                ),
            )
        return "ok", self.env._("%(address)s can be reached.", address=base), ""

    def _check_database(self):
        what = self.env._("Database")
        several = len(http.db_list(force=True)) > 1
        if several and "mail_activity_tracking" not in config["server_wide_modules"]:
            yield (
                what,
                "warning",
                self.env._(
                    "The server has several databases, and this addon is not loaded at "
                    "its start."
                ),
                self.env._(
                    "Start Odoo with %(option)s, or with a filter that leaves one "
                    "database for each address.",
                    option=LOAD,
                ),
            )
        elif len(known_keys(self.env)) > 2:  # its own, and the one of its name
            yield (
                what,
                "ok",
                self.env._(
                    "Requests find this database. It was renamed or copied: images in "
                    "emails sent before are still counted."
                ),
                self.env._(
                    "Enter the present webhook addresses at your providers when the "
                    "database of before still runs on this server."
                ),
            )
        else:
            yield what, "ok", self.env._("Requests find this database."), ""

    def _check_jobs(self):
        what = self.env._("Scheduled actions")
        crons = (
            "mail.ir_cron_mail_scheduler_action",
            "mail_activity_tracking.mail_tracking_webhook_cron",
            "mail_activity_tracking.mail_tracking_email_cron_mend",
        )
        found = [self.env.ref(cron, raise_if_not_found=False) for cron in crons]
        stopped = [cron.name for cron in found if cron and not cron.active]
        if stopped:
            yield (
                what,
                "error",
                self.env._("Switched off: %(names)s", names=", ".join(stopped)),
                self.env._("Switch them on under Settings, Technical."),
            )
        elif not config["max_cron_threads"]:
            yield (
                what,
                "error",
                self.env._("This server runs none (--max-cron-threads=0)."),
                self.env._("Without them queued mails and provider reports wait."),
            )
        else:
            yield what, "ok", self.env._("They are switched on."), ""
