from odoo import fields, models


class MailMail(models.Model):
    """Send a mail again later, by the queue."""

    _inherit = "mail.mail"

    tracking_never_retry = fields.Boolean(
        "Sent Once",
        default=lambda self: bool(self.env.context.get("mail_tracking_never_retry")),
        readonly=True,
        help="Not sent again by itself when a mail server cannot take it now",
    )

    def _mail_tracking_send_later(self, moment):
        """Leave the mails to the queue, which runs at that moment.

        :param datetime moment: in UTC, without a time zone
        """
        self.write({"scheduled_date": moment})
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()
        queue._trigger(max(moment, fields.Datetime.now()))
