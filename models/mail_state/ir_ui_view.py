from odoo import models

from .mail_thread import EMBEDDED


class IrUiView(models.Model):
    """Leave the lists inside forms as they are."""

    _inherit = "ir.ui.view"

    def _get_x2many_missing_view_archs(self, field, field_node, node_info):
        # A context flag, since core asks the model for the view as for any other.
        embedding = self.with_context(**{EMBEDDED: True})
        return super(IrUiView, embedding)._get_x2many_missing_view_archs(
            field, field_node, node_info
        )
