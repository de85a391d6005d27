from odoo import fields, models
from odoo.tools import SQL

from ...tools.states import FAILED_STATES, STATE_RANK, STORED_STATES

# States of mails that a server has accepted; `error` ranks higher but is not one.
SENT_STATES = tuple(
    state
    for state, rank in STATE_RANK.items()
    if rank >= STATE_RANK["sent"] and state != "error"
)
OPENED_STATES = ("opened", "unsub")
# A recipient who complains has received the email.
DELIVERED_STATES = ("delivered", *OPENED_STATES, "spam")


class MailTrackingStatistics(models.Model):
    """How many emails were sent, delivered, opened and failed: a row per recipient.

    Computed from the trackings on demand; nothing is counted in advance.
    """

    _name = "mail.tracking.statistics"
    _description = "Email Statistics"
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "mail.tracking.email": [
            *("name", "sender", "recipient", "recipient_address", "partner_id"),
            *("model", "company_id", "state", "outranked"),
        ],
    }

    name = fields.Char("Subject", readonly=True)
    date = fields.Datetime(readonly=True)
    sender = fields.Char(readonly=True)
    recipient = fields.Char(readonly=True)
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True)
    recipient_domain = fields.Char("Domain of Recipient", readonly=True)
    server = fields.Char(
        "Outgoing Mail Server",
        readonly=True,
        help="Host name of the server that the latest attempt was handed to",
    )
    model_id = fields.Many2one("ir.model", "Document Type", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    state = fields.Selection(STORED_STATES, readonly=True)
    email_count = fields.Integer(
        "Emails", readonly=True, help="One per recipient, except cancelled emails"
    )
    sent_count = fields.Integer(
        "Sent", readonly=True, help="Accepted by the outgoing server"
    )
    delivered_count = fields.Integer(
        "Delivered",
        readonly=True,
        help="Delivery confirmed by a report, or proved by opening",
    )
    opened_count = fields.Integer("Opened", readonly=True, help="Open detected")
    failed_count = fields.Integer(
        "Failed", readonly=True, help="Not sent, rejected, bounced or marked as spam"
    )

    @property
    def _table_query(self):
        """Return one plain SELECT: PostgreSQL computes only the columns asked for.

        The server is a subquery for this reason: PostgreSQL would execute a JOIN with
        the events even where nobody asks for the server.
        """
        return SQL(
            """
            SELECT tracking.id, tracking.name, tracking.create_date AS date,
                   tracking.sender, tracking.recipient, tracking.partner_id,
                   tracking.company_id, tracking.state,
                   nullif(split_part(tracking.recipient_address, '@', 2), '')
                   AS recipient_domain,
                   (SELECT id FROM ir_model WHERE ir_model.model = tracking.model)
                   AS model_id,
                   (SELECT event.server
                      FROM mail_tracking_event event
                     WHERE event.tracking_email_id = tracking.id
                       AND event.source = 'smtp'
                  ORDER BY event.attempt DESC, event.id DESC
                     LIMIT 1) AS server,
                   1 AS email_count,
                   (tracking.state IN %(sent)s)::integer AS sent_count,
                   (tracking.state IN %(delivered)s)::integer AS delivered_count,
                   (tracking.state IN %(opened)s)::integer AS opened_count,
                   (tracking.state IN %(failed)s)::integer AS failed_count
              FROM mail_tracking_email tracking
             WHERE tracking.state <> 'canceled' AND tracking.outranked IS NOT TRUE
            """,
            sent=SENT_STATES,
            delivered=DELIVERED_STATES,
            opened=OPENED_STATES,
            failed=FAILED_STATES,
        )

    def action_open_email(self):
        """Open the tracked email with its timeline."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.tracking.email",
            "res_id": self.id,
            "views": [[False, "form"]],
        }
