from odoo import api, models

from ..tools.database_key import database_hash
from ..tools.params import is_pixel_disabled, public_base_url
from ..tools.pixel_hit import register_hit

PIXEL_ROUTE = "/mail/tracking/open/"
# No display:none: some mail programs then do not load it.
PIXEL_HTML = '<img src="{url}" width="1" height="1" alt=""/>'


class MailTrackingEmail(models.Model):
    """The tracking pixel: where it points, and what a hit means."""

    _inherit = "mail.tracking.email"

    @api.model
    def _get_pixel(self):
        """Give the HTML of the pixel, with `{token}` in the place of the token.

        :return: empty when the pixel is switched off
        :rtype: str
        """
        if is_pixel_disabled(self.env):
            return ""
        path = PIXEL_ROUTE + database_hash(self.env.cr.dbname) + "{token}.gif"
        return PIXEL_HTML.format(url=public_base_url(self.env) + path)

    @api.model
    def _register_open(self, token, evidence):
        """Note that the pixel of a mail was loaded; parallel hits count once.

        :param str token: of the pixel; nothing happens when there is no such mail
        :param str evidence: class of the evidence, see `tools.states.OPEN_STATE`
        :return: the trackings whose state changed
        """
        hits = register_hit(self.env.cr, token, evidence)
        self.browse(hit.tracking_id for hit in hits).invalidate_recordset(flush=False)
        return self._notify_hits(hits)

    @api.model
    def _notify_hits(self, hits):
        """Tell those who see the trackings what hits have changed.

        :param list hits: of `register_hit`
        :return: the trackings whose state changed
        """
        if seen := self.browse(hit.tracking_id for hit in hits if hit.is_seen):
            seen._notify_state()
        # Failed, and read all the same.
        if mended := self.browse(hit.tracking_id for hit in hits if hit.was_failed):
            mended._correct_notifications()
            mended._notify_failed()
        return self.browse(hit.tracking_id for hit in hits if hit.is_changed)
