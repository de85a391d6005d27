from odoo import api, models
from odoo.tools import SQL

from .mail_tracking_event import clean_text, rows_sql

# The columns of a new tracking, with the most characters that one may hold.
COLUMNS = {
    "name": 998,
    "sender": 998,
    "message_id": 998,
    "mail_message_id": None,
    "mail_id": None,
    "model": 255,
    "res_id": None,
    "notifies_only": None,
    "company_id": None,
    "author_id": None,
    "partner_id": None,
    "recipient": 998,
    "recipient_address": 320,
    "recipient_type": 2,
    "state": 16,
    "state_time": None,
    "error_type": 64,
    "error_description": 2000,
    "token": 26,
}
EVENT_OF_STATE = {"waiting": "queued", "error": "error", "canceled": "canceled"}
_CASES = [f"WHEN '{state}' THEN '{event}'" for state, event in EVENT_OF_STATE.items()]
# Made once: this is what every mail waits for.
INSERT = "".join(
    [
        "WITH tracking AS (INSERT INTO mail_tracking_email (",
        ", ".join(COLUMNS),
        """, attempt, create_uid, create_date, write_uid, write_date)
             VALUES %s
          RETURNING id, state, state_time, error_type, error_description)
        INSERT INTO mail_tracking_event
                    (tracking_email_id, attempt, event_type, time, source,
                     error_type, diagnostic)
             SELECT id, 1, CASE state """,
        " ".join(_CASES),
        """ END, state_time, 'queue', error_type, error_description
               FROM tracking
          RETURNING tracking_email_id""",
    ]
)


class MailTrackingEmail(models.Model):
    """Create trackings on the hottest path: with each mail that enters the queue."""

    _inherit = "mail.tracking.email"

    @api.model
    def _insert(self, values_list):
        """Create trackings, each with the event that its first state follows from.

        One statement for all: two would be one for each mail too many.

        :param list values_list: dicts with a value for each of `COLUMNS`; `state` is
            one of `EVENT_OF_STATE`
        :return: the trackings, in the order of the values
        """
        now, uid = self.env.cr.now(), self.env.uid
        rows = [
            (
                *(
                    clean_text(values[name], size) or None
                    for name, size in COLUMNS.items()
                ),
                *(1, uid, now, uid, now),
            )
            for values in values_list
        ]
        self.env.cr.execute(SQL(INSERT, rows_sql(rows)))
        # Ids are given out in the order of VALUES.
        return self.browse(sorted(row[0] for row in self.env.cr.fetchall()))
