"""The fold of `states` in SQL, generated from the same tables."""

from typing import NamedTuple

from odoo.tools import SQL

from .states import (
    BEGINNING,
    CANCELED,
    COMPLAINT_STATES,
    EVENTS_OF_THE_MAIL,
    EVIDENCE_STATE,
    FAILED_STATES,
    STATE_RANK,
    WITHDRAWAL,
    event_rows,
)

# A withdrawn complaint no longer counts. Checked for complaints only.
_STANDS = SQL(
    """(means.state NOT IN %s OR NOT EXISTS (
          SELECT FROM mail_tracking_event withdrawal
           WHERE withdrawal.tracking_email_id = event.tracking_email_id
             AND withdrawal.event_type = %s
             AND withdrawal.withdrawn_event_id = event.id))""",
    COMPLAINT_STATES,
    WITHDRAWAL,
)
# What an event means for its tracking, `own`.
_EVENTS = SQL(
    """mail_tracking_event event
  JOIN (VALUES %s) AS means(
           event_type, evidence, state, every_attempt, rank, failed)
    ON means.event_type = event.event_type
   AND means.evidence IS NOT DISTINCT FROM
       CASE WHEN event.event_type IN %s THEN event.evidence END""",
    SQL(", ").join(
        SQL(
            "(%s, %s, %s, %s, %s, %s)",
            *(event_type, evidence, state, every_attempt),
            *(STATE_RANK[state], state in FAILED_STATES),
        )
        for event_type, evidence, state, every_attempt in event_rows()
    ),
    tuple(EVIDENCE_STATE),
)
# The address that an event is about, see `states.fold_addresses`.
_ADDRESS = SQL(
    """CASE WHEN own.other_addresses IS NULL THEN ''
            WHEN event.event_type IN %s THEN COALESCE(lower(event.recipient), '')
            WHEN NOT (means.every_attempt OR event.event_type IN %s)
            THEN COALESCE(NULLIF(lower(event.recipient), ''),
                 CASE WHEN COALESCE((
                           SELECT bool_or(lower(asked.recipient) =
                                          own.recipient_address)
                             FROM mail_tracking_event asked
                            WHERE asked.tracking_email_id = own.id
                              AND asked.attempt = event.attempt
                              AND asked.event_type = %s
                              AND asked.recipient <> ''), TRUE)
                      THEN own.recipient_address END, '')
            WHEN lower(event.recipient) = ANY(string_to_array(concat_ws(
                     ',', own.recipient_address, own.other_addresses), ','))
            THEN lower(event.recipient)
            ELSE '' END""",
    EVENTS_OF_THE_MAIL,
    tuple(EVIDENCE_STATE),
    BEGINNING,
)


class NewState(NamedTuple):
    """What the statements below return about a tracking."""

    id: int
    state: str | None  # None where it is to be folded
    is_failure: bool  # or was one before
    is_merged: bool  # with that of another contact
    tells_author: bool  # when it is opened


def rank_sql(expression):
    """Return the rank of the state in `expression`, an `SQL` object.

    A state of an older or newer release ranks below every known one.
    """
    arms = [SQL("WHEN %s THEN %s", state, rank) for state, rank in STATE_RANK.items()]
    return SQL("CASE %s %s ELSE -1 END", expression, SQL(" ").join(arms))


