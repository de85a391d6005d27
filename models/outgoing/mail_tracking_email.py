from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...tools.recipients import LONGEST_ADDRESS
from ..tracking.mail_tracking_event import json_row, json_text

# sudo: whoever sends may not write trackings; these belong to mails being sent.

# Columns of a new tracking, with the maximum number of characters of each.
TRACKING_COLUMNS = {
    "name": 998,
    "sender": 998,
    "message_id": 998,
    "mail_message_id": None,
    "mail_id": None,
    "model": 255,
    "res_id": None,
    "notifies_only": None,
    "is_sent_once": None,
    "company_id": None,
    "author_id": None,
    "partner_id": None,
    "recipient": 998,
    "recipient_address": LONGEST_ADDRESS,
    "recipient_type": 2,
    "state": 16,
    "state_time": None,
    "error_type": 64,
    "error_description": 2000,
    "token": 26,
    "opens": 16,
    "tells": 16,
}
EVENT_OF_STATE = {"waiting": "queued", "error": "error", "canceled": "canceled"}
_CASES = " ".join(
    f"WHEN '{state}' THEN '{event}'" for state, event in EVENT_OF_STATE.items()
)
# Each recipient has the values of the mail and its own. The ids have the order of the
# rows. No user is stored with them: the message has its own, and to check in each row
# that the user exists takes an eighth of the statement.
INSERT = """
    WITH tracking AS (
        INSERT INTO mail_tracking_email
                    (%(names)s, attempt, create_date, write_date)
             SELECT %(names)s, 1, %(now)s, %(now)s
               FROM json_array_elements(%(rows)s) WITH ORDINALITY AS mail(row, number),
                    json_populate_recordset(
                        json_populate_record(NULL::mail_tracking_email, mail.row),
                        mail.row -> 'recipients'
                    ) WITH ORDINALITY AS one
           ORDER BY mail.number, one.ordinality
          RETURNING id, state, state_time, error_type, error_description)
    INSERT INTO mail_tracking_event
                (tracking_email_id, attempt, event_type, time, source,
                 error_type, diagnostic)
         SELECT id, 1, CASE state %(cases)s END, state_time, 'queue',
                error_type, error_description
           FROM tracking"""
PARTS = {"names": SQL(", ".join(TRACKING_COLUMNS)), "cases": SQL(_CASES)}


class MailTrackingEmail(models.Model):
    """Create the trackings of outgoing mails, and complete them after the commit."""

    _inherit = "mail.tracking.email"

    @api.model
    def _insert(self, values_by_mail):
        """Create trackings, each with the event that its first state follows from.

        A single statement creates both: two per mail would be one too many.

        :param list values_by_mail: tuples (dict of the values that all recipients of a
            mail share, list of dicts of those of each recipient); together they name
            `TRACKING_COLUMNS`, and `state` is one of `EVENT_OF_STATE`
        """
        rows = [
            {
                **json_row(common, TRACKING_COLUMNS),
                "recipients": [json_row(own, TRACKING_COLUMNS) for own in recipients],
            }
            for common, recipients in values_by_mail
        ]
        now = self.env.cr.now()
        self.env.cr.execute(SQL(INSERT, **PARTS, now=now, rows=json_text(rows)))

    def _set_sent_values(self, values_by_tracking):
        """Write the tracking values that sending has changed, after its commit.

        Core copies mails for personal servers, and the address of a contact may have
        changed while the mail was waiting.

        :param dict values_by_tracking: tracking id to a dict of values or None:
            `mail_id`, `recipient`, `recipient_address`, and in `other_addresses` a list
            of further normalised addresses that the mail was sent to
        """
        for tracking_id, values in values_by_tracking.items():
            if not values:
                continue
            tracking = self.browse(tracking_id)
            main = values.get("recipient_address") or tracking.recipient_address
            others = values.get("other_addresses", ())
            others_values = (
                tracking._other_addresses_values(others, main) if others else {}
            )
            tracking.write({**values, **others_values})

    def _snapshot(self):
        """Return the values that `_restore` needs to recreate the trackings.

        :return: dict from tracking id to dict of values
        """
        names = [
            *("name", "sender", "message_id", "model", "res_id", "company_id"),
            *("partner_id", "recipient", "recipient_address", "recipient_type"),
            *("token", "attempt", "opens"),
        ]
        return {values.pop("id"): values for values in self.read(names, load=None)}

    def _restore(self, fresh):
        """Recreate trackings that a savepoint rolled back after the mail was sent.

        Core sends a password reset inside a savepoint that it always rolls back: the
        mail is out, but its rows are gone (`auth_signup`, `_action_reset_password`).

        :param dict fresh: tracking id to tuple (values of `_snapshot`, list of values
            of the events that sending has inserted)
        """
        lost = self.browse(fresh) - self.browse(fresh).exists()
        for tracking in lost:
            values, events = fresh[tracking.id]
            for name in ("partner_id", "company_id"):
                comodel = self.env[self._fields[name].comodel_name]
                values[name] = comodel.browse(values[name]).exists().id
            restored = self.create(values)._restore_id(tracking.id)
            restored._add_events({"event_type": "queued", "source": "queue"})
            self.env["mail.tracking.event"]._insert(
                [{**event, "tracking_email_id": restored.id} for event in events]
            )
            restored._update_state()

    def _restore_id(self, tracking_id):
        """Set the former id of a recreated tracking, which the ENVID of the mail names.

        :param int tracking_id: id that the sequence assigned before the rollback
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

    def _waiting_mail_sudo(self):
        """Return the mail in the queue that the recipient is still to get.

        The state may say something else: of another address of the recipient.

        :return: `mail.mail` as superuser, empty when there is none
        """
        # sudo: only administrators have access to mails, see `_may_send_now`
        mail_sudo = self.env["mail.mail"].sudo().browse(self.mail_id or ()).exists()
        return mail_sudo.filtered(
            lambda mail: mail.state == "outgoing" and self.sudo()._has_begun()
        )

    def _may_send_now(self):
        """Return whether the user may send the mail, by the same rule as for retries.

        Users who may post on its document may; mails without a document are for
        administrators.
        """
        tracking_sudo = self.sudo()
        obstacles = self._obstacle_by_document(
            tracking_sudo.model, [tracking_sudo.res_id]
        )
        return not any(obstacles.values())

    def _send_now(self):
        """Send the mail after the commit, as a retry does.

        All of its recipients get it: core queues one mail for several recipients.

        :raise AccessError: when the user may not send it
        """
        self.ensure_one()
        if not self._may_send_now():
            raise AccessError(self.env._("You are not allowed to send this email."))
        self.sudo()._waiting_mail_sudo()._mail_tracking_send_soon()
