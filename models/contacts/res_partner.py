from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

BOUNCES = "mail_tracking_bounces"
# Counting stops here: a contact may have received thousands of mails.
MOST_COUNTED = 100


class ResPartner(models.Model):
    """Show on a contact what became of its mails, without storing anything there."""

    _inherit = "res.partner"

    mail_tracking_bounces = fields.Boolean(
        "Email Bounces",
        compute="_compute_mail_tracking_bounces",
        search="_search_mail_tracking_bounces",
        groups="base.group_user",
        help="The last email to this address bounced",
    )
    mail_tracking_total = fields.Char(
        "Emails",
        compute="_compute_mail_tracking_total",
        groups="base.group_user",
        exportable=False,
        help="Number of emails sent to this contact",
    )

    @api.depends("email_normalized")
    def _compute_mail_tracking_bounces(self):
        addresses = list(filter(None, self.mapped("email_normalized")))
        bouncing = self.env["mail.tracking.email"]._bouncing_addresses_sql(addresses)
        bouncing = (
            {row[0] for row in self.env.execute_query(bouncing)} if addresses else ()
        )
        for partner in self:
            partner.mail_tracking_bounces = partner.email_normalized in bouncing

    def _search_mail_tracking_bounces(self, operator, value):
        if operator != "in":
            return NotImplemented
        # The ORM ignores `groups` when a field is searched by a method.
        if not self.env.user._is_internal():
            return Domain.FALSE
        self.flush_model(["email_normalized"])
        # Computed once. Else PostgreSQL expects "not in" to need a part of them only,
        # and compares each contact with each address.
        partners = SQL(
            """(WITH bouncing AS MATERIALIZED (%s)
                SELECT id FROM res_partner
                 WHERE email_normalized IN (SELECT recipient_address FROM bouncing))""",
            self.env["mail.tracking.email"]._bouncing_addresses_sql(),
        )
        operators = {True: "in", False: "not in"}
        return Domain.OR(Domain("id", operators[flag], partners) for flag in value)

    @api.depends("email_normalized")
    @api.depends_context("uid")
    def _compute_mail_tracking_total(self):
        # sudo(False): users inherit this field from their contact, read as superuser
        Tracking = self.env["mail.tracking.email"].sudo(False)
        for partner in self:
            domain = partner._mail_tracking_domain()
            count = len(Tracking.search(domain, limit=MOST_COUNTED + 1))
            more = count > MOST_COUNTED
            partner.mail_tracking_total = f"{MOST_COUNTED}+" if more else count or False

    def _mail_tracking_domain(self):
        """Return the domain of the trackings of the contact.

        :return: domain of mails to the contact, and to its address before it was one
        :rtype: Domain
        """
        domain = Domain("partner_id", "in", self.ids) & Domain("outranked", "=", False)
        if self.email_normalized:
            domain |= Domain("partner_id", "=", False) & Domain(
                "recipient_address", "=", self.email_normalized
            )
        return domain

    def action_open_mail_bounce(self):
        """Open the latest bounced email to the address, if the user may read it."""
        self.ensure_one()
        self.check_access("read")
        Tracking = self.env["mail.tracking.email"].sudo(False)
        address = self.email_normalized or ""
        is_named = Domain("recipient_address", "=", address) | Domain(
            "other_addresses", "like", address
        )
        bounced = Tracking.search(
            Domain("state", "=", "bounced") & is_named,
            order="state_time DESC, id DESC",
            limit=1,
        )
        if not (address and bounced):
            text = self.env._("You are not allowed to see the email that bounced.")
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {"type": "info", "message": text},
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Email That Bounced"),
            "res_model": bounced._name,
            "res_id": bounced.id,
            "views": [[False, "form"]],
        }

    def action_open_mail_trackings(self):
        """Open the list of the contact's tracked mails."""
        self.ensure_one()
        self.check_access("read")
        self.env["mail.tracking.email"].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Emails"),
            "res_model": "mail.tracking.email",
            "views": [(False, "list"), (False, "form")],
            "domain": list(self._mail_tracking_domain()),
        }
