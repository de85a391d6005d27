from odoo import api, models
from odoo.tools import SQL

from ...tools.merged_sql import doubles_of_sql, merged_with_sql, rank_merged_sql
from ...tools.states_sql import several_addresses_sql

# States which prove that a mail arrived. A complaint proves it too; "sent" does not.
THROUGH_STATES = ("delivered", "opened", "unsub", "spam")
# What is compared of a tracking. Recipients with several addresses are in `several`.
_OF_ONE_ADDRESS = SQL(
    """SELECT recipient_address, id, state_time, attempt, state
         FROM mail_tracking_email WHERE other_addresses IS NULL"""
)
_OF_SEVERAL_ADDRESSES = SQL(
    "SELECT recipient_address, id, state_time, attempt, state FROM several"
)


def _is_followed_sql(bounce, trackings):
    """Build the condition that a later mail to the address got through.

    OFFSET keeps PostgreSQL from reading all mails that arrived for a join.

    :param str bounce: alias of the bounce
    :param SQL trackings: where the later mail is looked for
    """
    return SQL(
        """
        EXISTS (
            SELECT
              FROM (%(trackings)s) later
             WHERE later.recipient_address = %(bounce)s.recipient_address
               AND later.state IN %(through)s
               AND later.state_time >= %(bounce)s.state_time
               AND (later.id > %(bounce)s.id OR later.attempt > 1
                    OR later.state = 'delivered')
            OFFSET 0)
        """,
        bounce=SQL.identifier(bounce),
        through=THROUGH_STATES,
        trackings=trackings,
    )


class MailTrackingEmail(models.Model):
    """Find out which addresses bounce, whoever has them, and follow merged contacts.

    After a merge both rows of a message stay, with their events, attempts and tokens,
    since reports keep coming for both. The one of the highest rank per message and
    contact is shown, counted and retried: `outranked` is true for the others, false for
    that one and NULL everywhere else.
    """

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

    # === ADDRESSES THAT BOUNCE ===#
    def _bouncing_addresses_sql(self, addresses=None):
        """Build the query for the normalised addresses that bounce.

        Only a hard bounce counts (RFC 3463, class 5: the address does not exist):
        `error` comes from our own server, `rejected` from a policy, `soft_bounced` is
        temporary. It counts until a mail gets through: reading a mail that is older
        than the bounce proves nothing about today.

        Where a recipient has several addresses, the events tell which one bounced.

        A mail that follows the last bounce of an address, in time and by its id,
        follows all of them: most addresses need one look. Bounces are looked at one by
        one where there is no such mail.

        :param list addresses: only these addresses, None for all
        :rtype: SQL
        """
        self.flush_model()
        sources = [_OF_ONE_ADDRESS]
        # Planning it takes longer than asking, and hardly anybody has such recipients.
        if addresses is not None or self._has_several_addresses():
            sources.append(_OF_SEVERAL_ADDRESSES)
        return SQL(
            """
            WITH %(several)s bounced AS NOT MATERIALIZED (%(bounced)s)
            SELECT last.recipient_address
              FROM (
                    SELECT recipient_address, max(id) AS id,
                           max(state_time) AS state_time
                      FROM bounced WHERE %(condition)s GROUP BY recipient_address
                   ) last
             WHERE NOT %(is_last_followed)s
               AND EXISTS (
                    SELECT FROM bounced bounce
                     WHERE bounce.recipient_address = last.recipient_address
                       AND NOT (%(is_followed)s)
                    OFFSET 0)
            """,
            several=(
                SQL("several AS MATERIALIZED (%s),", several_addresses_sql())
                if len(sources) > 1
                else SQL("")
            ),
            bounced=SQL(" UNION ALL ").join(
                SQL("SELECT * FROM (%s) mail WHERE state = 'bounced'", source)
                for source in sources
            ),
            condition=(
                SQL("TRUE")
                if addresses is None
                else SQL("recipient_address = ANY(%s)", addresses)
            ),
            is_last_followed=_is_followed_sql("last", _OF_ONE_ADDRESS),
            is_followed=SQL(" OR ").join(
                _is_followed_sql("bounce", source) for source in sources
            ),
        )

    def _has_several_addresses(self):
        """Return whether any recipient has several addresses."""
        self.env.cr.execute(
            "SELECT EXISTS ("
            "SELECT FROM mail_tracking_email WHERE other_addresses IS NOT NULL)"
        )
        return self.env.cr.fetchone()[0]

    # === MERGED CONTACTS ===#
    @api.model
    def _merge_partners(self, partner):
        """Update the trackings after contacts were merged into one.

        The contact gets a message once: one of the waiting rows goes on waiting, unless
        the contact has got the message already, and the others are canceled. Core's one
        notification is of the row that is shown.

        :param partner: the contact that now has all of their trackings
        """
        self.env.invalidate_all(flush=False)
        is_superfluous = dict(self.env.execute_query(doubles_of_sql(partner.id)))
        doubles = self.browse(is_superfluous)
        if superfluous := doubles.filtered(lambda t: is_superfluous[t.id]):
            superfluous._cancel_merged()
            superfluous._update_state()
            superfluous._leave_mails()
        if doubles:
            doubles._rank_merged()
            shown = doubles.filtered(lambda tracking: not tracking.outranked)
            shown._follow_with_notifications()

    def _leave_mails(self):
        """Take a merged contact out of queued mails that no tracking waits for."""
        mails = self.env["mail.mail"]
        for mail in mails.browse(set(self.mapped("mail_id")) - {0}).exists():
            left = self.search([("mail_id", "=", mail.id)])
            left = left.filtered(lambda tracking: tracking._has_begun())
            gone = self.partner_id - left.partner_id
            if mail.state != "outgoing" or not gone & mail.recipient_ids:
                continue
            mail._mail_tracking_lock()
            mail.recipient_ids -= gone
            if not (mail.recipient_ids or mail.email_to or mail.email_cc):
                mail.cancel()

    def _rank_merged(self):
        """Determine again which of the merged trackings are shown.

        :return: the trackings that are now shown or no longer shown
        """
        self.flush_model()
        self.env.cr.execute(rank_merged_sql(self.ids))
        changed = self.browse(row[0] for row in self.env.cr.fetchall())
        changed.invalidate_recordset(flush=False)
        return changed

    def _begin_attempt_of_merged(self):
        """Cancel what else failed or waits of merged contacts, as an attempt begins."""
        if not self.ids:
            return
        self.flush_model()
        others = self.browse(
            row[0] for row in self.env.execute_query(merged_with_sql(self.ids))
        )
        if not others:
            return
        for failed in others.filtered("is_failed"):
            failed.write({"attempt": failed.attempt + 1, "state": "waiting"})
        superfluous = others.filtered(lambda tracking: tracking.state == "waiting")
        superfluous._cancel_merged()
        others._update_state()
        superfluous._leave_mails()
        if moved := self._rank_merged():
            moved._notify_state()
            moved._notify_failed()

    def _cancel_merged(self):
        self._add_events(
            {
                "event_type": "canceled",
                "source": "queue",
                "diagnostic": self.env._("The contact was merged and gets one email."),
            }
        )
