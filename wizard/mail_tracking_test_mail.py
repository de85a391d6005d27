from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.params import is_pixel_disabled, public_base_url
from ..tools.states import FAILED_STATES

STEPS = [
    ("new", "To Send"),
    ("waiting", "Waiting"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("opened", "Opened"),
]
STEP_OF_STATE = {"deferred": "sent", "unsub": "opened"}


class MailTrackingTestMail(models.TransientModel):
    """A mail to oneself that shows how far tracking works, and what is missing."""

    _name = "mail.tracking.test.mail"
    _description = "Test Mail"
    _rec_name = "email"

    email = fields.Char(
        "To", compute="_compute_email", help="Your own address, from your contact"
    )
    mail_server_id = fields.Many2one(
        "ir.mail_server",
        "Outgoing Server",
        domain=[("owner_user_id", "=", False)],
        help="Empty: the server that your mails usually go through",
    )
    tracking_id = fields.Many2one("mail.tracking.email", readonly=True)
    event_ids = fields.One2many(related="tracking_id.tracking_event_ids")
    step = fields.Selection(STEPS, compute="_compute_step")
    has_failed = fields.Boolean(compute="_compute_step")
    is_going_on = fields.Boolean(compute="_compute_step")
    advice = fields.Char("What Next", compute="_compute_step")

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
                "It was not sent: see the steps below."
            )
        advice = {
            "new": self.env._(
                "Send the mail, then watch here how far its tracking comes."
            ),
            "waiting": self.env._(
                "The mail is in the queue. When it stays there, look whether scheduled "
                "actions run on this server."
            ),
            "deferred": self.env._(
                "Your mail server could not deliver it yet, and goes on trying."
            ),
            "delivered": self._get_advice_delivered(),
            "opened": self.env._("Every step works."),
        }
        return advice.get(state) or self._get_advice_sent()

    def _get_advice_sent(self):
        server = self.tracking_id and self.mail_server_id
        if server.tracking_provider:
            label = dict(server._fields["tracking_provider"].selection)
            return self.env._(
                "%(provider)s has taken the mail. Delivered comes with its webhook: "
                "see its key and address under Mail providers.",
                provider=label[server.tracking_provider],
            )
        return self.env._(
            "Your mail server has taken the mail. Delivered comes when the server can "
            "report deliveries and is asked to: see the diagnosis."
        )

    def _get_advice_delivered(self):
        if is_pixel_disabled(self.env):
            return self.env._(
                "It has arrived. The tracking image is switched off: Opened only comes "
                "with a reply, a read receipt or a provider."
            )
        return self.env._(
            "It has arrived. Open it in your mail program and let it show pictures: "
            "they are loaded from %(address)s.",
            address=public_base_url(self.env),
        )

    # === ACTIONS ===#
    @api.model
    def action_open_test(self):
        """Show the page."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test mail to myself"),
            "res_model": self._name,
            "views": [[False, "form"]],
            "target": "new",
        }

    def action_send(self):
        """Send the mail, to nobody but the user himself; show how far it comes."""
        self.ensure_one()
        user = self.env.user
        if not user.email:
            raise UserError(self.env._("Your contact has no e-mail address."))
        mail = self.env["mail.mail"].create(
            {
                "subject": self.env._("Test of mail tracking"),
                "body_html": Markup("<p>%s</p>")
                % self.env._("This mail shows how far the tracking of mails works."),
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
