from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class MailTrackingEmail(models.Model):
    """What kind of document an email belongs to, in words."""

    _inherit = "mail.tracking.email"

    document_type = fields.Char(
        compute="_compute_document_type", search="_search_document_type"
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
        """Group by the name as well, which no column has."""
        if field_expr != "document_type":
            return super()._field_to_sql(alias, field_expr, query)
        # sudo: as above
        name = self.env["ir.model"].sudo()._field_to_sql("named", "name")
        return SQL(
            "(SELECT %s FROM ir_model named WHERE named.model = %s)",
            name,
            SQL.identifier(alias, "model"),
        )
