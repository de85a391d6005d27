import logging
import smtplib

from odoo import SUPERUSER_ID, Command, api, models, modules
from odoo.modules.registry import Registry
from odoo.tools import SQL

from ..queue.mail_mail import QUEUE

_logger = logging.getLogger(__name__)

# sudo: the right to post on the document was checked; mails are administrators'.

# Class of the mark that core adds to the text of a message that was edited.
EDITED = "o-mail-Message-edited"

# Each mail takes a connection of its own, and the user waits.
SENT_AT_ONCE = 20


class MailMail(models.Model):
    """Send a mail again to the recipients who did not receive it."""

    _inherit = "mail.mail"

    def _mail_tracking_send_again(self, failed, by_itself=False):
        """Queue mails for recipients whose next attempt has begun, and for nobody else.

        Each contact gets a mail of its own: core gives up the rest of a mail when one
        recipient is refused. The old mail keeps nobody who has received it or waits in
        another mail, so that core's own button sends nothing twice.

        :param failed: trackings of this mail, in sudo
        :param bool by_itself: whether the retry is automatic: each mail then has a time
            of its own, and whoever waits in this mail stays in it
        :return: the mails to send
        """
        self.ensure_one()
        self._mail_tracking_lock()
        is_queued = self.state == "outgoing"
        if is_queued:
            self._mail_tracking_begin_added()
        others = failed.search([("mail_id", "=", self.id)]) - failed
        left = others.filtered("is_failed")
        waiting = others.filtered(lambda t: is_queued and t._has_begun())
        if not by_itself and (is_queued or not self.is_notification):
            # A copy of a mail with a message of its own would share the message.
            if left:  # these would be lost with the mail
                self.auto_delete = False
            self._mail_tracking_readdress(failed + waiting)
            return self
        left = waiting if is_queued else left
        units = _units(failed)
        own = units.pop() if not left else None
        mails = self._mail_tracking_copy_for(units) if units else self.browse()
        if own:
            self._mail_tracking_readdress(own)
            return mails + self
        self.write(recipient_values(left))
        return mails

    def _mail_tracking_is_outdated(self):
        """Return whether the message was edited after the mail was made from it."""
        message = self.mail_message_id
        return (
            self.is_notification
            and EDITED in (message.body or "")
            and message.write_date > self.create_date
        )

    def _mail_tracking_let_go(self, failed):
        """Remove recipients who get another mail, and all who have received this one.

        :param failed: trackings of this mail, in sudo, whose next attempt has begun
        """
        self._mail_tracking_lock()
        is_queued = self.state == "outgoing"
        others = failed.search([("mail_id", "=", self.id)]) - failed
        left = others.filtered(lambda t: t._has_begun() if is_queued else t.is_failed)
        self.write(recipient_values(left))
        if not left:
            self.unlink()

    def _mail_tracking_lock(self):
        """Wait until nobody else sends the mail or retries its recipients.

        Sending locks the notifications and writes the mail at the end: with any other
        order of locks, a deadlock could arise after the mail is sent. A change since
        this transaction began raises a serialization failure, and Odoo retries.
        """
        self.flush_recordset()
        for records in (self._mail_tracking_held_when_sent(), self):
            self.env.cr.execute(
                SQL(
                    "SELECT FROM %s WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                    SQL.identifier(records._table),
                    records.ids,
                )
            )

    def _mail_tracking_try_lock(self):
        """Lock the mail unless somebody else sends it or retries its recipients.

        :return: whether it is locked; False when the mail is gone
        :rtype: bool
        """
        held = self._mail_tracking_held_when_sent()
        return bool(self) and all(
            records.try_lock_for_update() == records for records in (held, self)
        )

    def _mail_tracking_held_when_sent(self):
        """Return the notifications that core keeps locked while it sends.

        A mail without any has its own row locked instead (`_prepare_outgoing_list`).
        """
        return (
            self.env["mail.notification"]
            .sudo()
            .search(
                [
                    ("mail_mail_id", "in", self.ids),
                    ("notification_type", "=", "email"),
                    ("notification_status", "not in", ("sent", "canceled")),
                ],
                order="id",
            )
        )

    def _mail_tracking_lock_to_send(self):
        """Lock the mail before SMTP unless somebody else sends it or has sent it.

        :return: whether it may be sent
        :rtype: bool
        """
        return self._mail_tracking_try_lock() and self.state == "outgoing"

    def _mail_tracking_send_soon(self):
        """Send each mail after the commit in its own transaction, or many by the queue.

        In tests they are sent at once, as in core's `send_after_commit`.
        """
        parameters = self.env["ir.config_parameter"].sudo()
        limit = int(parameters.get_param("mail.mail.force.send.limit", 100))
        if len(self) >= min(limit, SENT_AT_ONCE):
            self.env.ref(QUEUE).sudo()._trigger()
        elif modules.module.current_test:
            self.send()
        elif self:
            dbname, ids = self.env.cr.dbname, self.ids
            self.env.cr.postcommit.add(lambda: send_each(dbname, ids))

    def _mail_tracking_readdress(self, trackings):
        """Queue the mail for the recipients of these trackings only."""
        self.write(
            {
                **recipient_values(trackings),
                "state": "outgoing",
                "scheduled_date": False,
                "failure_type": False,
                "failure_reason": False,
            }
        )

    def _mail_tracking_copy_for(self, units):
        """Copy the mail as core does for personal servers, `_split_by_delayed_batch`.

        :param list units: trackings of each copy; from then on they belong to it
        """
        original = self.with_user(self.create_uid).sudo()
        (values,) = original.copy_data(
            {
                "headers": self.headers,
                "is_notification": True,  # the message stays with the original
                "mail_message_id": self.mail_message_id.id,
                "failure_type": False,
                "failure_reason": False,
            }
        )
        values["scheduled_date"] = False
        copies = original.create(
            [{**values, **recipient_values(unit)} for unit in units]
        ).with_env(self.env)
        for copy, unit in zip(copies, units, strict=True):
            unit.mail_id = copy.id
        return copies


