import base64
import os

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import email_normalize_all

from ...tools.isolated import isolated
from ...tools.mail_state_sql import COUNTS
from ...tools.readable_sql import readable_domains
from ...tools.recipients import Recipient, recipient_key
from ...tools.states import FAILED_STATES, REASONS, STORED_STATES


class MailTrackingEmail(models.Model):
    """The outcome of one mail for one of its recipients.

    A tracking outlives its mail and, for many mails, the message. Everything that a
    reader needs is copied into it.
    """

    _name = "mail.tracking.email"
    _inherit = ["mail.tracking.readable.mixin"]
    _description = "Email Tracking"
    _order = "id desc"
    _readable_with = "mail_message_id"

    # === WHAT WAS SENT ===#
    name = fields.Char("Subject", readonly=True)
    sender = fields.Char(readonly=True)
    message_id = fields.Char("Message-Id", readonly=True, help="RFC 5322 Message-ID")
    mail_message_id = fields.Many2one(
        "mail.message",
        "Message",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="Empty when the message is deleted after sending",
    )
    # No foreign key: deleting a sent mail would update this row in the transaction
    # that has just sent it, and a concurrent open would make Odoo send it again.
    mail_id = fields.Integer(
        "Outgoing Email ID",
        index="btree_not_null",
        readonly=True,
        help="ID of the latest outgoing email (mail.mail)",
    )
    model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Document", model_field="model", readonly=True, aggregator=None
    )
    document_type = fields.Char(
        compute="_compute_document_type", search="_search_document_type"
    )
    company_id = fields.Many2one("res.company", readonly=True)
    # True for user notifications, which no chatter shows; empty for the others.
    notifies_only = fields.Boolean("User Notification", readonly=True)
    author_id = fields.Many2one(
        "res.partner",
        "Failure Shown To",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help=(
            "Author who sees this failure in Discuss. Empty when the message has no "
            "document or is a user notification, as in Odoo's own failure list."
        ),
    )

    # === TO WHOM ===#
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    recipient = fields.Char(readonly=True, help="Recipient as written in the email")
    recipient_address = fields.Char(
        "Normalized Email",
        readonly=True,
        help="Email address used to match contacts, in lowercase",
    )
    # NULL in nearly all rows, like `outranked` for merged contacts.
    other_addresses = fields.Char(
        readonly=True,
        help="Other normalized addresses that attempts used, separated by commas: a"
        " contact may have several addresses, or a corrected one",
    )
    outranked = fields.Boolean(
        readonly=True,
        help="Contacts were merged, and another tracking of the same message is shown"
        " instead",
    )
    recipient_type = fields.Selection(
        [("to", "To"), ("cc", "Cc")], default="to", readonly=True
    )

    # === WHAT BECAME OF IT ===#
    state = fields.Selection(
        STORED_STATES, default="waiting", required=True, readonly=True
    )
    state_time = fields.Datetime(
        "Updated On", readonly=True, help="When the email reached this state"
    )
    attempt = fields.Integer(default=1, required=True, readonly=True, aggregator=None)
    error_type = fields.Selection(
        REASONS, "Reason", readonly=True, help="Why the email failed or was not sent"
    )
    error_description = fields.Text("Server Response", readonly=True)
    open_count = fields.Integer("Opens", readonly=True)
    first_open = fields.Datetime("First Opened On", readonly=True)
    last_open = fields.Datetime("Last Opened On", readonly=True)
    reviewed = fields.Boolean(
        readonly=True, help="A user reviewed this failure: it is no longer listed"
    )
    is_failed = fields.Boolean(
        "Failed", compute="_compute_is_failed", search="_search_is_failed"
    )
    tracking_event_ids = fields.One2many(
        "mail.tracking.event", "tracking_email_id", "Timeline", readonly=True
    )

    # === THE PIXEL ===#
    # One per SMTP message: it cannot tell recipients of the same message apart.
    token = fields.Char(copy=False, readonly=True, groups="base.group_system")
    # Number of hits of any kind, to limit what a hit may write.
    hit_count = fields.Integer("Image Loads", readonly=True, groups="base.group_system")
    last_hit = fields.Datetime(
        "Last Image Load", readonly=True, groups="base.group_system"
    )
    # The strongest class of evidence so far; classes that prove nothing are not kept.
    best_evidence = fields.Char(readonly=True, groups="base.group_system")

    # Half as large as a btree, and cheaper to insert into: tokens are random.
    _token = models.Index("USING hash (token)")
    # For mails whose message is gone: all others are found by their message.
    _message_id = models.Index("(message_id) WHERE mail_message_id IS NULL")
    # The id first: it is compared faster than the model name.
    _document = models.Index(
        "(res_id, model, mail_message_id DESC) INCLUDE (state, error_type)"
        f" WHERE {COUNTS}"
    )
    _document_failed = models.Index(
        "(model, res_id, mail_message_id) INCLUDE (state, error_type)"
        f" WHERE {COUNTS} AND state IN {FAILED_STATES}"
    )
    _waiting = models.Index("(id) WHERE state = 'waiting'")
    # For employees: the page of failures, and the count of those that they may read.
    _failed = models.Index(
        f"(id) INCLUDE (mail_message_id) WHERE state IN {FAILED_STATES}"
    )
    # Finds the pixels of one message that were loaded at the same moment.
    _hits = models.Index("(mail_message_id, last_hit) WHERE last_hit IS NOT NULL")

    @api.depends("state")
    def _compute_is_failed(self):
        for tracking in self:
            tracking.is_failed = tracking.state in FAILED_STATES

    def _search_is_failed(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("state", "in", FAILED_STATES)
        return (domain if True in value else Domain.FALSE) | (
            ~domain if False in value else Domain.FALSE
        )

    @api.depends("model")
    @api.depends_context("lang")
    def _compute_document_type(self):
        IrModel = self.env["ir.model"]
        for tracking in self:
            # sudo: employees may not read the names of models
            model = tracking.model and IrModel._get(tracking.model).sudo()
            # A module that was uninstalled leaves no name.
            tracking.document_type = model and (model.name or tracking.model)

    def _search_document_type(self, operator, value):
        if operator != "in":
            return Domain("model", "in", self._models_named(operator, value))
        names = [name for name in value if name]
        of_names = Domain("model", "in", self._models_named("in", names))
        return of_names | Domain("model", "=", False) if False in value else of_names

    def _models_named(self, operator, value):
        # sudo: as above
        return (
            self.env["ir.model"]
            .sudo()
            .search([("name", operator, value)])
            .mapped("model")
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Support grouping by the type of the document, which has no column."""
        if field_expr != "document_type":
            return super()._field_to_sql(alias, field_expr, query)
        # sudo: as above
        name = self.env["ir.model"].sudo()._field_to_sql("named", "name")
        return SQL(
            "(SELECT %s FROM ir_model named WHERE named.model = %s)",
            name,
            SQL.identifier(alias, "model"),
        )

    @api.depends("name", "recipient_address", "recipient")
    def _compute_display_name(self):
        for tracking in self:
            address = tracking.recipient_address or tracking.recipient
            parts = [isolated(tracking.name), isolated(address)]
            tracking.display_name = " – ".join(filter(None, parts)) or str(tracking.id)

    @api.model
    def _readable_domains(self):
        return readable_domains(self, "mail_message_id")

    @api.model
    def _new_token(self):
        """Return 128 random bits as 26 characters that any header or URL may hold."""
        return base64.b32encode(os.urandom(16)).decode().rstrip("=").lower()

    @api.model
    def _move_with_messages(self, messages):
        """Move trackings to the documents that their messages belong to now."""
        messages.flush_recordset(["model", "res_id"])
        moved = self.search([("mail_message_id", "in", messages.ids)])
        for message, trackings in moved.grouped("mail_message_id").items():
            trackings.write({"model": message.model, "res_id": message.res_id})
        if failed := moved.filtered("is_failed"):
            failed._notify_failed()

    @api.model
    def _move_without_message(self, documents):
        """Move trackings whose message is gone, after documents were merged.

        :param dict documents: tuple (model, id) to the tuple that takes its place
        """
        for (model, res_id), (new_model, new_id) in documents.items():
            self.search(
                [
                    ("mail_message_id", "=", False),
                    ("model", "=", model),
                    ("res_id", "=", res_id),
                ]
            ).write({"model": new_model, "res_id": new_id})

    def _recipient_key(self):
        """Return the key that distinguishes the recipient from others of the mail."""
        return recipient_key(
            self.partner_id.id, self.recipient_address or self.recipient
        )

    def _other_addresses_values(self, addresses, main):
        """Return the values that add further addresses to a tracking.

        :param addresses: normalised addresses that an attempt was sent to
        :param str main: the address that the row names
        """
        former = (self.other_addresses or "").split(",")
        others = dict.fromkeys([*former, *addresses])
        further = ",".join(a for a in others if a and a != main)
        return {"other_addresses": further or False}

    def _get_recipient_values(self, is_for_some=False):
        """Return the values for the contact's address, which may have been corrected.

        Events without an address are about that of the row. If there are several, it
        stays while the contact has it, or if the next attempt is for some of them.

        :param bool is_for_some: whether the next attempt leaves out some addresses
        """
        if not self.partner_id:
            return {}
        values = Recipient.of_partner(self.partner_id).values()
        former, address = self.recipient_address, values["recipient_address"]
        current = email_normalize_all(self.partner_id.email or "")
        if self.other_addresses and (is_for_some or former in current):
            values["recipient_address"] = former
        elif former and former != address:
            values |= self._other_addresses_values([former], address)
        return values

    def _addresses(self):
        """Return the normalised addresses that attempts used, the current one first."""
        self.ensure_one()
        others = (self.other_addresses or "").split(",")
        return [a for a in (self.recipient_address, *others) if a]
