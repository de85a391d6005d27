from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.states import FAILED_STATES
from ..chatter.mail_tracking_email import CHATTER_COLUMNS
from ..recipients.mail_mail import NOTIFIES_ONLY

# A failure that nobody has reviewed. Indexes and queries must use the same conditions,
# or PostgreSQL does not see that they match.
UNREVIEWED = (
    f"state IN {FAILED_STATES} AND reviewed IS NOT TRUE AND outranked IS NOT TRUE"
)
IS_FAILURE = SQL(
    """tracking.state IN %s AND tracking.reviewed IS NOT TRUE
       AND tracking.outranked IS NOT TRUE""",
    FAILED_STATES,
)


class MailTrackingEmail(models.Model):
    """Find unreviewed failures: of an author, of a document, of a message.

    Changes are pushed to whoever has the document open, and to the author's mailbox.
    """

    _inherit = "mail.tracking.email"

    # Small, and untouched by mails that arrive.
    _failed_author = models.Index(
        f"(author_id, mail_message_id DESC) WHERE {UNREVIEWED}"
    )
    _failed_document = models.Index(f"(model, res_id, id DESC) WHERE {UNREVIEWED}")

    def _failure_value(self, row):
        """Return the value of a failure as the web client gets it.

        :param dict row: of `_failure_rows`
        :return: list of id, id of the partner or False, recipient, state (see
            `_chatter_value`), seconds since 1970, code of the reason or False, whether
            there is an answer of a server to show, number of the attempt that failed
        """
        state, since = self._chatter_value(row)[:2]
        return [
            *(row["id"], row["partner_id"] or False, row["recipient"] or ""),
            *(state, since, row["error_type"] or False, row["is_explained"]),
            row["attempt"],
        ]

    def _failure_rows(self, condition, limit=None):
        """Fetch failures that nobody has reviewed, newest first, with one query.

        Failures of messages that no chatter shows are left out.

        :param SQL condition: on `tracking` or `message`
        :param int limit: maximum number of failures
        :return: list of dicts
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT %s, tracking.error_description IS NOT NULL AS is_explained,
                       tracking.attempt
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
        """Return the failures of messages.

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
        """Return the mailboxes of authors as the web client knows them.

        :param author_ids: ids of partners
        :param int bus_last_id: id of the last bus message that the numbers include
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
        """Return the domain of the failures in the mailbox of an author."""
        return fields.Domain(
            [
                ("author_id", "=", author.id),
                ("mail_message_id", "!=", False),
                ("state", "in", FAILED_STATES),
                ("reviewed", "=", False),
                ("outranked", "=", False),
            ]
        )

    @api.model
    def _failed_messages_domain(self, author):
        """Return the domain of the messages in the mailbox of an author."""
        # sudo: authors may see their own messages, and so the failures of these
        query = self.sudo()._search(self._failed_domain(author))
        return fields.Domain("id", "in", query.subselect("mail_message_id"))

    def _notify_failed(self):
        """Push the failures of the messages, and the counters that follow from them.

        As many statements for many trackings as for one; two when nobody sees them.
        """
        # sudo: what is pushed goes to those who may read the messages
        watched = self.sudo().filtered("mail_message_id")
        targets = self._audience(watched.mail_message_id.ids)
        if not targets:
            return
        watched = watched.filtered(lambda t: t.mail_message_id.id in targets)
        failures = self._failures_by_message(targets)
        threads = self._failed_threads({(t.model, t.res_id) for t in watched})
        values = {
            tracking.mail_message_id.id: {
                "mail.message": [
                    {
                        "id": tracking.mail_message_id.id,
                        "tracking_failures": failures[tracking.mail_message_id.id],
                    }
                ],
                "mail.thread": threads.get((tracking.model, tracking.res_id), []),
            }
            for tracking in watched
        }
        self._push(values, targets)
        self._push_boxes({target for users in targets.values() for target in users})

    def _push_boxes(self, targets):
        """Push the counters of the mailboxes to those targets that are authors.

        :param set targets: from the values of `_audience`
        """
        # The other targets are documents.
        authors = [target for target in targets if not isinstance(target, tuple)]
        if not authors:
            return
        # sudo: bus.bus: reading non-sensitive last id
        bus_last_id = self.env["bus.bus"].sudo()._bus_last_id()
        boxes = self._failed_boxes([author.id for author in authors], bus_last_id)
        for author in authors:
            self.env["bus.bus"]._sendone(
                author,
                "mail.record/insert",
                {"Store": {"failed": boxes[author.id]}},
            )

    def _failed_threads(self, documents):
        """Return the documents with their failures as the web client knows them.

        :param set documents: tuples (model, id)
        :return: dict from the tuple to a list of one dict
        """
        ids_by_model = defaultdict(set)
        for model, res_id in documents:
            if model and res_id:
                ids_by_model[model].add(res_id)
        threads = {}
        for model, res_ids in ids_by_model.items():
            counts = self._failed_counts(model, res_ids)
            for res_id in res_ids:
                threads[model, res_id] = [
                    {
                        "id": res_id,
                        "model": model,
                        "tracking_failed_count": counts[res_id],
                    }
                ]
        return threads
