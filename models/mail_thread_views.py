from lxml.builder import E

from odoo import api, models

from ..tools.mail_state_sql import FAILED_STATUSES
from .mail_thread_state import MAIL_STATE, MAIL_STATE_FIELDS

# Set while Odoo looks for the list of a field that a form shows.
EMBEDDED = "mail_tracking_embedded"
SHOWN_BY_DEFAULT = ("crm.lead",)


class MailThread(models.AbstractModel):
    """Offer Mail State in the lists and searches of every model with a chatter.

    It is put into the views when they are put together (core caches them), not into
    the stored ones: modules that this addon has never seen have it too, and nothing
    is left when it is uninstalled.
    """

    _inherit = "mail.thread"

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
                string=self.env._("Failed mail"),
                domain=str([(MAIL_STATE, "in", list(FAILED_STATUSES))]),
                groups=groups,
            )
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
        """Give the groups of those who may read the messages."""
        return self._fields["message_ids"].groups or "base.group_user"
