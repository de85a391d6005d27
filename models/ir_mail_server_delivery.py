import logging
import time

from odoo import api, fields, models

from ..tools.smtp.dsn_request import NOTIFY, DsnRequest
from ..tools.smtp.envelope_id import Envelope

_logger = logging.getLogger(__name__)

DEFAULT_REQUEST = "failure"
# Servers that offer delivery reports and refuse to be asked for them, by database and
# id, with the time until which this is remembered.
_refusing = {}
SECONDS_REMEMBERED = 3600


class IrMailServer(models.Model):
    """Ask for delivery reports and read receipts."""

    _inherit = "ir.mail_server"

    # Not required in the database: while others are updated, before this addon is
    # loaded, servers are created without it.
    dsn_request = fields.Selection(
        [
            ("no", "Nothing"),
            ("failure", "Failures and delays"),
            ("all", "Failures, delays and deliveries"),
        ],
        "Delivery Reports",
        default=DEFAULT_REQUEST,
        help="Which reports to ask of this server (RFC 3461). They come back to the "
        "bounce address. With deliveries there is one report for each recipient.",
    )
    direct_mx = fields.Boolean(
        "Delivers to Recipients' Servers",
        help="This server hands mails straight to the servers of their recipients, not "
        "to another relay: what it reports as relayed has arrived there.",
    )

    def _mail_tracking_notify(self):
        """Give what to ask of this server, None for nothing.

        :return: a value of NOTIFY; None too for no server, for the one of the
            configuration, whose reports nobody has chosen, and for personal ones, whose
            owners would find the reports in their mailboxes
        """
        server = self.sudo()
        if not server or server.owner_user_id or server.smtp_authentication == "cli":
            return None
        return NOTIFY.get(server.dsn_request or DEFAULT_REQUEST)

    def _mail_tracking_dsn_request(self, tracked, session):
        """Give what to ask for one message in a session.

        :param Tracked tracked: the first recipient of the message
        :param session: of `smtplib`, or what core's tests use instead
        :return: a `DsnRequest`, None when the server is not to be asked
        """
        has_extn = getattr(session, "has_extn", None)
        # Tests put mocks in the place of sessions: everything is true of them.
        if not has_extn or has_extn("dsn") is not True or self._mail_tracking_refuses():
            return None
        notify = self._mail_tracking_notify()
        if not notify:
            return None
        envelope = Envelope(tracked.id, tracked.attempt, self.id)
        return DsnRequest(notify, envelope.sign(self.env))

    def _mail_tracking_refuses(self):
        return _refusing.get((self.env.cr.dbname, self.id), 0) > time.monotonic()

    def _mail_tracking_refused(self):
        """Remember for a while that the server refuses what it offers."""
        key = (self.env.cr.dbname, self.id)
        _refusing[key] = time.monotonic() + SECONDS_REMEMBERED
        _logger.warning(
            "Mail server %s offers delivery reports and refuses to be asked for them",
            self.sudo().display_name,
        )

    @api.model
    def _mail_tracking_ask_receipt(self, message, smtp_from):
        """Ask for a read receipt: RFC 8098 section 2.1.

        Its address is the envelope sender, or mail programs may not answer by
        themselves.

        :param message: the `EmailMessage` to send, changed in place
        :param str smtp_from: one of the bounce addresses
        """
        if not message["Disposition-Notification-To"]:
            message["Disposition-Notification-To"] = smtp_from
