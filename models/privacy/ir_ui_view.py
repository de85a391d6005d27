from lxml import etree

from odoo import models

LOOKUP_FORM = "privacy_lookup.privacy_lookup_wizard_view_form"
REQUEST_ACTION = "mail_activity_tracking.mail_tracking_personal_action"


class IrUiView(models.Model):
    """Link a person's request from Privacy Lookup, where that module is installed.

    Without a view of our own: one that inherits from the module's would need it, and
    would keep it from being uninstalled.
    """

    # An idea of its own, and together the two would be too long to read.
    _inherit = "ir.ui.view"  # pylint: disable=consider-merging-classes-inherited

    def _get_combined_archs(self):
        archs = super()._get_combined_archs()
        lookup = self.filtered(lambda view: view.model == "privacy.lookup.wizard")
        if not lookup or not (action := self.env.ref(REQUEST_ACTION, False)):
            return archs
        form = self.env.ref(LOOKUP_FORM, False)
        for view, arch in zip(self, archs, strict=True):
            if view == form:
                for header in arch.xpath("//header")[:1]:
                    header.append(self._mail_tracking_personal_button(action))
        return archs

    def _mail_tracking_personal_button(self, action):
        """Return the button that opens the request for the address looked up.

        :param action: window action of the request
        """
        return etree.Element(
            "button",
            name=str(action.id),
            type="action",
            string=self.env._("Email Tracking Data"),
            context="{'default_address': email}",
            invisible="not email",
        )
