from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL, format_datetime

from ..providers.registry import PROVIDERS
from ..tools.isolated import isolated
from ..tools.params import webhook_keys
from .mail_tracking_check import OFFLINE

RECENTLY = timedelta(days=30)


class MailTrackingCheck(models.TransientModel):
    """Check whether reports of mail servers and providers come back."""

    _inherit = "mail.tracking.check"

    def _check_bounce_address(self):
        what = self.env._("Bounce Address")
        companies = self.env.companies
        domains = companies.alias_domain_id.filtered("bounce_email")
        for company in companies.filtered(lambda c: c.alias_domain_id not in domains):
            yield (
                what,
                "warning",
                self.env._(
                    "%(company)s has no bounce address.", company=isolated(company.name)
                ),
                self.env._(
                    "Set an alias domain in the settings. Without it, bounces and "
                    "delivery reports go to the author instead of Odoo."
                ),
                "settings",
            )
        for domain in domains:
            yield (
                what,
                "ok",
                self.env._(
                    "Delivery reports are sent to %(address)s.",
                    address=isolated(domain.bounce_email),
                ),
                "",
                "aliases",
            )

    def _check_incoming(self):
        what = self.env._("Incoming Email")
        last = self._last_event(SQL("source IN ('dsn', 'mdn', 'arf', 'gateway')"))
        if last:
            seen = format_datetime(self.env, last)
            yield (
                what,
                "ok",
                self.env._(
                    "The last report or reply was received on %(moment)s.", moment=seen
                ),
                "",
                "incoming",
            )
        elif self.env["fetchmail.server"].search_count(
            [("state", "=", "done")], limit=1
        ):
            yield (
                what,
                "warning",
                self.env._(
                    "An incoming mail server is active, but no report or reply was "
                    "received in 30 days."
                ),
                self.env._(
                    "Email an address that does not exist. The bounce must reach the "
                    "mailbox that Odoo fetches."
                ),
                "incoming",
            )
        else:
            yield (
                what,
                "warning",
                self.env._(
                    "No incoming mail server is set up, and no report or reply was "
                    "received in 30 days."
                ),
                self.env._(
                    "Set up an incoming mail server, or route the bounce address to "
                    "Odoo's mail gateway."
                ),
                "incoming",
            )

    def _last_event(self, condition):
        """Return the time of the last event in the last days, None without one.

        :param SQL condition: on the events
        """
        self.env.cr.execute(
            SQL(
                "SELECT max(time) FROM mail_tracking_event WHERE time > %s AND %s",
                fields.Datetime.now() - RECENTLY,
                condition,
            )
        )
        return self.env.cr.fetchone()[0]

    def _check_servers(self):
        servers = self.env["ir.mail_server"].search([("owner_user_id", "=", False)])
        for server in servers:
            what = self.env._(
                "Outgoing Mail Server: %(name)s", name=isolated(server.name)
            )
            yield what, *self._try_server(server), f"server,{server.id}"
        if not servers:
            yield (
                self.env._("Outgoing Mail Server"),
                "warning",
                self.env._(
                    "No outgoing mail server is set up. Emails are sent through the "
                    "server configured in odoo.conf or on the command line."
                ),
                self.env._(
                    "Delivery reports are never requested from it. Set up an outgoing"
                    " mail server to get them."
                ),
                "server",
            )

    def _try_server(self, server):
        """Connect to a server, and find out what it can report."""
        if server.tracking_provider:
            return self._look_at_provider(server)
        offers = server.dsn_offer == "yes"
        if not self.env.context.get(OFFLINE):
            # Whatever goes wrong is the finding.
            # nosemgrep: broad-except
            try:
                offers = server._mail_tracking_look()
            except Exception as error:  # noqa: BLE001
                advice = self.env._("Open the server and click Test Connection.")
                return "error", server._mail_tracking_error_text(error), advice
        elif not server.dsn_offer:
            return (
                "warning",
                self.env._("The server has not been checked yet."),
                self.env._("Run the diagnostics."),
            )
        return self._look_at_offer(server, offers)

    def _look_at_provider(self, server):
        """Return whether the webhook of the server's provider has a key."""
        label = PROVIDERS[server.tracking_provider].label
        if webhook_keys(self.env, server.tracking_provider):
            text = self.env._(
                "The provider is %(provider)s, and its webhook key is set.",
                provider=label,
            )
            return "ok", text, ""
        return (
            "error",
            self.env._(
                "The provider is %(provider)s, but its webhook key is not set. "
                "Requests are refused.",
                provider=label,
            ),
            self.env._("Click Set Up Webhook on the Tracking tab of the server."),
        )

    def _look_at_offer(self, server, offers):
        """Return whether a server that answers can report, and is asked to."""
        if not offers:
            return (
                "warning",
                self.env._("The server does not support delivery reports."),
                self.env._(
                    "Emails stay Sent until they are opened. If the server belongs to"
                    " an email provider, select it on the Tracking tab and set up its"
                    " webhook."
                ),
            )
        if server.dsn_request != "all":
            return (
                "warning",
                self.env._(
                    "The server supports delivery reports, but successful deliveries "
                    "are not requested."
                ),
                self.env._(
                    "Request deliveries too, on the Tracking tab of the server."
                ),
            )
        return (
            "ok",
            self.env._("The server is asked to report failures and deliveries."),
            "",
        )

    def _check_providers(self):
        """Check each webhook that has a key."""
        Page = self.env["mail.tracking.provider"]
        for name, provider in PROVIDERS.items():
            if webhook_keys(self.env, name):
                what = self.env._("Webhook: %(name)s", name=provider.label)
                finding = self._look_at_webhook(Page.new({"provider": name}))
                yield (what, *finding, f"provider,{name}")

    def _look_at_webhook(self, page):
        """Return the finding on the requests of a provider."""
        Webhook = self.env["mail.tracking.webhook"]
        pending = Webhook.search_count(
            [
                ("provider", "=", page.provider),
                ("state", "=", "pending"),
                ("received_at", "<", fields.Datetime.now() - timedelta(minutes=10)),
            ]
        )
        if pending:
            return (
                "error",
                self.env._("%(count)s webhook requests are pending.", count=pending),
                self.env._("Check that scheduled actions run on this server."),
            )
        if page.match == "none":
            return (
                "error",
                self.env._(
                    "None of the last webhook requests (%(count)s) is about an email "
                    "of this database.",
                    count=Webhook._count_last(page.provider)[0],
                ),
                self.env._("Open the provider to see why."),
            )
        if page.received_at:
            text = self.env._(
                "The last request was received on %(moment)s.",
                moment=format_datetime(self.env, page.received_at),
            )
            return "ok", text, ""
        return (
            "warning",
            self.env._("No request has been received yet."),
            self.env._(
                "Enter the webhook URL %(address)s at the provider.",
                address=page.address,
            ),
        )
