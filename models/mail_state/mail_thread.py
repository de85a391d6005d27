from collections import defaultdict

from lxml.builder import E

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from ...tools.mail_state_sql import (
    FAILED_STATUSES,
    TRACKED_STATUSES,
    document_states_sql,
    documents_in_sql,
    failures_per_document_sql,
    last_failures_sql,
    last_recipients_sql,
    status_of,
)
from ...tools.states import MAIL_STATES
from ...tools.whole_patterns import whole_pattern

MAIL_STATE = "mail_tracking_state"
MAIL_STATE_FIELDS = (MAIL_STATE, "mail_tracking_summary")

# With so many failures per document, looking only at the last one of each pays.
MANY_FAILURES = 2

# Set while Odoo looks for the list of a field that a form shows.
EMBEDDED = "mail_tracking_embedded"
SHOWN_BY_DEFAULT = ("crm.lead",)


class SharedJson(fields.Json):
    """JSON that nobody changes: reading it makes no copy.

    Copies of 80 summaries take as long as the statement that finds their emails.
    """

    def convert_to_record(self, value, record):
        return value or False


class MailThread(models.AbstractModel):
    """Show in lists what became of the last message that was sent from a document.

    Column and filters are put into the views when they are assembled (core caches
    them), not into the stored ones: views of modules that this addon does not know have
    them too, and nothing is left when it is uninstalled.

    Failures of many records can be retried or reviewed there. Only the last message of
    each counts, as Mail State shows it. Nobody wants an email of last year to be sent
    because a later one failed.
    """

    _inherit = "mail.thread"

    mail_tracking_state = fields.Selection(
        MAIL_STATES,
        "Mail State",
        compute="_compute_mail_tracking_state",
        search="_search_mail_tracking_state",
        groups="base.group_user",
        help=(
            "Status of the last email sent from this record. With several recipients,"
            " the most critical status is shown."
        ),
    )
    # [[state, recipients, number of opens or code of the reason], ...], worst first
    mail_tracking_summary = SharedJson(
        "Email Status Summary",
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
        # Many documents are alike and get their values together.
        alike = defaultdict(list)
        for document in self:
            rows = recipients.get(document._origin.id, [])
            rows.sort(key=lambda row: row[:3], reverse=True)
            alike[tuple(rows)].append(document.id)
        for rows, ids in alike.items():
            documents = self.browse(ids)
            documents.mail_tracking_state = (
                TRACKED_STATUSES[rows[0][0]] if rows else False
            )
            documents.mail_tracking_summary = [row[1:] for row in rows] or False

    @api.model
    def _search_mail_tracking_state(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        field = self._fields[MAIL_STATE]
        self._check_field_access(field, "read")
        self.env["mail.tracking.email"].flush_model()
        if operator != "in":
            value = whole_pattern(operator, value)
            return Domain.custom(
                to_sql=lambda model, alias, query: field._condition_to_sql(
                    MAIL_STATE, operator, value, model, alias, query
                )
            )
        statuses, in_or_not = set(TRACKED_STATUSES), "in"
        if False in value:
            statuses, in_or_not = statuses - set(value), "not in"
        else:
            statuses &= set(value)
        many_failures = self._mail_tracking_has_many_failures()
        documents = documents_in_sql(self._name, statuses, many_failures)
        return [("id", in_or_not, documents)]

    @api.model
    @ormcache("self._name")
    def _mail_tracking_has_many_failures(self):
        """Return whether documents with failures usually have several.

        Cached for long, since it only affects how fast failures are found.
        """
        self.env.cr.execute(failures_per_document_sql(self._name))
        row = self.env.cr.fetchone()
        return bool(row) and row[0] >= MANY_FAILURES

    def _field_to_sql(self, alias, field_expr, query=None):
        """Join the states, so that users can group and sort by them."""
        if field_expr != MAIL_STATE or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        return SQL.identifier(self._join_mail_states(alias, query), "state")

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort by severity, not alphabetically."""
        if field_name != MAIL_STATE:
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        weight = SQL.identifier(self._join_mail_states(alias, query), "weight")
        query._order_groupby.append(weight)
        return SQL("-%s %s %s", weight, direction, nulls)

    def _read_group_orderby(self, order, groupby_terms, query):
        """Sort groups by severity, not alphabetically."""
        if MAIL_STATE not in groupby_terms:
            return super()._read_group_orderby(order, groupby_terms, query)
        terms = []
        for part in order.split(",") if order else groupby_terms:
            if part.split()[0] == MAIL_STATE:
                direction = SQL("DESC" if part.upper().endswith(" DESC") else "ASC")
                state = groupby_terms[MAIL_STATE]
                worst_first = list(reversed(TRACKED_STATUSES))
                terms.append(
                    SQL("array_position(%s, %s) %s", worst_first, state, direction)
                )
            elif order:
                terms.append(super()._read_group_orderby(part, groupby_terms, query))
            else:  # not by the name of a record, as core does without an order
                one = {part: groupby_terms[part]}
                terms.append(super()._read_group_orderby("", one, query))
        return SQL(", ").join(terms)

    def _join_mail_states(self, alias, query):
        """Join the states of the documents and return their alias."""
        self._check_field_access(self._fields[MAIL_STATE], "read")
        self.env["mail.tracking.email"].flush_model()
        states = document_states_sql(self._name)
        return query.left_join(alias, "id", states, "res_id", MAIL_STATE)

    def _has_field_access(self, field, operation):
        """Allow access to users who may read the messages: hr restricts these.

        `hr.employee` does the same for fields that it does not know.
        """
        if field.name in MAIL_STATE_FIELDS:
            messages = self._fields["message_ids"]
            if not self._has_field_access(messages, "read"):
                return False
            if operation == "read" and messages.groups == field.groups:
                return True  # the same check, made for each record of a page
        return super()._has_field_access(field, operation)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if arch.tag == "list" and not self.env.context.get(EMBEDDED):
            self._mail_tracking_add_column(arch)
        elif arch.tag == "search":
            self._mail_tracking_add_filters(arch)
        elif arch.tag == "form" and not view:
            for name in MAIL_STATE_FIELDS:  # a generated form has every field
                for node in arch.xpath(f"//field[@name='{name}']"):
                    node.getparent().remove(node)
        return arch, view

    def _mail_tracking_add_column(self, arch):
        if arch.xpath(f"./field[@name='{MAIL_STATE}']"):
            return
        optional = "show" if self._name in SHOWN_BY_DEFAULT else "hide"
        arch.append(
            E.field(
                name=MAIL_STATE,
                widget=MAIL_STATE,
                optional=optional,
                groups=self._mail_tracking_groups(),
            )
        )

    def _mail_tracking_add_filters(self, arch):
        groups = self._mail_tracking_groups()
        if not arch.xpath(f"//filter[contains(@domain, '{MAIL_STATE}')]"):
            failed = E.filter(
                name="mail_tracking_failed",
                string=self.env._("Failed Emails"),
                domain=str([(MAIL_STATE, "in", list(FAILED_STATUSES))]),
                groups=groups,
            )
            own = arch.xpath("//filter[starts-with(@name, 'mail_tracking_')]")
            if own:  # the filters of this addon stand together
                own[0].addnext(failed)
            else:
                arch.extend([E.separator(), failed])
        if not arch.xpath(f"//filter[contains(@context, '{MAIL_STATE}')]"):
            group_by = E.filter(
                name="group_by_mail_tracking_state",
                string=self.env._("Mail State"),
                context=str({"group_by": MAIL_STATE}),
                groups=groups,
            )
            arch.extend([E.separator(), group_by])

    def _mail_tracking_groups(self):
        """Return the groups whose users may read the messages."""
        return self._fields["message_ids"].groups or "base.group_user"

    def action_mail_tracking_retry(self):
        """Send the last emails again to those who did not get them.

        :return: action that says how many were sent, and why others were not
        :raise AccessError: for users who may not see Mail State
        """
        return self._mail_tracking_last_failures().action_retry()

    def action_mail_tracking_review(self):
        """Mark the failures of the last emails as reviewed.

        :return: action that says how many were marked
        :raise AccessError: for users who may not see Mail State
        """
        return self._mail_tracking_last_failures().action_review()

    def _mail_tracking_last_failures(self):
        """Return the unreviewed failures of the last message of each record.

        :return: `mail.tracking.email` that the user may read
        """
        self.check_access("read")
        self._check_field_access(self._fields[MAIL_STATE], "read")
        Tracking = self.env["mail.tracking.email"]
        Tracking.flush_model()
        self.env.cr.execute(last_failures_sql(self._name, self.ids))
        failures = Tracking.browse(row[0] for row in self.env.cr.fetchall())
        return failures._filtered_access("read")


def _summary_row(state, error_type, count, open_count):
    """Return the weight, state, number and detail of recipients who are alike."""
    status = status_of(state, error_type)
    detail = open_count if status == "opened" else error_type
    if status == "noemail":
        state, detail = "noemail", None
    return TRACKED_STATUSES.index(status), state, count, detail or False
