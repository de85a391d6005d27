from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.states import FAILED_STATES
from .mail_mail_known import NOTIFIES_ONLY
from .mail_tracking_email_store import CHATTER_COLUMNS

# A failure that nobody has reviewed: the same words in the indexes and in the queries,
# or PostgreSQL does not see that they are the same.
UNREVIEWED = f"state IN {FAILED_STATES} AND reviewed IS NOT TRUE"
IS_FAILURE = SQL(
    "tracking.state IN %s AND tracking.reviewed IS NOT TRUE", FAILED_STATES
)


class MailTrackingEmail(models.Model):
    """Failures that nobody has reviewed: of an author, of a document, of a message."""

    _inherit = "mail.tracking.email"

    # Small, and not touched by mails that arrive.
    _failed_author = models.Index(
        f"(author_id, mail_message_id DESC) WHERE {UNREVIEWED}"
    )
    _failed_document = models.Index(f"(model, res_id, id DESC) WHERE {UNREVIEWED}")

    def _failure_value(self, row):
        """Give the value of a failure as the web client gets it.

        :param dict row: of `_failure_rows`
        :return: list of id, id of the partner or False, recipient, state (see
            `_chatter_value`), seconds since 1970, code of the reason or False, whether
            there is an answer of a server to show
        """
        state, since = self._chatter_value(row)[:2]
        return [
            *(row["id"], row["partner_id"] or False, row["recipient"] or ""),
            *(state, since, row["error_type"] or False, row["is_explained"]),
        ]

    def _failure_rows(self, condition, limit=None):
        """Fetch failures that nobody has reviewed, newest first, with one query.

        Not those of messages that stand in no chatter.

        :param SQL condition: on `tracking` or `message`
        :param int limit: at most so many
        :return: list of dicts
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT %s, tracking.error_description IS NOT NULL AS is_explained
                  FROM mail_tracking_email tracking
                  JOIN mail_message message ON message.id = tracking.mail_message_id
                 WHERE %s AND %s AND message.message_type <> %s
              ORDER BY tracking.id DESC LIMIT %s
                """,
                CHATTER_COLUMNS,
                IS_FAILURE,
                condition,
                NOTIFIES_ONLY,
                limit,
            )
        )
        return self.env.cr.dictfetchall()

    def _failures_by_message(self, message_ids):
        """Give the failures of messages.

        :return: dict from each of the ids to a list of `_failure_value`
        """
        condition = SQL("tracking.mail_message_id = ANY(%s)", list(message_ids))
        failures = {message_id: [] for message_id in message_ids}
        for row in self._failure_rows(condition):
            failures[row["mail_message_id"]].append(self._failure_value(row))
        return failures

    @api.model
    def _failed_counts(self, model, res_ids):
        """Count the failures of documents, with one query.

        :return: dict from each of the ids to a number
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT tracking.res_id, count(*)
                  FROM mail_tracking_email tracking
                  JOIN mail_message message ON message.id = tracking.mail_message_id
                 WHERE tracking.model = %s AND tracking.res_id = ANY(%s) AND %s
                   AND message.message_type <> %s
              GROUP BY tracking.res_id
                """,
                model,
                list(res_ids),
                IS_FAILURE,
                NOTIFIES_ONLY,
            )
        )
        return defaultdict(int, self.env.cr.fetchall())

    @api.model
    def _failed_counters(self, author_ids):
        """Count the messages in the mailboxes of authors, with one query.

        :param author_ids: ids of partners
        :return: dict from each of the ids to a number
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT author.id, (
                        SELECT count(DISTINCT tracking.mail_message_id)
                          FROM mail_tracking_email tracking
                         WHERE tracking.author_id = author.id AND %s)
                  FROM unnest(%s::integer[]) AS author(id)
                """,
                IS_FAILURE,
                list(author_ids),
            )
        )
        return defaultdict(int, self.env.cr.fetchall())

    @api.model
    def _failed_boxes(self, author_ids, bus_last_id):
        """Give the mailboxes of authors as the web client knows them.

        :param author_ids: ids of partners
        :param int bus_last_id: up to which message of the bus the numbers are known
        :return: dict from each of the ids to a dict
        """
        counters = self._failed_counters(author_ids)
        return {
            author_id: {
                "counter": counters[author_id],
                "counter_bus_id": bus_last_id,
                "id": "failed",
                "model": "mail.box",
            }
            for author_id in author_ids
        }

    @api.model
    def _failed_domain(self, author):
        """Give the domain of the failures that stand in the mailbox of an author."""
        return fields.Domain(
            [
                ("author_id", "=", author.id),
                ("mail_message_id", "!=", False),
                ("state", "in", FAILED_STATES),
                ("reviewed", "=", False),
            ]
        )

    @api.model
    def _failed_messages_domain(self, author):
        """Give the domain of the messages in the mailbox of an author."""
        # sudo: messages that one has written are one's own, and so are their failures
        query = self.sudo()._search(self._failed_domain(author))
        return fields.Domain("id", "in", query.subselect("mail_message_id"))
