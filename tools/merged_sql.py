"""Trackings of contacts that were merged, in SQL: which one is shown."""

from odoo.tools import SQL

from .states import REACHED_STATES
from .states_sql import rank_sql

# A canceled tracking says least: another row of the contact is about a mail that was,
# or will be, sent.
_BEST_FIRST = SQL(
    "tracking.state = 'canceled', %s DESC, tracking.id DESC",
    rank_sql(SQL("tracking.state")),
)


def doubles_of_sql(partner_id):
    """Build the query for the trackings of a contact who has several for one message.

    :return: `SQL` with the columns id, and whether the tracking waits for a mail that
        the contact gets, or has got, anyway
    """
    return SQL(
        """
        SELECT id, is_waiting AND (place > 1 OR is_reached) AS is_superfluous
          FROM (
            SELECT id, mail_message_id, state = 'waiting' AS is_waiting,
                   row_number() OVER (PARTITION BY content, state ORDER BY id) AS place,
                   bool_or(state IN %s) OVER (PARTITION BY content) AS is_reached,
                   count(*) OVER (PARTITION BY content) AS of_content
              FROM (
                SELECT *, COALESCE(mail_message_id, -mail_id) AS content
                  FROM mail_tracking_email
                 WHERE partner_id = %s
                   ) own
               ) own
         WHERE of_content > 1 AND (mail_message_id IS NOT NULL OR is_waiting)
        """,
        REACHED_STATES,
        partner_id,
    )


def rank_merged_sql(tracking_ids):
    """Build the statements that find out which of the merged trackings are shown.

    The rows are locked first: else two changes would each read old rows of the other.

    :param list tracking_ids: ids of `mail.tracking.email`; the others of the same
        message and contact are found
    :return: `SQL` that returns the ids of the trackings that have changed
    """
    same = SQL(
        """(mail_message_id, partner_id) IN (
                SELECT mail_message_id, partner_id FROM mail_tracking_email
                 WHERE id = ANY(%s))""",
        tracking_ids,
    )
    return SQL(
        """
        SELECT FROM mail_tracking_email
         WHERE %(same)s ORDER BY id FOR NO KEY UPDATE;

        UPDATE mail_tracking_email tracking
           SET outranked = ranked.outranked
          FROM (
            SELECT id,
                   CASE WHEN count(*) OVER same > 1
                        THEN row_number() OVER (same ORDER BY %(best_first)s) > 1
                    END AS outranked
              FROM mail_tracking_email tracking
             WHERE %(same)s
            WINDOW same AS (PARTITION BY mail_message_id, partner_id)
               ) ranked
         WHERE tracking.id = ranked.id
           AND tracking.outranked IS DISTINCT FROM ranked.outranked
     RETURNING tracking.id
        """,
        best_first=_BEST_FIRST,
        same=same,
    )


def merged_with_sql(tracking_ids):
    """Build the query for the other trackings of the same messages and contacts."""
    return SQL(
        """
        SELECT other.id
          FROM mail_tracking_email own
          JOIN mail_tracking_email other
            ON other.mail_message_id = own.mail_message_id
           AND other.partner_id = own.partner_id
         WHERE own.id = ANY(%(ids)s) AND own.outranked IS NOT NULL
           AND other.id <> ALL(%(ids)s)
        """,
        ids=tracking_ids,
    )


def merge_notifications_sql(partner_ids, partner_id):
    """Build the statement that moves core's notifications to the contact that stays.

    Of each message one is moved, unless the contact that stays has one. When a message
    has two, core would delete every notification of the contacts that go.

    :param list partner_ids: ids of the contacts that go
    :param int partner_id: id of the one that stays
    """
    return SQL(
        """
        UPDATE mail_notification SET res_partner_id = %(partner_id)s
         WHERE id IN (
            SELECT DISTINCT ON (mail_message_id) id
              FROM mail_notification gone
             WHERE res_partner_id = ANY(%(partner_ids)s) AND NOT EXISTS (
                   SELECT FROM mail_notification kept
                    WHERE kept.res_partner_id = %(partner_id)s
                      AND kept.mail_message_id = gone.mail_message_id)
          ORDER BY mail_message_id, id)
        """,
        partner_ids=partner_ids,
        partner_id=partner_id,
    )
