from odoo import fields, models, modules
from odoo.tools import SQL

from ...tools.recipients import KnownTracking, recipients_of

# sudo: whoever writes a mail may not write its trackings.

# State of a mail to the state of its trackings. The composer and mass mailing create
# mails that are not to be sent: blacklisted, without an address, duplicates.
STATE_OF_MAIL_STATE = {
    "outgoing": "waiting",
    "exception": "error",
    "cancel": "canceled",
}

# Type of messages that no chatter shows: core notifies nobody of their failures.
NOTIFIES_ONLY = "user_notification"

# Key of the (message, recipient) tuples that this transaction has begun to track.
BEGUN = "mail_activity_tracking.begun"

# First key of the advisory locks on messages.
LOCK = 731_628

# Somebody else has created trackings that this transaction cannot see.
CONFLICT = """DO $$ BEGIN RAISE serialization_failure
    USING MESSAGE = 'Trackings of these messages were created meanwhile'; END $$"""

# What is read of contacts, here and by core while it sends. Without `fetch` the first
# of these reads the whole row of each contact.
PARTNER_FIELDS = ["name", "email", "partner_share"]


class MailMail(models.Model):
    """Look up the trackings of mails, and create the missing ones."""

    _inherit = "mail.mail"

    def _mail_tracking_scope(self):
        """Return the scope of a recipient's one tracking: the message, or the mail."""
        if self.is_notification:
            return ("message", self.mail_message_id.id)
        return ("mail", self.id)

    def _mail_tracking_siblings(self):
        """Look up the other mails that share a message with one of these mails.

        Core splits a mail for a personal server by copying it, and a copy of a mail
        with a message of its own shares that message (`_split_by_delayed_batch`). No
        query runs for notifications, which share a message anyway.

        :return: dict from the id of each other mail to a list of ids of these mails
        """
        own = self.filtered(lambda mail: not mail.is_notification)
        if not own:
            return {}
        others = self.sudo().search_fetch(
            [
                ("mail_message_id", "in", own.mail_message_id.ids),
                ("id", "not in", own.ids),
            ],
            ["mail_message_id"],
        )
        by_message = own.grouped("mail_message_id")
        return {other.id: by_message[other.mail_message_id].ids for other in others}

    def _mail_tracking_known(self, siblings=None):
        """Look up the trackings of the mails, with one query.

        :param dict siblings: from `_mail_tracking_siblings`
        :return: dict from (scope, id, key of the recipient) to a `KnownTracking`
        """
        # sudo: whoever sends may not read trackings
        Tracking = self.env["mail.tracking.email"].sudo()
        if not self:
            return {}
        siblings = siblings or {}
        messages = self.filtered("is_notification").mail_message_id
        domain = fields.Domain("mail_id", "in", [*self.ids, *siblings])
        if messages:
            domain |= fields.Domain("mail_message_id", "in", messages.ids)
        query = Tracking._search(domain)
        columns = [
            Tracking._field_to_sql(query.table, name, query)
            for name in KnownTracking._fields
        ]
        trackings_by_key = {}
        for row in self.env.execute_query(query.select(*columns)):
            tracking = KnownTracking(*row)
            key, mail_id = tracking.key, tracking.mail_id
            scopes = [("mail", mail) for mail in (mail_id, *siblings.get(mail_id, ()))]
            for scope in (("message", tracking.mail_message_id), *scopes):
                other = trackings_by_key.setdefault((*scope, *key), tracking)
                if other.carried_rank < tracking.carried_rank:
                    trackings_by_key[(*scope, *key)] = tracking
        return trackings_by_key

    def _mail_tracking_recipients(self):
        """Return the recipients of each mail.

        :return: dict from mail to list of `Recipient`
        """
        self.sudo().recipient_ids.fetch(PARTNER_FIELDS)
        return {mail: recipients_of(mail) for mail in self}

    def _mail_tracking_known_at_creation(self, recipients_by_mail, siblings):
        """Look up the trackings that new mails may continue.

        No query for mails with a message of their own, nor for the first mail of a
        message that this transaction has created: these cannot have trackings yet.

        :param dict recipients_by_mail: from `_mail_tracking_recipients`
        :param dict siblings: from `_mail_tracking_siblings`
        :return: as `_mail_tracking_known`
        """
        # Kept until the commit: a savepoint that is rolled back costs a query at most.
        begun = self.env.cr.postcommit.data.setdefault(BEGUN, set())
        now = self.env.cr.now()
        older = self.browse()
        for mail in self.filtered("is_notification"):
            message = mail.mail_message_id
            recipients = {(message.id, *r.key) for r in recipients_by_mail[mail]}
            if message.create_date < now or recipients & begun:
                older += mail
            begun |= recipients
        older._mail_tracking_wait_for_others()
        copies = {mail_id for mail_ids in siblings.values() for mail_id in mail_ids}
        return (older | self.browse(copies))._mail_tracking_known(siblings)

    def _mail_tracking_wait_for_others(self):
        """Let one transaction at a time create trackings of existing messages.

        A recipient has one tracking per message. No index can enforce this: core merges
        and deletes contacts in SQL, and would violate an index on the contact. Sending
        takes no lock.

        :raise psycopg2.errors.SerializationFailure: when another transaction created
            trackings that this one cannot see; Odoo retries
        """
        is_sending = "mail_tracking_run" in self.env.context
        if not self or is_sending or modules.module.current_test:
            return
        message_ids = sorted(self.mail_message_id.ids)
        cr = self.env.cr
        cr.execute(
            SQL(
                "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::integer[]) id",
                LOCK,
                message_ids,
            )
        )
        rows = SQL(
            "SELECT id FROM mail_tracking_email WHERE mail_message_id = ANY(%s)",
            message_ids,
        )
        self.env["mail.tracking.email"].flush_model()
        cr.execute(rows)
        own = set(cr.fetchall())
        with self.env.registry.cursor() as committed:
            committed.execute(rows)
            unseen = set(committed.fetchall()) - own
        if unseen:
            # By PostgreSQL: `odoo.service.model.retrying` looks at the code, which an
            # exception made here does not have.
            cr.execute(CONFLICT, log_exceptions=False)

    def _mail_tracking_of(self, trackings_by_key):
        """Return the trackings of each mail, taken from `_mail_tracking_known`.

        :return: dict from mail to its trackings
        """
        trackings_by_mail = {}
        Tracking = self.env["mail.tracking.email"].sudo()
        for mail in self:
            trackings = (
                mail._mail_tracking_find(trackings_by_key, r)
                for r in recipients_of(mail)
            )
            ids = dict.fromkeys(tracking.id for tracking in trackings if tracking)
            trackings_by_mail[mail] = Tracking.browse(ids)
        return trackings_by_mail

    def _mail_tracking_find(self, trackings_by_key, recipient):
        """Return the tracking of a recipient of this mail, None without one.

        A merged contact has several trackings of one message, of which one may belong
        to this very mail.

        :param dict trackings_by_key: from `_mail_tracking_known`
        """
        key = recipient.key
        of_mail = trackings_by_key.get(("mail", self.id, *key))
        return of_mail or trackings_by_key.get((*self._mail_tracking_scope(), *key))

    def _mail_tracking_create(self, trackings_by_key, recipients_by_mail, leftover=()):
        """Create the missing trackings of the mails.

        :param dict trackings_by_key: from `_mail_tracking_known`
        :param dict recipients_by_mail: from `_mail_tracking_recipients`
        :param leftover: ids of mails that recipients have left: no tracking without a
            recipient is added to these
        :return: whether any were missing
        """
        values_by_mail = []
        for mail, common, values_list in self._mail_tracking_missing(
            trackings_by_key, recipients_by_mail
        ):
            own = [v for v in values_list if v["recipient"] or mail.id not in leftover]
            if own:
                values_by_mail.append((common, own))
        if values_by_mail:
            self.env["mail.tracking.email"].sudo()._insert(values_by_mail)
        return bool(values_by_mail)

    def _mail_tracking_missing(self, trackings_by_key, recipients_by_mail):
        """Return the values of the trackings that the mails lack.

        :param dict trackings_by_key: from `_mail_tracking_known`
        :param dict recipients_by_mail: from `_mail_tracking_recipients`
        :return: list of tuples (mail, dict of the values that its trackings share, list
            of dicts of the values of one recipient)
        """
        new_token = self.env["mail.tracking.email"]._new_token
        opens = self._mail_tracking_opens()
        missing = []
        for mail in self:
            scope = mail._mail_tracking_scope()
            by_recipient = {(*scope, *r.key): r for r in recipients_by_mail[mail]}
            # All addresses without a partner go out in one SMTP message.
            shared = [
                trackings_by_key[key].token
                for key, recipient in by_recipient.items()
                if key in trackings_by_key and not recipient.partner_id
            ]
            shared_token = shared[0] if shared else new_token()
            values_list = [
                {
                    **recipient.values(),
                    "token": new_token() if recipient.partner_id else shared_token,
                }
                for key, recipient in by_recipient.items()
                if key not in trackings_by_key
            ]
            if values_list:
                common = mail._mail_tracking_values(opens[mail])
                missing.append((mail, common, values_list))
        return missing

    def _mail_tracking_values(self, opens):
        """Return what the trackings of all recipients of a mail have in common.

        :param opens: how its opens are treated, of `OPENS` or None
        """
        self.ensure_one()
        # Through the mail these are related fields, which take ten times as long. Only
        # the id of the document is not in the cache of a message that is new.
        message, res_id = self.sudo().mail_message_id, self.res_id
        notifies_only = message.message_type == NOTIFIES_ONLY
        keeps_message = self.is_notification or not self.auto_delete
        stays = keeps_message or self.state == "cancel"
        has_failed = self.state != "outgoing"  # else it is of an attempt before
        is_watched = message.model and res_id and not notifies_only
        return {
            "name": message.subject,
            "sender": message.email_from,
            "message_id": message.message_id,
            "mail_message_id": message.id if stays else False,
            "mail_id": self.id,
            "model": message.model,
            "res_id": res_id,
            "notifies_only": notifies_only,
            "is_sent_once": self.env.context.get("mail_tracking_never_retry"),
            "company_id": message.record_company_id.id,
            "author_id": message.author_id.id
            if keeps_message and is_watched
            else False,
            "state": STATE_OF_MAIL_STATE[self.state],
            "state_time": fields.Datetime.now(),
            "error_type": has_failed and self.failure_type,
            "error_description": has_failed and self.failure_reason,
            "opens": opens,
            "tells": keeps_message and is_watched and self._mail_tracking_tells(opens),
        }
