from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request
from odoo.tools import email_normalize

from .arguments import checks, optional_number, optional_text, positive

# sudo: the tracking is found first; then access is checked as the user.


class TimelineController(http.Controller):
    """The timeline of an email for one recipient, loaded on demand."""

    @http.route("/mail/tracking/timeline", type="jsonrpc", auth="user", readonly=True)
    @checks(
        tracking_id=optional_number,
        message_id=optional_number,
        partner_id=optional_number,
        address=optional_text,
    )
    def timeline(
        self, tracking_id=None, message_id=None, partner_id=None, address=None
    ):
        """Return what happened to a mail for one recipient.

        :param int tracking_id: id of the tracking, if the client knows it
        :param int message_id: otherwise the message, with one of the next two
        :param int partner_id: recipient
        :param str address: recipient without a partner
        :return: dict, see `mail.tracking.email._get_timeline`; empty without a
            tracking that the user may read
        """
        Tracking = request.env["mail.tracking.email"]
        if not request.env.user._is_internal():
            return {}
        if tracking_id:
            tracking = Tracking.browse(tracking_id)
        else:
            domain = [
                ("mail_message_id", "=", message_id or 0),
                ("outranked", "=", False),
            ]
            if partner_id:
                domain.append(("partner_id", "=", partner_id))
            else:
                domain.append(("partner_id", "=", False))
                normalized = email_normalize(address or "") or False
                domain.append(("recipient_address", "=", normalized))
            tracking = Tracking.sudo().search(domain, limit=1).sudo(False)
        try:
            tracking.check_access("read")
            return tracking._get_timeline() if tracking else {}
        except (AccessError, MissingError):
            return {}

    @http.route("/mail/tracking/send_now", type="jsonrpc", auth="user")
    @checks(tracking_id=positive)
    def send_now(self, tracking_id):
        """Send a queued mail at once.

        :param int tracking_id: id of the tracking
        :raise AccessError: when the user may not see the mail, or not send it
        """
        self._readable(tracking_id)._send_now()

    @http.route("/mail/tracking/cancel", type="jsonrpc", auth="user")
    @checks(tracking_id=positive)
    def cancel(self, tracking_id):
        """Cancel a queued mail for one recipient.

        :param int tracking_id: id of the tracking
        :raise AccessError: when the user may not see the mail, or not send it
        :raise UserError: when the mail is being sent
        """
        self._readable(tracking_id)._cancel()

    def _readable(self, tracking_id):
        tracking = request.env["mail.tracking.email"].browse(tracking_id)
        if not request.env.user._is_internal():
            raise tracking._make_access_error("read")
        tracking.check_access("read")
        return tracking
