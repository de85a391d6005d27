from odoo import api, models
from odoo.tools import email_normalize

from ...tools.consent import ALLOWED, REFUSED
from ...tools.preferences_link import is_signed


class MailTrackingConsent(models.Model):
    """Choices by the link in a mail: which are allowed, and for whom."""

    # A topic of its own; in one class the two would be too long to read.
    _inherit = "mail.tracking.consent"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _linked_trackings(self, token, mac):
        """Return the trackings of the SMTP message that a link stands in.

        :param str token: of the message
        :param str mac: the signature
        :return: trackings, none for a link that is not ours or too old
        """
        Tracking = self.env["mail.tracking.email"]
        if not is_signed(self.env, token, mac):
            return Tracking
        return Tracking.search([("token", "=", token)])

    @api.model
    def _choose_by_link(self, trackings, choice, address=""):
        """Record the choice of the holder of a link.

        Where several recipients share the message, the holder types an address. That
        proves nothing, so it can only refuse, and not allow for somebody else.

        :param trackings: of `_linked_trackings`
        :param str choice: choice in the form
        :param str address: address in the form
        """
        addresses = {a for tracking in trackings for a in tracking._addresses()}
        if len(trackings) > 1:
            addresses &= {email_normalize(address or "")}
            allowed_choices = (REFUSED,)
        else:
            allowed_choices = (ALLOWED, REFUSED)
        if choice in allowed_choices:
            self._choose(addresses, choice, "link")

    @api.model
    def _choose_by_user(self, user, addresses, choice):
        """Record the choice of a user who is logged in, for their own addresses.

        Odoo does not verify the address of an account. So a refusal that somebody else
        has entered is not lifted here, only by the link in an email.

        :param user: the `res.users`
        :param addresses: normalised addresses of the account
        :param str choice: choice in the form
        """
        if choice == ALLOWED:
            refused = self.search(
                [
                    ("address", "in", list(addresses)),
                    ("state", "=", REFUSED),
                    ("user_id", "!=", user.id),
                ]
            )
            addresses = set(addresses) - set(refused.mapped("address"))
        if choice in (ALLOWED, REFUSED):
            self._choose(addresses, choice, "page")