def _judged_sql(condition):
    """Build the query for what the events say of each address of recipients.

    As in `states.fold_facts`, an event of the delivery counts when it is of the latest
    attempt that went to its address.

    :param SQL condition: which trackings, `own`
    :return: `SQL` with one row per address, "" for all of them or an unknown one
    """
    return SQL(
        """
        SELECT DISTINCT ON (id, address) *
          FROM (
            SELECT *, every_attempt OR attempt = own_attempt AS is_latest,
                   CASE WHEN address = ANY(addresses) THEN GREATEST(
                        max(attempt) FILTER (WHERE NOT every_attempt)
                            OVER (PARTITION BY id, address),
                        max(attempt) FILTER (WHERE event_type = %(beginning)s
                                               AND address = '')
                            OVER (PARTITION BY id))
                        ELSE own_attempt END AS latest_of_address
              FROM (
                SELECT own.id, own.attempt AS own_attempt, event.id AS event_id,
                       event.event_type, event.attempt, event.time, event.error_type,
                       event.diagnostic, means.state, means.rank, means.failed,
                       means.every_attempt, %(stands)s AS stands,
                       %(address)s AS address,
                       CASE WHEN own.other_addresses IS NOT NULL
                            THEN string_to_array(concat_ws(',',
                                 own.recipient_address, own.other_addresses), ',')
                        END AS addresses
                  FROM %(events)s
                  JOIN mail_tracking_email own ON own.id = event.tracking_email_id
                 WHERE %(condition)s AND event.attempt <= own.attempt
                   ) fact
               ) fact
         WHERE stands AND (every_attempt OR attempt = latest_of_address)
      ORDER BY id, address, rank DESC, event_id DESC
        """,
        address=_ADDRESS,
        beginning=BEGINNING,
        condition=condition,
        events=_EVENTS,
        stands=_STANDS,
    )


def raise_to_sent_sql(tracking_ids):
    """Build the statement for emails that were sent, of which nothing else is known.

    It does for them what `raise_states_sql` does, in less time.

    :param list tracking_ids: ids of `mail.tracking.email`
    :return: `SQL` that returns the ids of the rows that changed
    """
    return SQL(
        """
        UPDATE mail_tracking_email tracking
           SET state = 'sent', error_type = NULL, error_description = NULL,
               state_time = GREATEST(sent.time, tracking.state_time)
          FROM (SELECT tracking_email_id,
                       max(attempt) FILTER (WHERE event_type = 'sent') AS attempt,
                       max(time) FILTER (WHERE event_type = 'sent') AS time
                  FROM mail_tracking_event
                 WHERE tracking_email_id = ANY(%(ids)s)
              GROUP BY tracking_email_id
                HAVING bool_and(event_type IN ('queued', 'sent'))
                   AND count(*) FILTER (WHERE event_type = 'sent') = 1
              ORDER BY tracking_email_id) sent
         WHERE tracking.id = ANY(%(ids)s) AND tracking.id = sent.tracking_email_id
           AND tracking.attempt = sent.attempt AND tracking.state = 'waiting'
           AND tracking.other_addresses IS NULL AND tracking.outranked IS NULL
     RETURNING tracking.id
        """,
        ids=tracking_ids,
    )


def raise_states_sql(tracking_ids):
    """Build the statement that raises the states of trackings to what events say.

    It never lowers one, so it may run at any time, in any order and repeatedly. The
    time never goes back, whatever the clock of a report's source says: the web client
    keeps the newer of two values.

    It also returns the trackings that it cannot judge, for `fold_states_sql`: those
    with several addresses, complaints that no event supports any more, and rows that
    another transaction has changed since the statement began.

    :param list tracking_ids: ids of `mail.tracking.email`, not empty
    :return: `SQL` that returns rows of `NewState`
    """
    return SQL(
        """
        WITH best AS (
            SELECT DISTINCT ON (event.tracking_email_id)
                   event.tracking_email_id, event.attempt, event.time,
                   event.error_type, event.diagnostic, means.*,
                   own.state AS old_state,
                   %(old_rank)s AS old_rank,
                   own.state IN %(failed)s AS was_failed,
                   means.failed OR means.state = 'canceled' AS explained
              FROM %(events)s
              JOIN mail_tracking_email own ON own.id = event.tracking_email_id
             WHERE event.tracking_email_id = ANY(%(ids)s)
               AND own.other_addresses IS NULL
               AND (means.every_attempt OR event.attempt = own.attempt)
               AND %(stands)s
             ORDER BY event.tracking_email_id, means.rank DESC, event.id DESC
        ), raised AS (
            UPDATE mail_tracking_email tracking
               SET state = best.state,
                   state_time = GREATEST(best.time, tracking.state_time),
                   error_type = CASE WHEN best.explained THEN best.error_type END,
                   error_description =
                       CASE WHEN best.explained THEN best.diagnostic END,
                   reviewed = tracking.reviewed AND NOT best.failed
              FROM best
             WHERE tracking.id = best.tracking_email_id
               AND tracking.state = best.old_state
               AND (best.every_attempt OR tracking.attempt = best.attempt)
               AND best.rank > best.old_rank
         RETURNING tracking.id, tracking.state, best.failed OR best.was_failed,
                   tracking.outranked IS NOT NULL, tracking.tells IS NOT NULL
        )
        SELECT * FROM raised
     UNION ALL
        SELECT tracking_email_id, NULL, NULL, NULL, NULL
          FROM best
         WHERE rank > old_rank AND tracking_email_id NOT IN (SELECT id FROM raised)
            OR rank < old_rank AND old_state IN %(complaints)s
     UNION ALL
        SELECT id, NULL, NULL, NULL, NULL
          FROM mail_tracking_email
         WHERE id = ANY(%(ids)s) AND other_addresses IS NOT NULL
        """,
        complaints=COMPLAINT_STATES,
        events=_EVENTS,
        failed=FAILED_STATES,
        ids=tracking_ids,
        old_rank=rank_sql(SQL("own.state")),
        stands=_STANDS,
    )