def _units(trackings):
    """Split trackings: one unit per contact, and one for addresses without a contact.

    :return: list of trackings, none of them empty
    """
    raw = trackings.filtered(lambda tracking: not tracking.partner_id)
    units = list(trackings - raw)
    return [*units, raw] if raw else units


def recipient_values(trackings):
    """Return the values of a mail that goes to the recipients of the trackings."""
    raw = trackings.filtered(lambda tracking: not tracking.partner_id)
    by_type = raw.grouped("recipient_type")
    return {
        "recipient_ids": [Command.set(trackings.partner_id.ids)],
        **{
            name: ",".join(by_type.get(kind, raw[:0]).mapped("recipient")) or False
            for name, kind in (("email_to", "to"), ("email_cc", "cc"))
        },
    }


def send_each(dbname, mail_ids):
    """Send mails one after the other; those that cannot be sent are left to the queue.

    Core sends them all in one transaction (`mail.mail.send_after_commit`): a conflict
    at the second undoes what is recorded of the first, which is sent, and the queue
    sends that one again. It also raises, and tells the user that nothing was sent.

    :param str dbname: name of the database
    :param list mail_ids: ids of `mail.mail`; one that is no longer in the queue, or is
        being sent elsewhere, is left alone
    """
    sent = [_send_one(dbname, mail_id) for mail_id in mail_ids]
    if not all(sent):
        _trigger_queue(dbname)


def _send_one(dbname, mail_id):
    """Send one mail.

    :return: whether there is nothing left to do for the queue
    :rtype: bool
    """
    # Errors of the database, too: the transaction is this mail's alone, and the queue
    # tries again.
    # nosemgrep: broad-except
    try:
        with Registry(dbname).cursor() as cr:
            mail = api.Environment(cr, SUPERUSER_ID, {})["mail.mail"].browse(mail_id)
            if mail._mail_tracking_lock_to_send():
                return _send_locked(mail)
    except Exception:
        _logger.warning("Mail %s is left to the queue", mail_id, exc_info=True)
        return False
    return True


def _send_locked(mail):
    """Send a mail, and keep what is recorded of it when the session breaks.

    The queue does the same; after a rollback the mail would be sent twice.
    """
    try:
        mail.send()
    except smtplib.SMTPServerDisconnected:
        _logger.info("Mail %s: the mail server has closed the connection", mail.id)
        return mail.state != "outgoing"
    return True


def _trigger_queue(dbname):
    # A transaction of its own, of which nothing is left.
    # nosemgrep: broad-except
    try:
        with Registry(dbname).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env.ref(QUEUE)._trigger()
    except Exception:
        _logger.warning("The mail queue runs at its own time", exc_info=True)
