from collections import Counter

from odoo import fields
from odoo.tools import mute_logger

from .committed_case import CommittedCase

GREYLISTED = "451 4.7.1 Greylisted, come back later"
REFUSED = "550 5.1.1 No such user"


class AutoRetryCase(CommittedCase):
    """Messages that a server refuses, and the queue some minutes later."""

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.addons.mail.models.mail_mail"))
        with self.committed() as env:
            self.partners = env["res.partner"].create(
                [{"name": f"P{i}", "email": f"p{i}@example.com"} for i in range(3)]
            )
            self.document = env["res.partner"].create({"name": "Document"})
            self.created += [self.partners, self.document]

    def post(self, count=1, **values):
        """Post to the first contacts; return trackings by the number of the contact."""
        with self.committed() as env:
            message = self.document.with_env(env).message_post(
                body="Hello",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.partners[:count].ids,
                **values,
            )
        with self.committed() as env:
            domain = [("mail_message_id", "=", message.id)]
            trackings = env["mail.tracking.email"].search(domain)
            self.created.append(trackings)
            by_partner = {t.partner_id.id: t.id for t in trackings}
        self.message_id = message.id
        return [by_partner[partner.id] for partner in self.partners[:count]]

    def mail_to_two(self, env):
        """Queue one mail for two contacts; return it and its trackings."""
        mail = env["mail.mail"].create(
            {
                "subject": "Both",
                "body_html": "<p>x</p>",
                "email_from": "sender@example.com",
                "recipient_ids": self.partners[:2].ids,
            }
        )
        trackings = env["mail.tracking.email"].search([("mail_id", "=", mail.id)])
        self.created += [trackings, mail]
        return mail, trackings

    def tracking(self, env, tracking_id):
        return env["mail.tracking.email"].browse(tracking_id)

    def values_of(self, tracking_id):
        """Return state, attempt, minutes until the next attempt, core's status."""
        with self.committed() as env:
            tracking = self.tracking(env, tracking_id)
            mail = tracking._waiting_mail_sudo()
            minutes = None
            if mail.scheduled_date:
                wait = mail.scheduled_date - fields.Datetime.now()
                minutes = round(wait.total_seconds() / 60)
            status = tracking._get_notifications().notification_status
            return tracking.state, tracking.attempt, minutes, status

    def run_queue(self, minutes=0):
        """Run the queue for our mails, minutes later."""
        self.age(minutes)
        with self.committed() as env:
            domain = [("mail_message_id", "=", self.message_id)]
            mails = env["mail.mail"].search(domain)
            env["mail.mail"].process_email_queue(mails.ids)

    def age(self, minutes):
        """Move all times some minutes back."""
        with self.committed() as env:
            env.cr.execute(
                """UPDATE mail_mail
                      SET scheduled_date = scheduled_date - %(m)s * interval '1 minute'
                    WHERE mail_message_id = %(message)s;
                   UPDATE mail_tracking_event event
                      SET time = time - %(m)s * interval '1 minute'
                     FROM mail_tracking_email tracking
                    WHERE tracking.id = tracking_email_id
                      AND tracking.mail_message_id = %(message)s""",
                {"m": minutes, "message": self.message_id},
            )

    def copies(self):
        """Count the messages of each mailbox."""
        return Counter(to for to_list, _text in self.smtp.messages for to in to_list)
