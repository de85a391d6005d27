import smtplib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...providers.registry import LABELS
from ...tools.isolated import isolated
from ...tools.params import webhook_keys
from ...tools.reports.answers import reason_of_exception


class IrMailServer(models.Model):
    """The provider behind a server, its webhook, and its support of DSN (RFC 3461)."""

    _inherit = "ir.mail_server"

    tracking_provider = fields.Selection(
        LABELS,
        "Provider",
        help="Email service behind this server. Outgoing emails get a header that lets "
        "its webhook events be matched to them. Set up the webhook under "
        "Settings > General Settings > Email Tracking.",
    )

    dsn_offer = fields.Selection(
        [("yes", "Supported"), ("no", "Not supported")],
        "Delivery Report Support",
        compute="_compute_dsn_offer",
        store=True,
        help="Whether the server supported delivery reports (DSN, RFC 3461) when last "
        "checked",
    )
    dsn_offer_seen_at = fields.Datetime(
        "Last Checked", compute="_compute_dsn_offer", store=True
    )
    tracking_webhook_address = fields.Char(
        "Webhook URL", compute="_compute_tracking_webhook"
    )
    is_tracking_webhook_open = fields.Boolean(
        "Webhook Key Set", compute="_compute_tracking_webhook"
    )
    tracking_webhook_received_at = fields.Datetime(
        "Last Event Received", compute="_compute_tracking_webhook"
    )

    @api.depends("smtp_host", "smtp_port", "smtp_encryption")
    def _compute_dsn_offer(self):
        """Forget what the previous server offered."""
        self.dsn_offer = False
        self.dsn_offer_seen_at = False

    @api.depends("tracking_provider")
    def _compute_tracking_webhook(self):
        Webhook = self.env["mail.tracking.webhook"]
        last = Webhook._last_received(self.mapped("tracking_provider"))
        for server in self:
            name = server.tracking_provider
            server.tracking_webhook_address = name and Webhook._get_address(name)
            server.is_tracking_webhook_open = bool(
                name and webhook_keys(self.env, name)
            )
            server.tracking_webhook_received_at = last.get(name)

    def _mail_tracking_look(self):
        """Connect to the server, and store whether it offers delivery reports.

        :return: whether it does
        :rtype: bool
        :raise OSError: when the server cannot be reached; core may raise other errors
        """
        self.ensure_one()
        session = self._connect__(mail_server_id=self.id, allow_archived=True)
        offers = bool(session and session.has_extn("dsn"))
        if session:
            session.quit()
        self.write(
            {
                "dsn_offer": "yes" if offers else "no",
                "dsn_offer_seen_at": fields.Datetime.now(),
            }
        )
        return offers

    def _mail_tracking_error_text(self, error):
        """Return a sentence that says why a connection failed.

        :param Exception error: raised by `smtplib`, the network or core
        """
        reason, answer = reason_of_exception(error)
        if reason is None:  # core's own words
            return answer
        labels = self.env["mail.tracking.email"]._fields["error_type"]
        label = dict(labels._description_selection(self.env))[reason]
        if isinstance(error, smtplib.SMTPResponseException):
            return self.env._(
                "%(reason)s. The server responded: %(answer)s",
                reason=label,
                answer=isolated(answer),
            )
        return f"{label}."

    # === ACTIONS ===#
    def action_mail_tracking_look(self):
        """Check whether the server offers delivery reports.

        :raise UserError: when it cannot be reached
        """
        self.check_access("write")
        try:
            self._mail_tracking_look()
        except (OSError, UnicodeError) as error:
            raise UserError(
                self.env._(
                    "%(error)s Check the host, port and encryption with Test "
                    "Connection.",
                    error=self._mail_tracking_error_text(error),
                )
            ) from error

    def action_mail_tracking_provider(self):
        """Show the page on which the webhook of the server's provider is set up."""
        self.ensure_one()
        return self.env["mail.tracking.provider"]._action_open(self.tracking_provider)
