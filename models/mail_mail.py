from odoo import api, models, tools

from ..tools.after_commit import PendingStates
from ..tools.guard import never_break_mail
from ..tools.reports.reader import TOKEN_HEADER
from ..tools.smtp.send_run import SendRun


class MailMail(models.Model):
    """Follow each recipient of the mail from the queue to the mail server.

    The transaction that sends inserts events and touches no row of a tracking: an
    update there conflicts with an opening that comes in meanwhile, and Odoo sends the
    whole batch again.
    """

    _inherit = "mail.mail"

    # === CRUD ===#
    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        with never_break_mail("follow new mails"):
            mails._mail_tracking_begin()
        return mails

    def write(self, vals):
        retried = canceled = self.browse()
        if vals.get("state") == "outgoing":
            retried = self.filtered(lambda mail: mail.state != "outgoing")
        elif vals.get("state") == "cancel":
            canceled = self.filtered(lambda mail: mail.state == "outgoing")
        result = super().write(vals)
        with never_break_mail("follow a change of mails"):
            retried._mail_tracking_retry()
            canceled._mail_tracking_cancel()
            if vals.get("auto_delete"):
                self._mail_tracking_drop_message()
        return result

    def unlink(self):
        with never_break_mail("follow the deletion of mails"):
            self.filtered(lambda mail: mail.state == "outgoing")._mail_tracking_cancel()
        return super().unlink()

    # === SENDING ===#
    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        # The collector goes through the context: core hands the answers of SMTP from
        # `ir.mail_server` to nobody.
        collecting = self.with_context(mail_tracking_run=SendRun())
        return super(MailMail, collecting).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def _send(
        self,
        auto_commit=False,
        raise_exception=False,
        smtp_session=None,
        alias_domain_id=False,
        mail_server=False,
        post_send_callback=None,
    ):
        run = self.env.context.get("mail_tracking_run") or SendRun()
        with never_break_mail("look up whom to follow"):
            run.server = self.env["ir.mail_server"]._mail_tracking_name(mail_server)
            run.mail_server = mail_server
            run.provider = mail_server and mail_server.sudo().tracking_provider
            if auto_commit:
                run.pending = PendingStates(self.env.cr.dbname, coalesce=True)
            self._mail_tracking_follow(run)
        try:
            return super(MailMail, self.with_context(mail_tracking_run=run))._send(
                auto_commit=auto_commit,
                raise_exception=raise_exception,
                smtp_session=smtp_session,
                alias_domain_id=alias_domain_id,
                mail_server=mail_server,
                post_send_callback=post_send_callback,
            )
        finally:
            if run.pending:
                run.pending.close()

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        email_list = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        run = self.env.context.get("mail_tracking_run")
        if run and run.knows(self.id):
            with never_break_mail("mark a mail"):
                pixel = self.env["mail.tracking.email"]._get_pixel()
                for email in email_list:
                    self._mail_tracking_mark(run, email, pixel)
        return email_list

    def _mail_tracking_mark(self, run, email, pixel):
        """Make one SMTP message recognisable.

        :param dict email: value of `_prepare_outgoing_list`, changed in place
        :param str pixel: HTML with a place for the token, empty when switched off
        """
        tracked = run.tracked_in(self.id, email)
        if not tracked:
            return
        token = tracked[0].token
        # A new dict: core gives the same one to all recipients.
        # What somebody else has put there stays: it may be another use of the provider.
        email["headers"] = {
            **self._mail_tracking_headers(run, tracked[0]),
            **email["headers"],
            TOKEN_HEADER: token,
        }
        if pixel and email["body"]:
            # The text part is made already, and stays without it.
            email["body"] = tools.mail.append_content_to_html(
                email["body"], pixel.format(token=token), plaintext=False
            )

    def _mail_tracking_headers(self, run, tracked):
        """Give the headers of one SMTP message besides the token.

        To be extended by who needs one for the server that the mail goes to.

        :param SendRun run: of this sending
        :param Tracked tracked: recipient, the first of several
        :return: dict
        """
        return {}

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # Before super(), which deletes the mails that delete themselves.
        with never_break_mail("note what was sent"):
            self._mail_tracking_note_sent(
                {partner.id for partner in success_pids},
                set(tools.email_normalize_all(",".join(success_emails))),
                failure_type,
                failure_reason,
            )
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
