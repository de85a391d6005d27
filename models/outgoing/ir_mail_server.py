import logging
import time

from odoo import api, fields, models, tools

from ...tools.guard import never_break_mail
from ...tools.params import asks_read_receipt
from ...tools.reports.reader import TOKEN_HEADER
from ...tools.smtp.listener import NOTIFY, DsnRequest, SmtpListener
from ...tools.smtp.send_run import Sender

# sudo: whoever sends may read neither mail servers nor trackings.

_logger = logging.getLogger(__name__)

DEFAULT_REQUEST = "failure"
# Servers that offer delivery reports but refuse requests for them: (database, server
# id) to the time until which this is remembered.
_refusing_dsn_until = {}
SECONDS_REMEMBERED = 3600


def _recorder(run):
    """Return the function that records an outcome for a token, if both are there."""

    def record(token, **outcome):
        if run and token:
            with never_break_mail("hear what became of a mail"):
                run.record(token, **outcome)

    return record


class IrMailServer(models.Model):
    """Request reports and receipts from the mail server, and record its answers."""

    _inherit = "ir.mail_server"

    # Not required in the database: other modules that are updated before this one is
    # loaded may create servers without it.
    dsn_request = fields.Selection(
        [
            ("no", "None"),
            ("failure", "Failures and delays"),
            ("all", "Failures, delays and deliveries"),
        ],
        "Request Delivery Reports",
        default=DEFAULT_REQUEST,
        help="Delivery reports (DSN, RFC 3461) to request from this server. They are "
        "sent to the bounce address. With deliveries, one report per recipient is"
        " sent.",
    )
    direct_mx = fields.Boolean(
        "Delivers Directly",
        help=(
            "This server delivers directly to the recipients' mail servers, not "
            "through another relay. What it reports as relayed then counts as "
            "delivered."
        ),
    )

    def _connect__(self, *args, **kwargs):
        try:
            return super()._connect__(*args, **kwargs)
        except Exception as error:
            run = self.env.context.get("mail_tracking_run")
            with never_break_mail("note a failed connection"):
                if run:
                    run.connection_error = error
                    server = self.browse(kwargs.get("mail_server_id"))
                    run.sender = self._mail_tracking_sender(server)
            raise

    @api.model
    def send_email(
        self,
        message,
        mail_server_id=None,
        smtp_server=None,
        smtp_port=None,
        smtp_user=None,
        smtp_password=None,
        smtp_encryption=None,
        smtp_ssl_certificate=None,
        smtp_ssl_private_key=None,
        smtp_debug=False,
        smtp_session=None,
    ):
        run, token = self.env.context.get("mail_tracking_run"), message[TOKEN_HEADER]

        record = _recorder(run)

        def listen(session):
            if run and token and session:
                with never_break_mail("listen to the mail server"):
                    listener = self._mail_tracking_listener(run, session)
                    listener.token = token
                    return listener
            return session

        try:
            message_id = super().send_email(
                message,
                mail_server_id=mail_server_id,
                smtp_server=smtp_server,
                smtp_port=smtp_port,
                smtp_user=smtp_user,
                smtp_password=smtp_password,
                smtp_encryption=smtp_encryption,
                smtp_ssl_certificate=smtp_ssl_certificate,
                smtp_ssl_private_key=smtp_ssl_private_key,
                smtp_debug=smtp_debug,
                smtp_session=listen(smtp_session),
            )
        except Exception as error:
            # A mail without any valid recipient does not stop the others: core goes on.
            if str(error) != self.NO_VALID_RECIPIENT:
                record(token, error=error)
            raise
        record(token)
        return message_id

    @api.model
    def _mail_tracking_listener(self, run, session):
        """Return the listener that replaces a session while it sends messages.

        :param SendRun run: of the batch; keeps the listener for the next message
        """
        if run.listener and run.listener.session is session:
            return run.listener
        sender = run.sender
        server = sender.mail_server or self.browse()

        def ask(session, token, message, smtp_from):
            with never_break_mail("ask for reports"):
                request = server._mail_tracking_dsn_request(run, token, session)
                if sender.asks_receipt is None:
                    sender.asks_receipt = asks_read_receipt(self.env)
                receipt = sender.asks_receipt
                # Otherwise a report would go to a person, not to us.
                if (request or receipt) and sender.is_bounce_address(
                    self.env, smtp_from
                ):
                    if receipt:
                        server._mail_tracking_ask_receipt(message, smtp_from)
                    return request
            return None

        run.listener = SmtpListener(
            session, _recorder(run), ask, server._mail_tracking_remember_refusal
        )
        return run.listener

    @api.model
    def _mail_tracking_sender(self, mail_server):
        """Return the `Sender` for a batch of mails that goes to one server.

        :param mail_server: record, or false for the server of the configuration
        """
        server = mail_server or self.browse()
        return Sender(
            self._mail_tracking_host(mail_server),
            mail_server,
            mail_server and mail_server.sudo().tracking_provider,
            server._mail_tracking_notify(),
        )

    @api.model
    def _mail_tracking_host(self, mail_server):
        """Return the name of the host that mails are handed to.

        :param mail_server: record, or false for the server of the configuration
        :rtype: str
        """
        if mail_server and mail_server.smtp_authentication != "cli":
            return mail_server.sudo().smtp_host
        return tools.config.get("smtp_server") or "localhost"

    def _mail_tracking_notify(self):
        """Return the reports to request from this server, None for none.

        :return: a value of NOTIFY; None also without a server, for the server of the
            configuration, for which nobody has chosen reports, and for personal ones,
            whose owners would find the reports in their mailboxes
        """
        server = self.sudo()
        if not server or server.owner_user_id or server.smtp_authentication == "cli":
            return None
        return NOTIFY.get(server.dsn_request or DEFAULT_REQUEST)

    def _mail_tracking_dsn_request(self, run, token, session):
        """Return the report request for one message of a session.

        :param SendRun run: of the batch
        :param str token: token of the message
        :param session: `smtplib` session, or what core's tests use instead
        :return: a `DsnRequest`, None when no reports are to be requested
        """
        has_extn = getattr(session, "has_extn", None)
        # Tests replace sessions with mocks, on which every attribute is true.
        if (
            not run.sender.notify
            or not has_extn
            or has_extn("dsn") is not True
            or self._mail_tracking_is_refusing_dsn()
        ):
            return None
        envelope_id = run.envelope_id(self.env, run.first(token))
        return DsnRequest.of(run.sender.notify, envelope_id)

    def _mail_tracking_is_refusing_dsn(self):
        return (
            _refusing_dsn_until.get((self.env.cr.dbname, self.id), 0) > time.monotonic()
        )

    def _mail_tracking_remember_refusal(self):
        """Remember for a while that the server refuses the reports it offers."""
        key = (self.env.cr.dbname, self.id)
        _refusing_dsn_until[key] = time.monotonic() + SECONDS_REMEMBERED
        _logger.warning(
            "Mail server %s offers delivery reports and refuses to be asked for them",
            self.sudo().display_name,
        )

    @api.model
    def _mail_tracking_ask_receipt(self, message, smtp_from):
        """Request a read receipt: RFC 8098 section 2.1.

        The receipt goes to the envelope sender: for any other address, mail programs
        should not send it automatically.

        :param message: the `EmailMessage` to send, changed in place
        :param str smtp_from: one of the bounce addresses
        """
        if not message["Disposition-Notification-To"]:
            message["Disposition-Notification-To"] = smtp_from
