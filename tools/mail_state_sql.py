"""Mail State in SQL: the worst recipient of the last message of each document."""

from odoo.tools import SQL

from . import vocabulary
from .states import FAILED_STATES, STATE_RANK

# The statuses that a document may have, the best first: the worst status of its
# recipients counts.
TRACKED_STATUSES = tuple(s.code for s in reversed(vocabulary.STATUSES) if s.is_tracked)
FAILED_STATUSES = tuple(s.code for s in vocabulary.STATUSES if s.is_failed)

# The most frequent first: in this order they are compared, a million times.
_FREQUENT = ("sent", "opened", "delivered", "waiting")
_OTHERS = [s for s in STATE_RANK if s not in FAILED_STATES and s != "canceled"]
STATUS_OF_STATE = {
    code: vocabulary.STATE_BY_CODE[code].status
    for code in (*_FREQUENT, *_OTHERS, *FAILED_STATES)
}
ADDRESS_MISSING = "mail_email_missing"

# Only mails of messages shown in the chatter count. A canceled mail was never sent. The
# indexes have the same condition, or PostgreSQL would not use them.
COUNTS = (
    "mail_message_id IS NOT NULL AND notifies_only IS NOT TRUE"
    " AND state <> 'canceled' AND outranked IS NOT TRUE"
)

# For each set of statuses: which trackings are its failures, and which ones supersede
# them: those of a later message, and worse ones of the same message.
_IS_ADDRESS_MISSING = SQL(
    "(state = 'error' AND error_type IS NOT DISTINCT FROM %s)", ADDRESS_MISSING
)
_LATER = SQL("mail_message_id > failed.mail_message_id")
_FAILURES = {
    frozenset(FAILED_STATUSES): (SQL("TRUE"), _LATER),
    frozenset({"error"}): (SQL("NOT %s", _IS_ADDRESS_MISSING), _LATER),
    frozenset({"noemail"}): (
        _IS_ADDRESS_MISSING,
        SQL(
            """mail_message_id >= failed.mail_message_id
               AND (%s OR state IN %s AND NOT %s)""",
            _LATER,
            FAILED_STATES,
            _IS_ADDRESS_MISSING,
        ),
    ),
}


def status_of(state, error_type):
    """Return the status of one recipient, of `TRACKED_STATUSES`."""
    if state == "error" and error_type == ADDRESS_MISSING:
        return "noemail"
    return STATUS_OF_STATE[state]


def document_states_sql(model):
    """Build the query for the state of each document of a model that has one.

    One pass: a later message outweighs an earlier one, and within a message a worse
    status outweighs a better one.

    :param str model: name of the model
    :return: `SQL` with the columns res_id, weight (1 is the best) and state
    """
    return SQL(
        """(
        SELECT res_id, weight, (%(statuses)s)[weight] AS state
          FROM (
                SELECT res_id,
                       (max(mail_message_id::bigint * 8 + %(weight)s) & 7)::integer
                       AS weight
                  FROM mail_tracking_email
                 WHERE model = %(model)s AND %(counts)s
              GROUP BY res_id
               ) last_message
        )""",
        statuses=list(TRACKED_STATUSES),
        weight=_weight_sql(),
        model=model,
        counts=SQL(COUNTS),
    )


def failures_per_document_sql(model):
    """Build the query for the average number of failures of documents that have any.

    It reads the first few hundred rows of an index, which takes 0.1 ms.
    """
    return SQL(
        """
        SELECT count(*)::float / count(DISTINCT res_id)
          FROM (
                SELECT res_id
                  FROM mail_tracking_email
                 WHERE model = %(model)s AND %(counts)s AND state IN %(failed)s
              ORDER BY res_id, mail_message_id
                 LIMIT 500
               ) failed
        HAVING count(*) > 0
        """,
        model=model,
        counts=SQL(COUNTS),
        failed=FAILED_STATES,
    )


def documents_in_sql(model, statuses, many_failures=False):
    """Build the query for the ids of the documents of a model in some of the statuses.

    :param str model: name of the model
    :param set statuses: some of `TRACKED_STATUSES`
    :param bool many_failures: whether documents that have failures have several: the
        result is the same, faster
    """
    if statuses and statuses <= set(FAILED_STATUSES):
        return _failed_documents_sql(model, statuses, many_failures)
    return SQL(
        "(SELECT res_id FROM %s document_state WHERE state = ANY(%s))",
        document_states_sql(model),
        sorted(statuses),
    )


