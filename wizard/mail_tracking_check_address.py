from urllib.parse import urlsplit

from requests.exceptions import SSLError, Timeout

from odoo import http, models, modules
from odoo.tools import config

from ..models.opens.mail_tracking_email import PIXEL_ROUTE
from ..tools.database_key import database_key, known_keys
from ..tools.fetch import load
from ..tools.params import is_pixel_disabled, public_base_url
from .mail_tracking_check import OFFLINE

LOAD = "--load=base,rpc,web,mail,mail_activity_tracking"
LOCAL = ("localhost", "127.", "10.", "192.168.", "0.0.0.0")  # noqa: S104


class MailTrackingCheck(models.TransientModel):
    """Check whether email clients and providers can reach this database."""

    _inherit = "mail.tracking.check"

    def _check_public_address(self):
        """Yield one finding on the public URL: its worst problem, or that it works."""
        base = public_base_url(self.env)
        if is_pixel_disabled(self.env):
            yield (
                self.env._("Track Opens"),
                "warning",
                self.env._("Open tracking is disabled."),
                self.env._(
                    "Emails become Opened only through replies, read receipts and "
                    "providers. Enable Track Opens in the settings to detect more."
                ),
                "settings",
            )
        finding = self._look_at_address(base)
        if not finding and not self.env.context.get(OFFLINE):
            finding = self._try_pixel(base)
        if finding:
            yield (self.env._("Public URL"), *finding, "settings")

    def _look_at_address(self, base):
        """Return what is wrong with an address, without connecting to it.

        :return: tuple (result, finding, advice), None when it looks fine
        """
        parts = urlsplit(base)
        if (parts.hostname or "").startswith(LOCAL):
            return (
                "error",
                self.env._(
                    "%(address)s is a local address. Recipients and providers cannot "
                    "reach it.",
                    address=base,
                ),
                self.env._(
                    "Enter a URL that is reachable from the internet in Settings > "
                    "Email Tracking > Tracking URL."
                ),
            )
        if parts.scheme != "https":
            return (
                "warning",
                self.env._("%(address)s does not use HTTPS.", address=base),
                self.env._(
                    "Use HTTPS. Many email clients and providers refuse plain HTTP."
                ),
            )
        return None

    def _try_pixel(self, base):
        """Load an image with an unknown token from the public URL, as a client does."""
        path = PIXEL_ROUTE + database_key(self.env) + "a" * 26 + ".gif"
        if not modules.module.current_test:
            # Nothing is written yet, and no transaction waits for a server.
            self.env.cr.rollback()
        try:
            answer = load(base + path)
        except OSError as error:
            return (
                "error",
                self._words_of_failure(base, error),
                self.env._(
                    "Check the URL and its certificate. Behind some firewalls this "
                    "server cannot reach its own public URL: open it from outside "
                    "your network to be sure."
                ),
            )
        if answer.content_type != "image/gif":
            return (
                "error",
                self.env._(
                    "%(address)s returned %(status)s instead of the tracking image.",
                    address=base,
                    status=answer.status,
                ),
                self.env._(
                    "Make sure your proxy forwards /mail/tracking/ to Odoo. With "
                    "several databases, start Odoo with %(option)s.",
                    option=LOAD,
                ),
            )
        return "ok", self.env._("Odoo can reach %(address)s.", address=base), ""

    def _words_of_failure(self, base, error):
        """Return why the public address could not be loaded."""
        if isinstance(error, SSLError):
            return self.env._(
                "The certificate of %(address)s is not valid.", address=base
            )
        if isinstance(error, Timeout | TimeoutError):
            return self.env._("%(address)s did not respond in time.", address=base)
        return self.env._("%(address)s does not respond.", address=base)

    def _check_database(self):
        what = self.env._("Database")
        several = len(http.db_list(force=True)) > 1
        if several and "mail_activity_tracking" not in config["server_wide_modules"]:
            yield (
                what,
                "warning",
                self.env._(
                    "This server has several databases, and the module is not loaded "
                    "server-wide."
                ),
                self.env._(
                    "Start Odoo with %(option)s, or use a --db-filter that matches "
                    "one database per host name.",
                    option=LOAD,
                ),
            )
        elif len(known_keys(self.env)) > 2:  # its own, and the one from its name
            yield (
                what,
                "ok",
                self.env._(
                    "This server can assign tracking requests to this database. The "
                    "database was renamed or copied; images in earlier emails still "
                    "count."
                ),
                self.env._(
                    "If the original database still runs on this server, enter the "
                    "current webhook URLs at your email providers."
                ),
            )
        else:
            yield (
                what,
                "ok",
                self.env._(
                    "This server can assign tracking requests to this database."
                ),
                "",
            )

    def _check_jobs(self):
        what = self.env._("Scheduled Actions")
        crons = (
            "mail.ir_cron_mail_scheduler_action",
            "mail_activity_tracking.mail_tracking_webhook_cron",
            "mail_activity_tracking.mail_tracking_email_cron_mend",
        )
        jobs = [self.env.ref(cron, raise_if_not_found=False) for cron in crons]
        stopped = [cron.name for cron in jobs if cron and not cron.active]
        if stopped:
            yield (
                what,
                "error",
                self.env._(
                    "These scheduled actions are inactive: %(names)s.",
                    names=", ".join(stopped),
                ),
                self.env._("Activate them."),
                "jobs",
            )
        elif not config["max_cron_threads"]:
            yield (
                what,
                "error",
                self.env._(
                    "This server does not run scheduled actions (--max-cron-threads=0)."
                ),
                self.env._(
                    "Start Odoo with --max-cron-threads=1 or more, unless another "
                    "server runs them. Without them, queued emails and webhook "
                    "requests are not processed."
                ),
            )
        else:
            yield (
                what,
                "ok",
                self.env._("All required scheduled actions are active."),
                "",
                "jobs",
            )
