from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.params import is_pixel_disabled, public_base_url
from ..tools.states import FAILED_STATES

STEPS = [
    ("new", "New"),
    ("waiting", "Waiting"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("opened", "Opened"),
]
STEP_OF_STATE = {"deferred": "sent", "unsub": "opened"}


class MailTrackingTestMail(models.TransientModel):
    """A mail to oneself that shows how far tracking works, and what is missing."""

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
    tracking_id = fields.Many2one("mail.tracking.email", readonly=True)
    event_ids = fields.One2many(related="tracking_id.tracking_event_ids")
    step = fields.Selection(STEPS, compute="_compute_step")
    has_failed = fields.Boolean(compute="_compute_step")
    is_going_on = fields.Boolean(compute="_compute_step")
    advice = fields.Char("Next Step", compute="_compute_step")

    @api.depends_context("uid")
    def _compute_email(self):
        self.email = self.env.user.email

    @api.depends("tracking_id.state")
    def _compute_step(self):
        known = dict(STEPS)
        for test in self:
            state = test.tracking_id.state or "new"
            test.has_failed = state in FAILED_STATES or state == "canceled"
            step = STEP_OF_STATE.get(state, state)
            test.step = step if step in known else "waiting"
            test.is_going_on = (
                test.tracking_id and not test.has_failed and test.step != "opened"
            )
            test.advice = test._get_advice(state)

    def _get_advice(self, state):
        """Say in a sentence what is missing for the next step."""
        if self.has_failed:
            return self.tracking_id.error_description or self.env._(
                "The email failed. See the events below."
            )
        advice = {
            "new": self.env._(
                "Send yourself an email and watch each tracking step here."
            ),
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

    def _get_advice_sent(self):
        server = self.tracking_id and self.mail_server_id
        if server.tracking_provider:
            label = dict(server._fields["tracking_provider"].selection)
            return self.env._(
                "%(provider)s accepted the email. It becomes Delivered once the "
                "webhook reports it. If nothing arrives, check the webhook URL and "
                "key under Email Providers.",
                provider=label[server.tracking_provider],
            )
        return self.env._(
            "Your mail server accepted the email. It becomes Delivered once a "
            "delivery report arrives. If none arrives, run the diagnostics."
        )

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

    def action_send(self):
        """Send the mail, to nobody but the user himself; show how far it comes."""
        self.ensure_one()
        user = self.env.user
        if not user.email:
            raise UserError(self.env._("Your contact has no email address."))
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
