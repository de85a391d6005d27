from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...tools.consent import CHOICES, NOT_ASKED, ORIGINS

# Choices of an address in a day; beyond that, only refusals are recorded.
MOST_CHOICES = 20


class MailTrackingConsentLog(models.Model):
    """The proof of each choice for an address: what, when, where, and who entered it.

    Nobody can change or delete it, administrators included, except by a personal data
    request that deletes all about a person.
    """

    _name = "mail.tracking.consent.log"
    _description = "Consent History"
    _order = "id desc"
    _rec_name = "address"
    _log_access = False

    address = fields.Char(required=True, index=True)
    state = fields.Selection([*CHOICES, (NOT_ASKED, "Not asked")], required=True)
    date = fields.Datetime(required=True)
    origin = fields.Selection(ORIGINS, required=True)
    user_id = fields.Many2one("res.users", "By", ondelete="set null")
    user_name = fields.Char(
        "Name", help="Name of the user at the time, also when the user is deleted"
    )

    @api.model
    def _note(self, addresses, choice, origin):
        """Add the choice for addresses to the history.

        :param list addresses: normalised addresses
        :param str choice: a key of `state`
        :param str origin: of `ORIGINS`
        """
        user = self.env["res.users"] if origin == "link" else self.env.user
        # sudo: no user may write here, even one who may write contacts
        self.sudo().create(
            [
                {
                    "address": address,
                    "state": choice,
                    "date": fields.Datetime.now(),
                    "origin": origin,
                    "user_id": user.id,
                    "user_name": user.sudo().name,
                }
                for address in addresses
            ]
        )

    @api.model
    def _below_limit(self, addresses):
        """Return the addresses whose choices of the last day are fewer than the limit.

        Anybody who has a link may click it endlessly. A refusal always counts.
        """
        self.env.cr.execute(
            SQL(
                """SELECT address FROM mail_tracking_consent_log
                    WHERE address = ANY(%s) AND date > %s
                 GROUP BY address HAVING count(*) >= %s""",
                list(addresses),
                fields.Datetime.now() - timedelta(days=1),
                MOST_CHOICES,
            )
        )
        restless = {address for (address,) in self.env.cr.fetchall()}
        return [address for address in addresses if address not in restless]

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(self.env._("The history of consents cannot be modified."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("The history of consents cannot be deleted."))
