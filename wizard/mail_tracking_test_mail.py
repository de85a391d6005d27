import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import vocabulary
from ..tools.params import is_pixel_disabled, public_base_url
from ..tools.states import FAILED_STATES, advice_of
from ..tools.vocabulary import STATUSES

NEW = "new"
# Failures are the last ones.
_STATUSES = sorted((s for s in STATUSES if s.is_tracked), key=lambda s: s.is_failed)
STEPS = [(NEW, "New"), *((status.code, status.label) for status in _STATUSES)]
# A server's answer begins with its code (RFC 5321, section 4.2), unlike an exception.
IS_ANSWER = re.compile(r"\d{3}[ -]")


class MailTrackingTestMail(models.TransientModel):
    """An email to the current user that shows which steps of tracking work."""

    _name = "mail.tracking.test.mail"
    _description = "Test Email"
    _rec_name = "email"

    email = fields.Char("To", compute="_compute_email", help="Your own email address")
    mail_server_id = fields.Many2one(
        "ir.mail_server",
        "Outgoing Mail Server",
        domain=[("owner_user_id", "=", False)],
        help="Leave empty to use the default server",
    )
    tracking_id = fields.Many2one("mail.tracking.email", "Tracked Email", readonly=True)
    event_ids = fields.One2many(related="tracking_id.tracking_event_ids")
    step = fields.Selection(STEPS, compute="_compute_step")
    has_failed = fields.Boolean(compute="_compute_step")
    is_going_on = fields.Boolean("In Progress", compute="_compute_step")
    reason = fields.Char(compute="_compute_step")
    advice = fields.Char("Next Step", compute="_compute_step")
    response = fields.Char("Server Response", compute="_compute_step")

    @api.depends_context("uid")
    def _compute_email(self):
        self.email = self.env.user.email

    @api.depends("tracking_id.state")
    def _compute_step(self):
        for test in self:
            state = test.tracking_id.state or NEW
            test.has_failed = state in FAILED_STATES or state == "canceled"
            test.step = vocabulary.STATE_BY_CODE[state].status if state != NEW else NEW
            test.is_going_on = (
                test.tracking_id and not test.has_failed and test.step != "opened"
            )
            test.reason = test.has_failed and test._get_reason()
            response = test.tracking_id.error_description or ""
            test.response = IS_ANSWER.match(response) and response
            test.advice = test._get_advice(state)

    def _get_reason(self):
        """Return in words why the mail failed, as lists show it."""
        state, reason = self._get_label("state"), self._get_label("error_type")
        if not reason or self.tracking_id.error_type == "unknown":
            return f"{state}."
        return f"{state}. {reason}."

    def _get_label(self, name):
        """Return the label of the value of a selection of the tracking."""
        field = self.tracking_id._fields[name]
        labels = dict(field._description_selection(self.env))
        return labels.get(self.tracking_id[name])

    def _get_advice(self, state):
        """Return a sentence on what is missing for the next step."""
        if self.has_failed:
            return self.env._(advice_of(state, self.tracking_id.error_type))
        advice = {
            NEW: self._get_advice_new(),
            "waiting": self.env._(
                "The email is queued. If it stays there, check that scheduled actions"
                " run on this server."
            ),
            "deferred": self.env._(
                "Your mail server could not deliver the email yet and is still "
                "retrying."
            ),
            "delivered": self._get_advice_delivered(),
            "opened": self.env._("Tracking works. The email was opened."),
        }
        return advice.get(state) or self._get_advice_sent()

    def _get_advice_new(self):
        if not self.env.user.email:
            return self.env._(
                "Your user has no email address. Enter one in My Preferences, then "
                "send the test email."
            )
        return self.env._("Send yourself an email and watch each tracking step here.")

    def _get_advice_sent(self):
        server = self.tracking_id and self._get_server()
        if server.tracking_provider:
            label = dict(server._fields["tracking_provider"].selection)
            return self.env._(
                "%(provider)s accepted the email. It becomes Delivered once the "
                "webhook reports it. If nothing arrives, check the webhook URL and "
                "key under Email Providers.",
                provider=label[server.tracking_provider],
            )
        if server.dsn_request == "all" and server.dsn_offer != "no":
            return self.env._(
                "Your mail server accepted the email. It becomes Delivered once a "
                "delivery report arrives. If none arrives, run the diagnostics."
            )
        return self.env._(
            "Your mail server accepted the email. It is not asked to report "
            "deliveries, so the email stays Sent until you open it."
        )

    def _get_server(self):
        """Return the server that the mail is sent through, as core chooses it."""
        if self.mail_server_id:
            return self.mail_server_id
        server, _email_from = self.env["ir.mail_server"]._find_mail_server(
            self.env.user.email_formatted
        )
        return server or self.env["ir.mail_server"]

    def _get_advice_delivered(self):
        if is_pixel_disabled(self.env):
            return self.env._(
                "The email was delivered. Open tracking is disabled: it becomes "
                "Opened only through a reply, a read receipt or the provider."
            )
        return self.env._(
            "The email was delivered. Open it and allow images, which are loaded from"
            " %(address)s.",
            address=public_base_url(self.env),
        )

    # === ACTIONS ===#
    @api.model
    def action_open_test(self):
        """Show the page."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test Email"),
            "res_model": self._name,
            "views": [[False, "form"]],
            "target": "new",
        }

    def action_open_server(self):
        """Open the page of the outgoing server, or the list of servers without one."""
        self.ensure_one()
        xml_id = "base.action_ir_mail_server_list"
        action = self.env["ir.actions.actions"]._for_xml_id(xml_id)
        if server := self._get_server():
            action |= {"res_id": server.id, "views": [[False, "form"]]}
        return action

    def action_send(self):
        """Send the mail, to the current user only, and show how far it gets."""
        self.ensure_one()
        self.check_access("write")
        user = self.env.user
        if not user.email:
            raise UserError(self._get_advice_new())
        mail = self.env["mail.mail"].create(
            {
                "subject": self.env._("Email tracking test"),
                "body_html": Markup("<p>%s</p>")
                % self.env._("This email checks that email tracking works."),
                "recipient_ids": user.partner_id.ids,
                "email_from": user.email_formatted,
                "mail_server_id": self.mail_server_id.id,
            }
        )
        self.tracking_id = self.env["mail.tracking.email"].search(
            [("mail_id", "=", mail.id)], limit=1
        )
        mail.send_after_commit()
        return {**self.action_open_test(), "res_id": self.id}
