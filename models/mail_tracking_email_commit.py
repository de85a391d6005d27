from odoo import models, modules
from odoo.tools import SQL

from ..tools.after_commit import KEY, PendingStates


class MailTrackingEmail(models.Model):
    """What happens to trackings once the transaction that has sent is committed."""

    _inherit = "mail.tracking.email"

    def _update_state_after_commit(self, mail_by_tracking, fresh, pending=None):
        """Raise the states once the events are committed.

        In tests at once and on the same cursor, as core's `send_after_commit` does.

        :param dict mail_by_tracking: tracking id to the id of the mail that now carries
            it, or None where that has not changed
        :param dict fresh: see `_restore`
        :param PendingStates pending: collects over several commits
        """
        cr = self.env.cr
        if modules.module.current_test:
            self._carried_by(mail_by_tracking)
            self._update_state()
            return
        pending = pending or cr.postcommit.data.get(KEY) or PendingStates(cr.dbname)
        pending.add(cr, mail_by_tracking, fresh)

    def _carried_by(self, mail_by_tracking):
        """Note which mail.mail carries the trackings where core has copied one."""
        for tracking_id, mail_id in mail_by_tracking.items():
            if mail_id:
                self.browse(tracking_id).mail_id = mail_id

    def _snapshot(self):
        """Give what `_restore` needs to bring the trackings back.

        :return: dict from tracking id to dict of values
        """
        names = [
            *("name", "sender", "message_id", "model", "res_id", "company_id"),
            *("partner_id", "recipient", "recipient_address", "recipient_type"),
            *("token", "attempt"),
        ]
        return {values.pop("id"): values for values in self.read(names, load=None)}

    def _restore(self, fresh):
        """Bring back trackings that a savepoint took back after the mail was sent.

        Core sends a password reset inside a savepoint which it always rolls back: the
        mail is out, its rows are gone (`auth_signup`, `_action_reset_password`).

        :param dict fresh: tracking id to tuple (values of `_snapshot`, list of values
            of the events that sending has inserted)
        """
        lost = self.browse(fresh) - self.browse(fresh).exists()
        for tracking in lost:
            values, events = fresh[tracking.id]
            for name in ("partner_id", "company_id"):
                comodel = self.env[self._fields[name].comodel_name]
                values[name] = comodel.browse(values[name]).exists().id
            restored = self.create(values)._renumbered(tracking.id)
            restored._add_events({"event_type": "queued", "source": "queue"})
            self.env["mail.tracking.event"]._insert(
                [{**event, "tracking_email_id": restored.id} for event in events]
            )
            restored._update_state()

    def _renumbered(self, tracking_id):
        """Give a new tracking the id that it had: the ENVID of the mail names it.

        :param int tracking_id: given out by the sequence, and lost since
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE mail_tracking_email SET id = %s WHERE id = %s",
                tracking_id,
                self.id,
            )
        )
        self.invalidate_recordset(flush=False)
        return self.browse(tracking_id)
