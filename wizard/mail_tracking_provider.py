from odoo import api, fields, models

from ..providers.registry import LABELS, PROVIDERS
from ..tools.params import WEBHOOK_KEY, webhook_keys


class MailTrackingProvider(models.TransientModel):
    """The page on which the webhook of a provider is set up.

    Nothing is kept in it: the key is a system parameter.
    """

    _name = "mail.tracking.provider"
    _description = "Mail Provider"
    _order = "id"

    provider = fields.Selection(LABELS, required=True, readonly=True)
    address = fields.Char("Webhook Address", compute="_compute_address")
    key_help = fields.Char("Which Key", compute="_compute_address")
    key = fields.Char(
        compute="_compute_key",
        inverse="_inverse_key",
        help="Two keys, with a comma between them, are both good while you change one. "
        "Without a key the webhook is closed.",
    )
    is_open = fields.Boolean("Open", compute="_compute_key")
    received_at = fields.Datetime("Last Event Received", compute="_compute_received_at")
    server_ids = fields.Many2many(
        "ir.mail_server", string="Outgoing Servers", compute="_compute_server_ids"
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
            page.key_help = PROVIDERS[page.provider].key_help

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
        """Show all providers, with what is set up and what came in."""
        pages = self.create([{"provider": name} for name in PROVIDERS])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mail providers"),
            "res_model": self._name,
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", pages.ids)],
        }

    def action_open_requests(self):
        """Show what the provider has sent lately."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mail_activity_tracking.mail_tracking_webhook_action"
        )
        return {**action, "domain": [("provider", "=", self.provider)]}
