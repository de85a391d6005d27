from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize_all

from ...tools.consent import CHOICES, NOT_ASKED
from ...tools.isolated import isolated

# An address that may be one of several of a contact.
_SEVERAL = "%@%@%"


class ResPartner(models.Model):
    """The choice of a contact on the recording of opens, which is not stored here.

    It belongs to the address: contacts with the same address show the same choice.
    """

    _inherit = "res.partner"

    mail_tracking_consent = fields.Selection(
        CHOICES,
        "Open Tracking",
        compute="_compute_mail_tracking_consent",
        inverse="_inverse_mail_tracking_consent",
        search="_search_mail_tracking_consent",
        groups="base.group_user",
        help="Whether the recipient agrees that you see when emails are opened. Empty: "
        "not asked.",
    )

    @api.depends("email")
    def _compute_mail_tracking_consent(self):
        addresses = self._mail_tracking_addresses()
        # sudo: of contacts that may be read
        Consent = self.env["mail.tracking.consent"].sudo()
        choices = Consent._choices_of({a for some in addresses.values() for a in some})
        for partner in self:
            partner.mail_tracking_consent = Consent._choice_of_all(
                addresses[partner], choices
            )

    def _inverse_mail_tracking_consent(self):
        Consent = self.env["mail.tracking.consent"]
        addresses = self._mail_tracking_addresses()
        for choice, partners in self.grouped("mail_tracking_consent").items():
            missing = partners.filtered(lambda partner: not addresses[partner])
            if choice and missing:
                raise ValidationError(
                    self.env._(
                        "%(name)s has no valid email address that could be tracked.",
                        name=isolated(missing[0].display_name),
                    )
                )
            # An empty cell of an imported file means nothing.
            if choice or Consent._get_origin() != "import":
                chosen = {a for partner in partners for a in addresses[partner]}
                # sudo: users who may write the contact may set its choice
                Consent.sudo()._choose(chosen, choice or NOT_ASKED)

    def _search_mail_tracking_consent(self, operator, value):
        if operator != "in":
            return NotImplemented
        # The ORM does not check `groups` of a field that is searched by a method.
        if not self.env.user._is_internal():
            return Domain.FALSE
        self.flush_model(["email", "email_normalized"])
        several = self._mail_tracking_with_several()
        chosen = dict.fromkeys(dict(CHOICES), Domain.FALSE)
        for choice in chosen:
            rows = SQL(
                """(SELECT id FROM res_partner WHERE email_normalized IN (
                    SELECT address FROM mail_tracking_consent WHERE state = %s))""",
                choice,
            )
            own = several.filtered(lambda p, c=choice: p.mail_tracking_consent == c)
            chosen[choice] = Domain("id", "in", own.ids) | (
                Domain("id", "in", rows) & Domain("id", "not in", several.ids)
            )
        not_asked = ~Domain.OR(chosen.values())
        return Domain.OR(chosen.get(choice, not_asked) for choice in value)

    def _mail_tracking_with_several(self):
        """Return all contacts that may have several addresses: there are few."""
        # sudo: goes into a domain, whose records are filtered as the user's
        rows = self.env.execute_query(
            SQL("SELECT id FROM res_partner WHERE email LIKE %s", _SEVERAL)
        )
        # sudo: the caller reads their addresses only, and returns ids to a search
        return self.sudo().browse(row[0] for row in rows)

    def _mail_tracking_addresses(self):
        """Return the normalised addresses of each contact.

        :return: dict from contact to list
        """
        return {partner: email_normalize_all(partner.email or "") for partner in self}

    @api.model
    def _with_mail_tracking_addresses(self, addresses):
        """Return the contacts, also archived ones, that have one of the addresses.

        :return: contacts in sudo
        """
        partners_sudo = self.sudo().with_context(active_test=False)
        partners = partners_sudo.search([("email_normalized", "in", list(addresses))])
        several = partners_sudo._mail_tracking_with_several()
        return partners | several.filtered(
            lambda partner: (
                not set(addresses).isdisjoint(email_normalize_all(partner.email or ""))
            )
        )
