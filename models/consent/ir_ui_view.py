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


class IrUiView(models.Model):
    """Link the page "Email preferences" from the portal's home, where there is one.

    Without a view of our own: one that inherits from the portal's would need it, and
    would keep it from being uninstalled.
    """

    # An idea of its own, and together the two would be too long to read.
    _inherit = "ir.ui.view"  # pylint: disable=consider-merging-classes-inherited

    def _get_combined_archs(self):
        archs = super()._get_combined_archs()
        for view, arch in zip(self, archs, strict=True):
            if view.key == PORTAL_HOME:
                for place in arch.xpath("//div[@id='portal_common_category']")[:1]:
                    place.append(etree.fromstring(WORDS))
                    place.append(etree.fromstring(CARD))
        return archs

    def _mail_tracking_portal_words(self):
        """Return the words of the card, in the language of the user."""
        return {
            "title": self.env._("Email preferences"),
            "text": self.env._("Decide whether senders see when you open emails"),
        }
