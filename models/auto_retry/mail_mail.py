from odoo import fields, models

# sudo: the queue belongs to nobody; nothing here is called for a user.


class MailMail(models.Model):
    """Send a mail again later, by the queue."""

    _inherit = "mail.mail"

    def _mail_tracking_send_later(self, moment):
        """Leave the mails to the queue, which runs at that moment.

        :param datetime moment: in UTC, without a time zone
        """
        self.write({"scheduled_date": moment})
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()
        queue._trigger(max(moment, fields.Datetime.now()))
