from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.mail_state_sql import (
    STATUSES,
    document_states_sql,
    documents_in_sql,
    last_recipients_sql,
    status_of,
)

MAIL_STATE = "mail_tracking_state"
MAIL_STATE_FIELDS = (MAIL_STATE, "mail_tracking_summary")


class MailThread(models.AbstractModel):
    """Tell in lists what became of the last message that was sent from a document."""

    _inherit = "mail.thread"

    mail_tracking_state = fields.Selection(
        [
            ("error", "Failed"),
            ("noemail", "No email address"),
            ("waiting", "Waiting"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("opened", "Opened"),
            ("anonuser", "No contact"),
            ("cc", "In copy"),
            ("unknown", "Not tracked"),
        ],
        "Mail State",
        compute="_compute_mail_tracking_state",
        search="_search_mail_tracking_state",
        groups="base.group_user",
        help="What became of the last message sent from here by email: the state of"
        " the recipient who is worst off",
    )
    # [[state, recipients, number of openings or code of the reason], ...], worst first
    mail_tracking_summary = fields.Json(
        compute="_compute_mail_tracking_state",
        groups="base.group_user",
        exportable=False,
    )

    def _compute_mail_tracking_state(self):
        self.env["mail.tracking.email"].flush_model()
        self.env.cr.execute(last_recipients_sql(self._name, self._origin.ids))
        recipients = {document_id: [] for document_id in self._origin.ids}
        for document_id, *recipient in self.env.cr.fetchall():
            recipients[document_id].append(_summary_row(*recipient))
        # Many documents are alike, and are given their values together.
        alike = defaultdict(list)
        for document in self:
            rows = recipients.get(document._origin.id, [])
            rows.sort(key=lambda row: row[:3], reverse=True)
            alike[tuple(rows)].append(document.id)
        for rows, ids in alike.items():
            documents = self.browse(ids)
            documents.mail_tracking_state = STATUSES[rows[0][0]] if rows else False
            documents.mail_tracking_summary = [row[1:] for row in rows] or False

    @api.model
    def _search_mail_tracking_state(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        field = self._fields[MAIL_STATE]
        self._check_field_access(field, "read")
        self.env["mail.tracking.email"].flush_model()
        if operator != "in":
            return Domain.custom(
                to_sql=lambda model, alias, query: field._condition_to_sql(
                    MAIL_STATE, operator, value, model, alias, query
                )
            )
        statuses = set(STATUSES)
        if False in value:
            return [
                ("id", "not in", documents_in_sql(self._name, statuses - set(value)))
            ]
        return [("id", "in", documents_in_sql(self._name, statuses & set(value)))]

    def _field_to_sql(self, alias, field_expr, query=None):
        """Join the states, so that one may group and sort by them."""
        if field_expr != MAIL_STATE or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        return SQL.identifier(self._join_mail_states(alias, query), "state")

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort by how well the mail did, rather than by the alphabet."""
        if field_name != MAIL_STATE:
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        weight = SQL.identifier(self._join_mail_states(alias, query), "weight")
        query._order_groupby.append(weight)
        return SQL("-%s %s %s", weight, direction, nulls)

    def _join_mail_states(self, alias, query):
        """Give the alias of the states of the documents, once they are joined."""
        self._check_field_access(self._fields[MAIL_STATE], "read")
        self.env["mail.tracking.email"].flush_model()
        states = document_states_sql(self._name)
        return query.left_join(alias, "id", states, "res_id", MAIL_STATE)

    def _has_field_access(self, field, operation):
        """Give it to those who may read the messages: hr keeps them to its own group.

        As `hr.employee` does for other fields that it does not know.
        """
        if field.name in MAIL_STATE_FIELDS:
            messages = self._fields["message_ids"]
            if not self._has_field_access(messages, "read"):
                return False
            if operation == "read" and messages.groups == field.groups:
                return True  # the same question, asked for each record of a page
        return super()._has_field_access(field, operation)


def _summary_row(state, error_type, count, open_count):
    """Give the weight, state, number and detail of recipients who are alike."""
    status = status_of(state, error_type)
    detail = open_count if status == "opened" else error_type
    if status == "noemail":
        state, detail = "noemail", None
    return STATUSES.index(status), state, count, detail or False
