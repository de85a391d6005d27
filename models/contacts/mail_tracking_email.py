from odoo import models
from odoo.tools import SQL

# Somebody has got a mail. A complaint proves it too; "sent" does not.
THROUGH_STATES = ("delivered", "opened", "unsub", "spam")


class MailTrackingEmail(models.Model):
    """What the trackings tell of an address, whoever has it."""

    _inherit = "mail.tracking.email"

    _bounced = models.Index("(recipient_address) WHERE state = 'bounced'")
    # Without those of the hot path: a mail gets here when it has arrived.
    _through = models.Index(
        f"(recipient_address, state_time) WHERE state IN {THROUGH_STATES}"
    )
    _without_partner = models.Index(
        "(recipient_address) WHERE partner_id IS NULL AND recipient_address IS NOT NULL"
    )

    def _bouncing_addresses_sql(self, condition=None):
        """Build the query for the normalised addresses whose mail comes back.

        A hard bounce counts (RFC 3463, class 5: addresses that do not exist), and only
        that: `error` is of our own server, `rejected` of a policy, `soft_bounced` of
        the moment. It counts until a mail gets through: reading one that is older than
        the bounce proves nothing of today.

        :param SQL condition: on `bounce`, the tracking that came back
        :rtype: SQL
        """
        self.flush_model()
        return SQL(
            """
            SELECT bounce.recipient_address
              FROM mail_tracking_email bounce
             WHERE bounce.state = 'bounced' AND %s
               AND NOT EXISTS (
                    SELECT FROM mail_tracking_email later
                     WHERE later.recipient_address = bounce.recipient_address
                       AND later.state IN %s
                       AND later.state_time >= bounce.state_time
                       AND (later.id > bounce.id
                            OR later.attempt > 1
                            OR later.state = 'delivered'))
            """,
            condition or SQL("TRUE"),
            THROUGH_STATES,
        )