def _failed_documents_sql(model, statuses, many_failures):
    """Build the query that starts from the failures, of which there are few.

    OFFSET keeps PostgreSQL from reading all trackings to join them: one look-up in the
    index for each failure is faster. PostgreSQL still knows how many documents to
    expect, and stops when a page is full. It cannot stop when the failures are grouped
    by document, but then there is one look-up for all failures of a document.
    """
    wanted, outdone = _FAILURES[frozenset(statuses)]
    failures = SQL(
        "model = %s AND %s AND state IN %s AND %s",
        model,
        SQL(COUNTS),
        FAILED_STATES,
        wanted,
    )
    if many_failures:
        failed = SQL(
            """(
            SELECT res_id, max(mail_message_id) AS mail_message_id
              FROM mail_tracking_email
             WHERE %s
          GROUP BY res_id
            )""",
            failures,
        )
        failures = SQL("TRUE")
    else:
        failed = SQL("mail_tracking_email")
    return SQL(
        """(
        SELECT failed.res_id
          FROM %(failed)s failed
         WHERE %(failures)s
           AND NOT EXISTS (
                SELECT
                  FROM mail_tracking_email
                 WHERE model = %(model)s AND res_id = failed.res_id AND %(counts)s
                   AND %(outdone)s
                OFFSET 0)
        )""",
        failed=failed,
        failures=failures,
        model=model,
        counts=SQL(COUNTS),
        outdone=outdone,
    )


def last_recipients_sql(model, res_ids):
    """Build the query for the recipients of the last message of each document.

    :param str model: name of the model
    :param list res_ids: ids of its documents
    :return: `SQL` with the columns res_id, state, error_type, how many, opens
    """
    return SQL(
        """
        SELECT document.id, recipient.state, recipient.error_type,
               count(*), sum(recipient.open_count)
          FROM %s
      GROUP BY document.id, recipient.state, recipient.error_type
        """,
        _last_recipients_from_sql(model, res_ids),
    )


def last_failures_sql(model, res_ids):
    """Build the query for the unreviewed failures behind the status of documents.

    :param str model: name of the model
    :param list res_ids: ids of its documents
    :return: `SQL` with the ids of the trackings, the oldest first
    """
    return SQL(
        """
        SELECT recipient.id
          FROM %s
         WHERE recipient.state IN %s AND recipient.reviewed IS NOT TRUE
      ORDER BY recipient.id
        """,
        _last_recipients_from_sql(model, res_ids),
        FAILED_STATES,
    )


def _last_recipients_from_sql(model, res_ids):
    """Build the join of `document` with each `recipient` of its last message."""
    return SQL(
        """
               unnest(%(ids)s::integer[]) AS document(id)
          JOIN LATERAL (
                SELECT mail_message_id
                  FROM mail_tracking_email
                 WHERE model = %(model)s AND res_id = document.id AND %(counts)s
              ORDER BY mail_message_id DESC
                 LIMIT 1
               ) last ON TRUE
          JOIN mail_tracking_email recipient
            ON recipient.mail_message_id = last.mail_message_id
           AND recipient.model = %(model)s AND recipient.res_id = document.id
           AND recipient.state <> 'canceled' AND recipient.outranked IS NOT TRUE
        """,
        ids=list(res_ids),
        model=model,
        counts=SQL(COUNTS),
    )


def _weight_sql():
    """Return the place of a tracking's status in `TRACKED_STATUSES`, from 1 on."""
    no_address = TRACKED_STATUSES.index("noemail") + 1
    arms = []
    for state, status in STATUS_OF_STATE.items():
        weight = SQL("%s", TRACKED_STATUSES.index(status) + 1)
        if state == "error":
            weight = SQL(
                "CASE WHEN error_type = %s THEN %s ELSE %s END",
                ADDRESS_MISSING,
                no_address,
                weight,
            )
        arms.append(SQL("WHEN %s THEN %s", state, weight))
    return SQL("CASE state %s END", SQL(" ").join(arms))
