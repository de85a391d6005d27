from odoo import fields, models
from odoo.tools import SQL, split_every

from ...tools.consent import OPEN_EVENTS, OPENS, OPENS_NEVER
from ..contacts.mail_tracking_email import THROUGH_STATES

REMOVED = "opens_removed"
BATCH = 1000


class MailTrackingEmail(models.Model):
    """Whether opens may be recorded, and their removal after a withdrawal."""

    _inherit = "mail.tracking.email"

    # NULL in ordinary rows.
    opens = fields.Selection(
        OPENS,
        "Recording of Opens",
        readonly=True,
        help="Empty: opens are recorded unless the recipient has refused",
    )

    def _remove_opens(self, addresses):
        """Remove the opens and clicks of people who have withdrawn their consent.

        Nothing more is recorded of these mails: a hit that waits for the lock finds its
        row changed. A transaction that is not READ COMMITTED may miss rows that are
        committed in the meantime.

        :param list addresses: normalised addresses
        :return: the trackings whose state changed
        """
        changed = self.browse()
        for ids in split_every(BATCH, self._ids_of_addresses(addresses)):
            changed |= self.browse(ids)._remove_own_opens()
        return changed

    def _remove_own_opens(self):
        self.flush_model()
        self.env["mail.tracking.event"].flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT FROM mail_tracking_email
                    WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE""",
                self.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """DELETE FROM mail_tracking_event
                    WHERE tracking_email_id = ANY(%s) AND event_type IN %s
                RETURNING tracking_email_id""",
                self.ids,
                OPEN_EVENTS,
            )
        )
        opened = self.browse({row[0] for row in self.env.cr.fetchall()})
        self.env.cr.execute(
            SQL(
                """UPDATE mail_tracking_email
                      SET opens = %s, hit_count = NULL, last_hit = NULL,
                          best_evidence = NULL, open_count = NULL, first_open = NULL,
                          last_open = NULL
                    WHERE id = ANY(%s)""",
                OPENS_NEVER,
                self.ids,
            )
        )
        self.invalidate_model(flush=False)
        self.env["mail.tracking.event"].invalidate_model(flush=False)
        opened._add_events({"event_type": REMOVED, "source": "consent"})
        return opened._fold_state()

    def _ids_of_addresses(self, addresses):
        """Return the ids of the trackings of mails to addresses, found by indexes.

        They are mails to contacts who have the addresses, mails to no contact, and
        mails delivered before the address of their contact was changed.

        :param list addresses: normalised addresses
        :return: sorted list of ids
        """
        self.flush_model()
        self.env["res.partner"].flush_model(["email_normalized"])
        partners = self.env["res.partner"]._with_mail_tracking_addresses(addresses)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM mail_tracking_email
                 WHERE partner_id = ANY(%(partners)s) AND (
                       recipient_address = ANY(%(addresses)s)
                       OR string_to_array(other_addresses, ',') && %(addresses)s)
                 UNION
                SELECT id FROM mail_tracking_email
                 WHERE partner_id IS NULL AND recipient_address = ANY(%(addresses)s)
                 UNION
                SELECT id FROM mail_tracking_email
                 WHERE state IN %(through)s AND recipient_address = ANY(%(addresses)s)
                 UNION
                SELECT id FROM mail_tracking_email
                 WHERE other_addresses IS NOT NULL
                   AND string_to_array(other_addresses, ',') && %(addresses)s
                """,
                addresses=list(addresses),
                partners=partners.ids,
                through=THROUGH_STATES,
            )
        )
        return sorted(row[0] for row in rows)
