from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..providers.contract import Step
from ..providers.registry import LABELS, PROVIDERS
from ..tools.isolated import isolated
from ..tools.params import WEBHOOK_KEY, webhook_keys

# How many reports of the last request are shown.
SHOWN = 10
# A step, with a link to the page of the provider that describes it.
LINKED_STEP = Markup(
    '<li>%(text)s <a href="%(page)s" target="_blank" rel="noopener" title="%(title)s">'
    '<i class="fa fa-external-link" role="img" aria-label="%(title)s"></i></a></li>'
)


class MailTrackingProvider(models.TransientModel):
    """The page on which the webhook of a provider is set up.

    Nothing is kept in it: the key is a system parameter.
    """

    _name = "mail.tracking.provider"
    _description = "Email Provider"
    _order = "id"

    provider = fields.Selection(LABELS, required=True, readonly=True)
    address = fields.Char("Webhook URL", compute="_compute_address")
    key_help = fields.Char("Key to Enter", compute="_compute_address")
    key = fields.Char(
        "Webhook Key",
        compute="_compute_key",
        inverse="_inverse_key",
        help=(
            "To rotate the key, enter the old and the new one separated by a comma. "
            "Without a key, all requests are refused."
        ),
    )
    is_open = fields.Boolean("Enabled", compute="_compute_key")
    steps = fields.Html("Setup Steps", compute="_compute_steps", sanitize=False)
    received_at = fields.Datetime("Last Event Received", compute="_compute_received_at")
    match = fields.Selection(
        [("some", "Matched"), ("none", "No match")],
        "Email Match",
        compute="_compute_match",
    )
    match_note = fields.Char("Reports", compute="_compute_match")
    last_request = fields.Text(compute="_compute_match")
    server_ids = fields.Many2many(
        "ir.mail_server", string="Outgoing Mail Servers", compute="_compute_server_ids"
    )

    @api.depends("provider")
    def _compute_display_name(self):
        for page in self:
            page.display_name = PROVIDERS[page.provider].label

    @api.depends("provider")
    def _compute_address(self):
        Webhook = self.env["mail.tracking.webhook"]
        for page in self:
            page.address = Webhook._get_address(page.provider)
            page.key_help = self.env._(PROVIDERS[page.provider].key_help)

    @api.depends("provider")
    def _compute_key(self):
        for page in self:
            keys = webhook_keys(self.env, page.provider)
            page.key = ", ".join(keys)
            page.is_open = bool(keys)

    def _inverse_key(self):
        parameters = self.env["ir.config_parameter"]
        for page in self:
            parameters.set_param(WEBHOOK_KEY + page.provider, page.key or False)

    @api.depends("provider")
    @api.depends_context("lang")
    def _compute_steps(self):
        server = self.env._(
            "Select this provider on the Tracking tab of the outgoing mail server."
        )
        test = self.env._("Send a test email. The provider's reports appear here.")
        for page in self:
            provider = PROVIDERS[page.provider]
            steps = [
                Step(server, provider.smtp_page),
                *(Step(self.env._(text), where) for text, where in provider.steps),
                Step(test),
            ]
            page.steps = Markup('<ol class="mb-1">%s</ol>') % Markup().join(
                LINKED_STEP
                % {
                    "text": text,
                    "page": where or provider.page,
                    "title": self.env._("Provider documentation"),
                }
                for text, where in steps
            )

    @api.depends("provider")
    def _compute_match(self):
        """Compute whether requests match our emails, and how the last one was read."""
        Webhook = self.env["mail.tracking.webhook"]
        for page in self:
            count, matched = Webhook._count_last(page.provider)
            page.match = count and ("some" if matched else "none")
            page.match_note = count and self.env._(
                "%(matched)s of the last %(count)s requests are about emails of this "
                "database.",
                matched=matched,
                count=count,
            )
            last = Webhook.search([("provider", "=", page.provider)], limit=1)
            page.last_request = last and page._describe(last)

    def _describe(self, request):
        """Return the contents of a request as text, a line for each report."""
        labels = self.env["mail.tracking.event"]._fields["event_type"]
        kinds = dict(labels._description_selection(self.env))
        lines = []
        for report, why_not in request._understand()[:SHOWN]:
            if report:
                title = f"{kinds[report.event_type]}, {isolated(report.recipient)}"
            else:
                title = self.env._("A report")
            lines.append(f"{title}: {why_not or self.env._('matched')}")
        return "\n".join(lines) or self.env._("The request is not about an email.")

    @api.depends("provider")
    def _compute_received_at(self):
        last = self.env["mail.tracking.webhook"]._last_received(self.mapped("provider"))
        for page in self:
            page.received_at = last.get(page.provider)

    @api.depends("provider")
    def _compute_server_ids(self):
        for page in self:
            page.server_ids = self.env["ir.mail_server"].search(
                [("tracking_provider", "=", page.provider)]
            )

    @api.model
    def action_open_pages(self):
        """Show all providers; those with a webhook key come first."""
        names = sorted(PROVIDERS, key=lambda name: not webhook_keys(self.env, name))
        pages = self.create([{"provider": name} for name in names])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Email Providers"),
            "res_model": self._name,
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", pages.ids)],
        }

    @api.model
    def _action_open(self, provider):
        """Return the action that shows the page of a provider.

        :param str provider: name in `PROVIDERS`
        """
        return {
            "type": "ir.actions.act_window",
            "name": PROVIDERS[provider].label,
            "res_model": self._name,
            "res_id": self.create({"provider": provider}).id,
            "views": [[False, "form"]],
        }

    def action_send_test(self):
        """Open the test email, to be sent through a server of the provider.

        :raise UserError: when no outgoing server has this provider
        """
        self.ensure_one()
        if not self.server_ids:
            raise UserError(
                self.env._(
                    "Select this provider on the Tracking tab of the outgoing mail "
                    "server first."
                )
            )
        Test = self.env["mail.tracking.test.mail"]
        test = Test.create({"mail_server_id": self.server_ids[0].id})
        return {**Test.action_open_test(), "res_id": test.id}

    def action_open_requests(self):
        """Show the recent requests of the provider."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mail_activity_tracking.mail_tracking_webhook_action"
        )
        return {**action, "domain": [("provider", "=", self.provider)]}
