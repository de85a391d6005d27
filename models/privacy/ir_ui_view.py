from lxml import etree

from odoo import models

from ...tools.preferences_link import PREFERENCES_ROUTE

PORTAL_HOME = "portal.portal_my_home"
CARD = f"""
<t t-call="portal.portal_docs_entry">
    <t t-set="icon" t-value="'/portal/static/src/img/portal-connection.svg'"/>
    <t t-set="title" t-value="mail_tracking_card['title']"/>
    <t t-set="text" t-value="mail_tracking_card['text']"/>
    <t t-set="url" t-value="'{PREFERENCES_ROUTE}'"/>
    <t t-set="config_card" t-value="True"/>
</t>
"""
# Before the card: its words, which are terms of this addon.
WORDS = (
    '<t t-set="mail_tracking_card"'
    " t-value=\"env['ir.ui.view']._mail_tracking_portal_words()\"/>"
)

LOOKUP = "privacy.lookup.wizard"
LOOKUP_FORM = "privacy_lookup.privacy_lookup_wizard_view_form"
REQUEST_ACTION = "mail_activity_tracking.mail_tracking_personal_action"


class IrUiView(models.Model):
    """Link pages of the addon from the portal's home and Privacy Lookup, if installed.

    The addon has no views for this: a view that inherits from theirs would need their
    modules, and would keep them from being uninstalled.
    """

    _inherit = "ir.ui.view"

    def _get_combined_archs(self):
        archs = super()._get_combined_archs()
        for view, arch in zip(self, archs, strict=True):
            if view.key == PORTAL_HOME:
                self._mail_tracking_add_card(arch)
            elif view.model == LOOKUP and view == self.env.ref(LOOKUP_FORM, False):
                self._mail_tracking_add_button(arch)
        return archs

    # === PORTAL ===#
    def _mail_tracking_add_card(self, arch):
        """Add the card that leads to the page "Email preferences"."""
        for place in arch.xpath("//div[@id='portal_common_category']")[:1]:
            place.append(etree.fromstring(WORDS))
            place.append(etree.fromstring(CARD))

    def _mail_tracking_portal_words(self):
        """Return the words of the card, in the language of the user."""
        return {
            "title": self.env._("Email preferences"),
            "text": self.env._("Decide whether senders see when you open emails"),
        }

    # === PRIVACY LOOKUP ===#
    def _mail_tracking_add_button(self, arch):
        """Add the button that opens a person's request for the address looked up."""
        action = self.env.ref(REQUEST_ACTION, False)
        for header in arch.xpath("//header")[:1] if action else ():
            etree.SubElement(
                header,
                "button",
                name=str(action.id),
                type="action",
                string=self.env._("Email Tracking Data"),
                context="{'default_address': email}",
                invisible="not email",
            )
