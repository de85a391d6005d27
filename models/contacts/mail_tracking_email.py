from odoo import models
from odoo.tools import SQL

from ...tools.states_sql import several_addresses_sql

# States which prove that a mail arrived. A complaint proves it too; "sent" does not.
THROUGH_STATES = ("delivered", "opened", "unsub", "spam")
_IS_LATER = SQL(
    """later.state_time >= bounce.state_time
       AND (later.id > bounce.id OR later.attempt > 1 OR later.state = 'delivered')"""
)


class MailTrackingEmail(models.Model):
    """Find out from the trackings which addresses bounce, whoever has them."""

    _inherit = "mail.tracking.email"

    # Holds all columns that are read of bounces, in the order of their comparison.
    _bounced = models.Index(
        "(recipient_address, state_time DESC, id DESC)"
        " WHERE state = 'bounced' AND other_addresses IS NULL"
    )
    # Not touched by sending: a row enters this index when its mail has arrived.
    _through = models.Index(
        f"(recipient_address, state_time) WHERE state IN {THROUGH_STATES}"
    )
    _without_partner = models.Index(
        "(recipient_address) WHERE partner_id IS NULL AND recipient_address IS NOT NULL"
    )

    _several_addresses = models.Index("(id) WHERE other_addresses IS NOT NULL")

    def _bouncing_addresses_sql(self, addresses=None):
        """Build the query for the normalised addresses that bounce.

        Only a hard bounce counts (RFC 3463, class 5: the address does not exist):
        `error` comes from our own server, `rejected` from a policy, `soft_bounced` is
        temporary. It counts until a mail gets through: reading a mail that is older
        than the bounce proves nothing about today.

        Where a recipient has several addresses, the events tell which one bounced.

        A bounce is skipped when the address has a later bounce of a later mail: what
        follows that one also follows this one. OFFSET keeps PostgreSQL from reading all
        mails that arrived for a join.

        :param list addresses: only these addresses, None for all
        :rtype: SQL
        """
        self.flush_model()
        return SQL(
            """
            WITH several AS MATERIALIZED (%(several)s)
            SELECT bounce.recipient_address
              FROM (
                    SELECT recipient_address, id, state_time,
                           max(id) OVER (
                               PARTITION BY recipient_address
                               ORDER BY state_time DESC, id DESC
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                           ) AS later_id
                      FROM mail_tracking_email
                     WHERE state = 'bounced' AND other_addresses IS NULL
                     UNION ALL
                    SELECT recipient_address, id, state_time, NULL
                      FROM several WHERE state = 'bounced'
                   ) bounce
             WHERE %(condition)s
               AND (bounce.later_id IS NULL OR bounce.later_id < bounce.id)
               AND NOT EXISTS (
                    SELECT FROM mail_tracking_email later
                     WHERE later.recipient_address = bounce.recipient_address
                       AND later.other_addresses IS NULL
                       AND later.state IN %(through)s
                       AND %(is_later)s
                    OFFSET 0)
               AND NOT EXISTS (
                    SELECT FROM several later
                     WHERE later.recipient_address = bounce.recipient_address
                       AND later.state IN %(through)s
                       AND %(is_later)s)
            """,
            condition=(
                SQL("TRUE")
                if addresses is None
                else SQL("bounce.recipient_address = ANY(%s)", addresses)
            ),
            is_later=_IS_LATER,
            several=several_addresses_sql(),
            through=THROUGH_STATES,
        )
