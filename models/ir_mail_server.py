from odoo import api, models, tools

from ..tools.guard import never_break_mail
from ..tools.params import asks_read_receipt
from ..tools.reports.reader import TOKEN_HEADER
from ..tools.smtp.listener import SmtpListener


class IrMailServer(models.Model):
    """Hear what the mail server says of each message, and of the connection."""

    _inherit = "ir.mail_server"

    def _connect__(self, *args, **kwargs):
        try:
            return super()._connect__(*args, **kwargs)
        except Exception as error:
            run = self.env.context.get("mail_tracking_run")
            with never_break_mail("note a failed connection"):
                if run:
                    run.connection_error = error
                    server = self.browse(kwargs.get("mail_server_id"))
                    run.server = self._mail_tracking_name(server)
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

        def record(**outcome):
            if run and token:
                with never_break_mail("hear what became of a mail"):
                    run.record(token, **outcome)

        def listen(session):
            if not (run and token and session):
                return session
            with never_break_mail("listen to the mail server"):
                return self._mail_tracking_listener(run, token, session, record)
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
            # A mail without any valid recipient stops nobody else: core goes on.
            if str(error) != self.NO_VALID_RECIPIENT:
                record(error=error)
            raise
        record()
        return message_id

    @api.model
    def _mail_tracking_listener(self, run, token, session, record):
        """Give what stands in for the session while it sends one message.

        :param SendRun run: collector of this run
        :param str token: of the message
        :param record: called with what became of it
        """
        server = run.mail_server or self.browse()

        def ask(session, message, smtp_from):
            with never_break_mail("ask for reports"):
                request = server._mail_tracking_dsn_request(run.first(token), session)
                if run.receipt is None:
                    run.receipt = asks_read_receipt(self.env)
                receipt = run.receipt
                # Else a report would go to a person, and not to us.
                if (request or receipt) and run.is_bounce_address(self.env, smtp_from):
                    if receipt:
                        server._mail_tracking_ask_receipt(message, smtp_from)
                    return request
            return None

        return SmtpListener(session, record, ask, server._mail_tracking_refused)

    @api.model
    def _mail_tracking_name(self, mail_server):
        """Give the name of the host that mails are handed to.

        :param mail_server: record, or false for the server of the configuration
        :rtype: str
        """
        if mail_server and mail_server.smtp_authentication != "cli":
            return mail_server.sudo().smtp_host
        return tools.config.get("smtp_server") or "localhost"
