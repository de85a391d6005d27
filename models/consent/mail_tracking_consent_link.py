from odoo import api, models
from odoo.tools import email_normalize

from ...tools.consent import ALLOWED, REFUSED
from ...tools.preferences_link import is_signed


class MailTrackingConsent(models.Model):
    """What the holder of a link in a mail may choose, and for whom."""

    # An idea of its own, and together the two would be too long to read.
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
        """Note what the holder of a link chooses.

        Where several recipients share the message he says who he is. Nobody can prove
        that, so that he can refuse, and not allow for somebody else.

        :param trackings: of `_linked_trackings`
        :param str choice: what he has sent
        :param str address: what he has typed
        """
        addresses = {a for tracking in trackings for a in tracking._addresses()}
        if len(trackings) > 1:
            addresses &= {email_normalize(address or "")}
            allowed_choices = (REFUSED,)
        else:
            allowed_choices = (ALLOWED, REFUSED)
        if choice in allowed_choices:
            self._choose(addresses, choice, "link")
