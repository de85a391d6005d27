"""The fold of `states` in SQL, generated from the same tables."""

from odoo.tools import SQL

from .states import EVIDENCE_STATE, FAILED_STATES, STATE_RANK, event_rows


def rank_sql(expression):
    """Give the rank of the state in `expression`, an `SQL` object.

    A state of an older or newer release ranks below every known one.
    """
    arms = [SQL("WHEN %s THEN %s", state, rank) for state, rank in STATE_RANK.items()]
    return SQL("CASE %s %s ELSE -1 END", expression, SQL(" ").join(arms))


def raise_states_sql(tracking_ids):
    """Build the statement that raises the states of trackings to what events say.

    It never lowers one, so it may run at any time, in any order and repeatedly. With
    READ COMMITTED a concurrent change is waited for and looked at again. The time does
    not go back, however the clock of a report's source goes: of two values the web
    client keeps the younger one.

    :param list tracking_ids: ids of `mail.tracking.email`, not empty
    :return: `SQL` that returns the rows that changed: id, state, whether it is or was
        a failure
    """
    table = SQL(", ").join(
        SQL(
            "(%s, %s, %s, %s, %s, %s)",
            *row,
            STATE_RANK[row[2]],
            row[2] in FAILED_STATES,
        )
        for row in event_rows()
    )
    return SQL(
        """
        UPDATE mail_tracking_email tracking
           SET state = best.state,
               state_time = GREATEST(best.time, tracking.state_time),
               error_type = CASE WHEN best.explained THEN best.error_type END,
               error_description = CASE WHEN best.explained THEN best.diagnostic END,
               reviewed = tracking.reviewed AND NOT best.failed
          FROM (
                SELECT DISTINCT ON (event.tracking_email_id)
                       event.tracking_email_id,
                       event.attempt,
                       event.time,
                       event.error_type,
                       event.diagnostic,
                       means.*,
                       own.state IN %(failed)s AS was_failed,
                       means.failed OR means.state = 'canceled' AS explained
                  FROM mail_tracking_event event
                  JOIN mail_tracking_email own ON own.id = event.tracking_email_id
                  JOIN (VALUES %(table)s) AS means(
                           event_type, evidence, state, every_attempt, rank, failed)
                    ON means.event_type = event.event_type
                   AND means.evidence IS NOT DISTINCT FROM
                       CASE WHEN event.event_type IN %(judged)s
                            THEN event.evidence END
                 WHERE event.tracking_email_id = ANY(%(ids)s)
                   AND (means.every_attempt OR event.attempt = own.attempt)
                 ORDER BY event.tracking_email_id, means.rank DESC, event.id DESC
               ) best
         WHERE tracking.id = best.tracking_email_id
           AND (best.every_attempt OR tracking.attempt = best.attempt)
           AND best.rank > %(rank)s
     RETURNING tracking.id, tracking.state, best.failed OR best.was_failed
        """,
        failed=FAILED_STATES,
        judged=tuple(EVIDENCE_STATE),
        table=table,
        ids=tracking_ids,
        rank=rank_sql(SQL("tracking.state")),
    )
