"""The statements of a hit of the pixel: one that reads, and one that writes.

The second one is built from parts, once for each kind of hit. It also finds out whether
a person's hit is in doubt, so that most hits, which write nothing, do not pay for it.
Its ordinary form is short, since planning takes longer than executing: it writes where
there is no doubt. Its long form records the hits in doubt.
"""

from functools import lru_cache
from typing import NamedTuple

from .audience_sql import IS_SEEN
from .states import FAILED_STATES


class Kind(NamedTuple):
    """The kind of a hit, on which its statement depends."""

    is_opening: bool  # counts as an open
    is_raise: bool  # raises the state
    is_of_message: bool = False  # a person's hit on a mail of a message
    is_doubtful: bool = False  # not recorded by the short statement
    is_fresh: bool = False  # on a mail that may have been accepted just now
    needs_consent: bool = False  # of each address


# Constants stand in the text: psycopg2 would quote them for each hit.
LOOK = f"""
SELECT id, state, hit_count, last_hit, best_evidence, state_time, mail_message_id,
other_addresses IS NOT NULL AND state IN {FAILED_STATES}, outranked IS NOT NULL,
recipient_address, other_addresses, opens, company_id, tells IS NOT NULL
FROM mail_tracking_email WHERE token = %s
"""  # noqa: S608 - of `states`

# Accepted or delivered within the limit. An attempt without an outcome is still being
# sent: a gateway loads the picture while it keeps our mail server waiting.
IS_EARLY = """
    (SELECT COALESCE(bool_or(event.event_type IN %(accepted)s
                             AND event.time BETWEEN %(early_from)s AND %(early_until)s),
                     %(is_waiting)s)
       FROM mail_tracking_event event
       JOIN mail_tracking_email own ON own.id = event.tracking_email_id
                                   AND own.attempt = event.attempt
      WHERE event.tracking_email_id = ANY(%(ids)s)
        AND event.event_type IN %(outcomes)s)"""
# The pixels of two other recipients of the message were loaded at the same moment.
# Hits that other processes have not committed yet are not seen. A lock in this
# statement would not help: it reads what was committed when it began, not when it got
# the lock (PostgreSQL, section 13.2.1, Read Committed Isolation Level). A lock in an
# earlier statement would, at the price of a round trip and of hits that wait in line.
OTHERS = """FROM mail_tracking_email
      WHERE mail_message_id = %(message_id)s AND last_hit >= %(burst_since)s
        AND token <> %(token)s"""
IS_BURST = f"(SELECT count(DISTINCT token) > 1 {OTHERS})"
NO_OTHER = f" AND NOT EXISTS (SELECT {OTHERS})"
# Checked by the statement that writes: a refusal counts at once, for earlier mails too.
NOT_REFUSED = """NOT EXISTS (
        SELECT FROM mail_tracking_consent
         WHERE address = ANY(%(addresses)s) AND state = %(refused)s)"""
ALL_ALLOWED = """(SELECT count(*) FROM mail_tracking_consent
          WHERE address = ANY(%(addresses)s) AND state = %(allowed)s
        ) = cardinality(%(addresses)s)"""
REFUSAL = "refusal"
DOUBT = f"""doubt AS (
        SELECT CASE WHEN NOT {{may_note}} THEN '{REFUSAL}'
                    WHEN {{is_early}} THEN 'early'
                    WHEN {{is_burst}} THEN 'burst' END AS rule
    ), """

# Writes only where the rows are still as they were read.
NOTE = """hit AS (
        UPDATE mail_tracking_email
           SET hit_count = COALESCE(hit_count, 0) + 1, last_hit = %(now)s, {changes}
               {from_doubt}
         WHERE id = ANY(%(ids)s) AND last_hit IS NOT DISTINCT FROM %(last_hit)s
               AND opens IS NOT DISTINCT FROM %(opens)s {and_only}
     RETURNING id, attempt, hit_count, model, res_id, author_id
    ), event AS (
        INSERT INTO mail_tracking_event
                    (tracking_email_id, attempt, event_type, time, source, evidence,
                     evidence_rule)
        SELECT id, attempt, 'open', %(now)s, 'pixel', {evidence}, {rule}
          FROM {noted}
         WHERE hit_count <= %(events)s OR {is_news}
    )
    SELECT id, {is_seen}, {doubt} FROM {result}"""
PROVED = {"best_evidence": "%(best)s"}
OPENED = {
    "open_count": "COALESCE(open_count, 0) + 1",
    "first_open": "COALESCE(first_open, %(now)s)",
    "last_open": "%(now)s",
}
RAISED = {
    "state": "%(state)s",
    "state_time": "%(now)s",
    "error_type": "NULL",
    "error_description": "NULL",
}


@lru_cache
def note_sql(kind):
    """Build the statement that records a hit.

    :param Kind kind: what it has to do
    :return: text; it returns rows of the id, whether somebody may see a new state, and
        the rule that doubts the hit; where nothing is recorded, one row without an id
    """
    changes = PROVED | (OPENED if kind.is_opening else {})
    changes |= RAISED if kind.is_raise else {}
    as_seen = "AND state = %(old_state)s" if kind.is_raise else ""
    is_seen = IS_SEEN if kind.is_raise else "FALSE"
    may_note = ALL_ALLOWED if kind.needs_consent else NOT_REFUSED
    if kind.is_doubtful:
        return _doubtful_sql(kind, changes, as_seen, is_seen, may_note)
    text = f"WITH {NOTE}".format(
        changes=", ".join(f"{name} = {value}" for name, value in changes.items()),
        from_doubt="",
        and_only=f"{as_seen} AND {may_note}" + (NO_OTHER if kind.is_of_message else ""),
        evidence="%(evidence)s",
        rule="%(rule)s",
        noted="hit",
        is_news="%(is_news)s",
        is_seen=is_seen,
        doubt="NULL",
        result="hit changed",
    )
    # Less to send and to parse for each hit.
    return " ".join(text.split())


def _doubtful_sql(kind, changes, as_seen, is_seen, may_note):
    """Build the statement for a hit that may turn out to prove nothing.

    Such a hit raises no state and counts as no open, and is recorded only when a hit is
    due. Nothing is recorded of a recipient who has refused.
    """
    sure = "doubt.rule IS NULL"
    return f"WITH {DOUBT}{NOTE}".format(
        may_note=may_note,
        is_early=IS_EARLY if kind.is_fresh else "FALSE",
        is_burst=IS_BURST if kind.is_of_message else "FALSE",
        changes=", ".join(
            f"{name} = CASE WHEN {sure} THEN {value} ELSE {name} END"
            for name, value in changes.items()
        ),
        from_doubt="FROM doubt",
        and_only=f"{as_seen} AND ({sure} OR %(is_due)s)"
        f" AND doubt.rule IS DISTINCT FROM '{REFUSAL}'",
        evidence=f"CASE WHEN {sure} THEN %(evidence)s ELSE %(evidence_in_doubt)s END",
        rule="COALESCE(doubt.rule, %(rule)s)",
        noted="doubt, hit",
        is_news=f"({sure} AND %(is_news)s)",
        is_seen=f"{sure} AND {is_seen}",
        doubt="doubt.rule",
        result="doubt LEFT JOIN hit changed ON TRUE",
    )