def fold_states_sql(tracking_ids):
    """Build the statements that set the states of trackings to what events say.

    They may lower a state, so an event that arrives in the meantime must not be missed:
    the rows are locked first. With READ COMMITTED the fold begins once the lock is
    held, and sees what its previous holder has committed. With REPEATABLE READ such a
    change is a serialization failure. See `states.fold_facts`.

    :param list tracking_ids: ids of `mail.tracking.email`, not empty
    :return: `SQL` that returns rows of `NewState`, of the trackings that changed
    """
    return SQL(
        """
        SELECT FROM mail_tracking_email
         WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE;

        UPDATE mail_tracking_email tracking
           SET state = best.state,
               state_time = GREATEST(
                   best.time, tracking.state_time + interval '1 second'),
               error_type = CASE WHEN best.explained THEN best.error_type END,
               error_description = CASE WHEN best.explained THEN best.diagnostic END,
               reviewed = FALSE
          FROM (
            SELECT own.id, fact.time, fact.error_type, fact.diagnostic,
                   COALESCE(fact.state, 'waiting') AS state,
                   COALESCE(fact.failed, FALSE) AS failed,
                   own.state IN %(failed)s AS was_failed,
                   COALESCE(fact.failed OR fact.state = 'canceled', FALSE) AS explained
              FROM mail_tracking_email own
         LEFT JOIN (
                SELECT DISTINCT ON (id) * FROM (%(judged)s) of_address
              ORDER BY id, addresses IS NOT NULL AND failed DESC,
                       failed OR is_latest AND %(canceled)s <> max(rank)
                           FILTER (WHERE is_latest) OVER (PARTITION BY id) DESC,
                       rank DESC, event_id DESC) fact ON fact.id = own.id
             WHERE own.id = ANY(%(ids)s)
               ) best
         WHERE tracking.id = best.id
           AND (tracking.state <> best.state
                OR tracking.other_addresses IS NOT NULL AND best.explained
                   AND (best.error_type, best.diagnostic) IS DISTINCT FROM
                       (tracking.error_type, tracking.error_description))
     RETURNING tracking.id, tracking.state, best.failed OR best.was_failed,
               tracking.outranked IS NOT NULL, tracking.tells IS NOT NULL
        """,
        canceled=STATE_RANK[CANCELED],
        failed=FAILED_STATES,
        ids=tracking_ids,
        judged=_judged_sql(SQL("own.id = ANY(%s)", tracking_ids)),
    )


def several_addresses_sql():
    """Build the query for each address of the recipients who have several.

    :return: `SQL` with the columns of `mail.tracking.email` that describe an address
    """
    return SQL(
        """
        SELECT id, own_attempt AS attempt, address AS recipient_address, state,
               time AS state_time FROM (%s) of_address
        """,
        _judged_sql(SQL("own.other_addresses IS NOT NULL")),
    )
