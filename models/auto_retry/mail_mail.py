from odoo import fields, models

from ..queue.mail_mail import QUEUE

# sudo: the queue belongs to nobody, and no user calls this.


class MailMail(models.Model):
    """Let the queue send a mail again later."""

    _inherit = "mail.mail"

    def _mail_tracking_send_later(self, moment):
        """Leave the mails to the queue, and trigger it for that moment.

        :param datetime moment: in UTC, without a time zone
        """
        self.write({"scheduled_date": moment})
        queue = self.env.ref(QUEUE).sudo()
        queue._trigger(max(moment, fields.Datetime.now()))
