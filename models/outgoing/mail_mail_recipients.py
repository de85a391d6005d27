from odoo import fields, models

from ...tools.recipients import recipient_key, recipients_of

# State of a mail to the state of its trackings. The composer and mass mailing create
# mails that are not to be sent: blacklisted, without address, doubled.
STATE_OF_MAIL_STATE = {
    "outgoing": "waiting",
    "exception": "error",
    "cancel": "canceled",
}

# Type of the messages that stand in no chatter: core tells nobody of their failures.
NOTIFIES_ONLY = "user_notification"

# Recipients, with their messages, of whom this transaction has begun to keep track.
BEGUN = "mail_activity_tracking.begun"

# What the lookup reads, in the same query.
KNOWN_FIELDS = [
    *("mail_message_id", "mail_id", "partner_id", "recipient", "recipient_address"),
    *("token", "attempt", "state", "create_date"),
]


class MailMail(models.Model):
    """The trackings of a mail: which it has, and how it gets them."""

    # An idea of its own, and together the two would be too long to read.
    _inherit = "mail.mail"  # pylint: disable=consider-merging-classes-inherited

    def _mail_tracking_scope(self):
        """Return within what a recipient has one tracking: the message, or the mail."""
        if self.is_notification:
            return ("message", self.mail_message_id.id)
        return ("mail", self.id)

    def _mail_tracking_known(self):
        """Look up the trackings of the mails, with one query.

        :return: dict from (scope, id, key of the recipient) to a tracking in sudo
        """
        Tracking = self.env["mail.tracking.email"].sudo()
        if not self:
            return {}
        messages = self.filtered("is_notification").mail_message_id
        domain = fields.Domain("mail_id", "in", self.ids)
        if messages:
            domain |= fields.Domain("mail_message_id", "in", messages.ids)
        known = {}
        for tracking in Tracking.search_fetch(domain, KNOWN_FIELDS):
            address = tracking.recipient_address or tracking.recipient
            key = recipient_key(tracking.partner_id.id, address)
            known[("message", tracking.mail_message_id.id, *key)] = tracking
            known[("mail", tracking.mail_id, *key)] = tracking
        return known

    def _mail_tracking_recipients(self):
        """Return the recipients of each mail: reading them is what takes longest.

        :return: dict from mail to list of `Recipient`
        """
        return {mail: recipients_of(mail) for mail in self}

    def _mail_tracking_known_at_creation(self, recipients_by_mail):
        """Look up the trackings that new mails may carry on.

        No query for mails with a message of their own, nor for the first mail of a
        message that this transaction has created: nothing can be known of those.

        :param dict recipients_by_mail: of `_mail_tracking_recipients`
        :return: as `_mail_tracking_known`
        """
        begun = self.env.cr.precommit.data.setdefault(BEGUN, set())
        now = self.env.cr.now()
        older = self.browse()
        for mail in self.filtered("is_notification"):
            message = mail.mail_message_id
            recipients = {(message.id, *r.key) for r in recipients_by_mail[mail]}
            if message.create_date < now or recipients & begun:
                older += mail
            begun |= recipients
        return older._mail_tracking_known()

    def _mail_tracking_of(self, known):
        """Return the trackings of each mail, out of those of `_mail_tracking_known`.

        :return: dict from mail to its trackings
        """
        trackings_by_mail = {}
        for mail in self:
            scope = mail._mail_tracking_scope()
            keys = [(*scope, *recipient.key) for recipient in recipients_of(mail)]
            found = [known[key].id for key in keys if key in known]
            trackings_by_mail[mail] = (
                self.env["mail.tracking.email"].sudo().browse(found)
            )
        return trackings_by_mail

    def _mail_tracking_create(self, known, recipients_by_mail):
        """Create the trackings that the mails lack, in one batch; known gets them.

        :param dict known: of `_mail_tracking_known`
        :param dict recipients_by_mail: of `_mail_tracking_recipients`
        """
        missing = self._mail_tracking_missing(known, recipients_by_mail)
        if missing:
            values_list = [values for _key, values in missing]
            trackings = self.env["mail.tracking.email"].sudo()._insert(values_list)
            keys = [key for key, _values in missing]
            known.update(zip(keys, trackings, strict=True))

    def _mail_tracking_missing(self, known, recipients_by_mail):
        """List what the mails lack.

        :param dict known: of `_mail_tracking_known`
        :param dict recipients_by_mail: of `_mail_tracking_recipients`
        :return: list of tuples (key in known, values of the tracking)
        """
        new_token = self.env["mail.tracking.email"]._new_token
        missing = []
        for mail in self:
            scope = mail._mail_tracking_scope()
            by_recipient = {(*scope, *r.key): r for r in recipients_by_mail[mail]}
            # All addresses without partner go out in one SMTP message.
            shared = [
                known[key].token
                for key, recipient in by_recipient.items()
                if key in known and not recipient.partner_id
            ]
            shared_token = shared[0] if shared else new_token()
            common = None
            for key, recipient in by_recipient.items():
                if key in known:
                    continue
                common = common or mail._mail_tracking_values()
                token = new_token() if recipient.partner_id else shared_token
                values = {**common, **recipient.values(), "token": token}
                missing.append((key, values))
        return missing

    def _mail_tracking_values(self):
        """Return what the trackings of all recipients of a mail have in common."""
        self.ensure_one()
        keeps_message = self.is_notification or not self.auto_delete
        is_watched = self.model and self.res_id and self.message_type != NOTIFIES_ONLY
        return {
            "name": self.subject,
            "sender": self.email_from,
            "message_id": self.message_id,
            "mail_message_id": self.mail_message_id.id if keeps_message else False,
            "mail_id": self.id,
            "model": self.model,
            "res_id": self.res_id,
            "notifies_only": self.message_type == NOTIFIES_ONLY,
            "company_id": self.record_company_id.id,
            "author_id": self.author_id.id if keeps_message and is_watched else False,
            "state": STATE_OF_MAIL_STATE[self.state],
            "state_time": fields.Datetime.now(),
            "error_type": self.failure_type,
            "error_description": self.failure_reason,
        }
