from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from odoo import api, models, modules
from odoo.tools import SQL

from ...tools.after_commit import in_own_transaction
from ...tools.guard import is_being_removed, never_break_mail
from ..recipients.mail_mail import NOTIFIES_ONLY, STATE_OF_MAIL_STATE

# sudo: whoever writes a mail may not write its trackings.

QUEUE = "mail.ir_cron_mail_scheduler_action"

# Maximum number of mails from before the installation that one queue run tracks.
MOST_UNTRACKED = 1_000

# States of mails that nobody sends unless a user asks for it.
NOT_SENT = ("exception", "cancel")


class MailMail(models.Model):
    """Create and update trackings while mails are in the queue."""

    _inherit = "mail.mail"

    # === CRUD ===#
    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(self._mail_tracking_with_choice(vals_list))
        with never_break_mail("follow new mails"):
            # The others have a message of their own, created with them.
            with_message = mails.browse(
                mail.id
                for mail, values in zip(mails, vals_list, strict=True)
                if values.get("mail_message_id")
            )
            mails._mail_tracking_begin(with_message._mail_tracking_siblings())
        return mails

    def write(self, vals):
        vals = self._mail_tracking_changed(vals)
        retried = canceled = self.browse()
        # A mail stays in the queue while it is being sent: that is no retry.
        is_sending = "mail_tracking_run" in self.env.context
        if vals.get("state") == "outgoing" and not is_sending:
            retried = self.filtered(lambda mail: mail.state != "outgoing")
        elif vals.get("state") == "cancel":
            canceled = self.filtered(lambda mail: mail.state == "outgoing")
        result = super().write(vals)
        with never_break_mail("follow a change of mails"):
            retried._mail_tracking_retry()
            canceled._mail_tracking_cancel()
            canceled._mail_tracking_keep_message()
            # Sending them will delete the message, which a canceled mail keeps.
            deleting = self if vals.get("auto_delete") else retried
            deleting._mail_tracking_drop_message()
        return result

    def unlink(self):
        if is_being_removed(self.env):
            return super().unlink()
        with never_break_mail("follow the deletion of mails"):
            self.filtered(lambda mail: mail.state == "outgoing")._mail_tracking_cancel()
        with never_break_mail("keep the message of a mail that was split"):
            self._mail_tracking_keep_shared_message()
        return super().unlink()

    def _mail_tracking_keep_shared_message(self):
        """Leave the message to the other mails that core has split these mails from.

        Core splits a mail for a personal server by copying it, with its message. A copy
        that is deleted when it is sent would delete the message as well, and with it
        the mail to the recipients who are still to be sent to.
        """
        run = self.env.context.get("mail_tracking_run")
        if run and run.is_personal:
            sharing = set().union(*self._mail_tracking_siblings().values())
            # Core takes the message of a notification for somebody else's.
            self.browse(sharing).write({"is_notification": True})

    def _mail_tracking_changed(self, vals):
        """Return the values without the Message-Id where it does not change.

        Core writes it after the mail is sent. It is stored on the message, which other
        mails share: two of them sent at once would conflict after SMTP, and one would
        be sent again. Only as superuser: core checks a user's own right to write.
        """
        message_id = vals.get("message_id")
        if (
            self.env.su
            and message_id
            and all(mail.message_id == message_id for mail in self)
        ):
            return {name: vals[name] for name in vals if name != "message_id"}
        return vals

    def _mail_tracking_filter(self):
        """Return the mails to track: neither incoming ones nor mass mailings.

        To be extended by modules whose mails are tracked elsewhere.
        """
        mails = self.filtered(lambda mail: mail.state in STATE_OF_MAIL_STATE)
        if "mailing_id" in self._fields:  # mass_mailing has a pixel and traces
            mails = mails.filtered(lambda mail: not mail.mailing_id)
        return mails

    # === QUEUE ===#
    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        if not email_ids:
            # In a transaction of its own: the one that sends updates no trackings.
            in_own_transaction(
                self.env, lambda env: env["mail.tracking.email"]._mend_before_queue()
            )
            with never_break_mail("follow mails that were queued before the addon"):
                self._mail_tracking_begin_untracked()
        result = super().process_email_queue(email_ids=email_ids, batch_size=batch_size)
        self._mail_tracking_resume_queue()
        return result

    @api.model
    def _mail_tracking_begin_untracked(self):
        """Create the trackings of mails that were queued before the installation."""
        untracked = self._mail_tracking_untracked(MOST_UNTRACKED)
        untracked._mail_tracking_create(
            untracked._mail_tracking_known(), untracked._mail_tracking_recipients()
        )

    @api.model
    def _mail_tracking_resume_queue(self):
        """Schedule another run of the queue when a conflict has aborted this one.

        Another transaction was sending the mail; the conflict arises before SMTP. Core
        logs it and goes on in the aborted transaction, in which the job fails. The rest
        of the queue would wait for the next hourly run.
        """
        cr = self.env.cr
        if modules.module.current_test:  # its cursor is not the transaction
            return
        if cr.connection.get_transaction_status() == TRANSACTION_STATUS_INERROR:
            cr.rollback()
            self.env.ref(QUEUE).sudo()._trigger()

    @api.model
    def _mail_tracking_untracked(self, limit):
        """Return queued mails without trackings, from before the installation.

        :param int limit: maximum number of mails
        """
        self.env.cr.execute(
            SQL(
                """SELECT mail.id FROM mail_mail mail
                    WHERE mail.state = 'outgoing' AND NOT EXISTS (
                          SELECT FROM mail_tracking_email tracking
                           WHERE tracking.mail_id = mail.id)
                      AND (mail.is_notification IS NOT TRUE OR NOT EXISTS (
                          SELECT FROM mail_tracking_email tracking
                           WHERE tracking.mail_message_id = mail.mail_message_id))
                 ORDER BY mail.id LIMIT %s""",
                limit,
            )
        )
        mails = self.sudo().browse(row[0] for row in self.env.cr.fetchall())
        return mails._mail_tracking_filter()

    def _mail_tracking_begin_added(self):
        """Create the trackings of recipients who were added to queued mails by hand.

        Whoever readdresses a mail to those it is tracked for would lose the others.
        """
        recipients = self._mail_tracking_recipients()
        self._mail_tracking_create(self._mail_tracking_known(), recipients, self.ids)

    def _mail_tracking_begin(self, siblings):
        """Create the trackings of new mails, in one batch.

        A mail may continue the trackings of another one: core copies mails for personal
        servers, and a retry may need a new mail.

        :param dict siblings: from `_mail_tracking_siblings`
        """
        mails = self._mail_tracking_filter()
        recipients = mails._mail_tracking_recipients()
        trackings_by_key = mails._mail_tracking_known_at_creation(recipients, siblings)
        carried = mails._mail_tracking_of(trackings_by_key) if trackings_by_key else {}
        mails._mail_tracking_create(trackings_by_key, recipients)
        for mail, trackings in carried.items():
            mail._mail_tracking_begin_attempt(trackings)

    def _mail_tracking_begin_attempt(self, trackings):
        """Begin the next attempt of trackings whose attempt by another mail is over.

        While the other mail is in the queue, this one is part of the same attempt.
        """
        done = trackings.filtered(lambda tracking: tracking.state != "waiting")
        queued = self.browse(done.mapped("mail_id")).exists()
        queued = queued.filtered(lambda mail: mail.state == "outgoing")
        done = done.filtered(lambda tracking: tracking.mail_id not in queued.ids)
        done.mail_id = self.id
        done._next_attempt()
        if "mail_tracking_run" in self.env.context:
            # Core has split a mail, whose recipients have left it. Their trackings
            # follow after the commit: the transaction that sends updates none.
            moved = trackings.filtered(lambda tracking: tracking.mail_id != self.id)
            values = {"mail_id": self.id}
            moved._update_state_after_commit(dict.fromkeys(moved.ids, values))

    def _mail_tracking_retry(self):
        if not self:
            return
        trackings_by_key = self._mail_tracking_known()
        for trackings in self._mail_tracking_of(trackings_by_key).values():
            # An attempt that has begun already, as by `_send_again`, is left alone.
            if done := trackings.filtered(lambda t: not t._has_begun()):
                # Events of the last sending that are still to be raised would count for
                # the next one.
                done._update_state()
                done._next_attempt()

    def _mail_tracking_cancel(self):
        if not self:
            return
        trackings_by_key = self._mail_tracking_known()
        of_mails = self._mail_tracking_of(trackings_by_key).values()
        trackings = self.env["mail.tracking.email"].sudo().union(*of_mails)
        trackings._add_events({"event_type": "canceled", "source": "queue"})
        trackings._update_state()

    def _mail_tracking_keep_message(self):
        """Link trackings to the messages of mails that were not sent.

        Only sending the mail would have deleted them: the chatter still shows them.
        """
        kept = self.filtered(
            lambda mail: (
                mail.state in NOT_SENT
                and mail.model
                and mail.res_id
                and mail.message_type != NOTIFIES_ONLY
                and _deletes_message(mail)
            )
        )
        if not kept:
            return
        Tracking = self.env["mail.tracking.email"].sudo()
        trackings = Tracking.search([("mail_id", "in", kept.ids)])
        for mail_id, of_mail in trackings.grouped("mail_id").items():
            message = self.browse(mail_id).mail_message_id
            of_mail.mail_message_id = message
            of_mail.author_id = message.author_id

    def _mail_tracking_drop_message(self):
        """Clear the links to messages that sending the mail will delete."""
        mails = self.filtered(_deletes_message)
        if not mails:
            return
        self.env["mail.tracking.email"].sudo().search(
            [("mail_id", "in", mails.ids), ("mail_message_id", "!=", False)]
        ).write({"mail_message_id": False, "author_id": False})


def _deletes_message(mail):
    """Return whether sending a mail deletes its message."""
    return mail.auto_delete and not mail.is_notification
