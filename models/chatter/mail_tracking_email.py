from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, config, groupby

from ...tools.states import FAILED_STATES
from .ir_websocket import LIVE
from .mail_tracking_viewer import HAS_JUST_COME

# sudo: what is pushed goes only to users who may read the message.

# Columns of a tracking that the chatter needs, see `_chatter_value`.
CHATTER_COLUMNS = SQL(
    """tracking.id, tracking.mail_message_id, tracking.partner_id,
       tracking.recipient, tracking.recipient_address, tracking.recipient_type,
       tracking.state, tracking.error_type, tracking.open_count,
       date_part('epoch', tracking.state_time)::integer AS since"""
)

# Time that a browser takes to subscribe once it has asked for the messages.
OPENING = timedelta(seconds=5)
# Pages that are read from a replica may be older by this much.
REPLICA_LAG = timedelta(minutes=2)

# Who sees a message on screen: its author, if an employee and online, and others who
# have the document open. A document's chatter has no `user_notification`. A browser
# reports what it shows a moment before its user's presence: until then the author
# counts as one of the others.
AUDIENCE_COLUMNS = SQL(
    """message.author_id, message.model AS document_model,
       message.res_id AS document_id,
       EXISTS (SELECT FROM res_users author
                 JOIN mail_presence presence ON presence.user_id = author.id
                WHERE author.partner_id = message.author_id
                  AND author.active AND NOT author.share
                  AND presence.status <> 'offline') AS is_author_online,
       message.message_type <> 'user_notification'
       AND EXISTS (SELECT FROM mail_tracking_viewer viewer
                     JOIN res_users colleague ON colleague.id = viewer.user_id
                LEFT JOIN mail_presence presence
                       ON presence.user_id = colleague.id
                      AND presence.status <> 'offline'
                    WHERE viewer.model = message.model
                      AND viewer.res_id = message.res_id
                      AND colleague.active AND NOT colleague.share
                      AND CASE WHEN presence.id IS NULL THEN %s
                               ELSE colleague.partner_id
                                    IS DISTINCT FROM message.author_id
                           END) AS is_viewed""",
    HAS_JUST_COME,
)


class MailTrackingEmail(models.Model):
    """Return statuses of messages to the web client, and push their changes."""

    _inherit = "mail.tracking.email"

    def _chatter_value(self, row):
        """Return the compact value of a tracking: `[state, seconds, detail]`.

        The state is a code of `STORED_STATES`, or ``"noemail"``; the detail is the
        number of opens or the code of the reason of a failure.

        :param dict row: columns of `CHATTER_COLUMNS`
        """
        state, detail = row["state"], None
        if state == "error" and row["error_type"] == "mail_email_missing":
            state = "noemail"
        elif state in FAILED_STATES or state == "canceled":
            detail = row["error_type"]
        elif row["open_count"]:
            detail = row["open_count"]
        value = [state, row["since"] or False]
        return [*value, detail] if detail else value

    def _chatter_recipient(self, row):
        """Return the value of a recipient whom core does not list for the message."""
        who = [row["id"], row["partner_id"] or False, row["recipient"] or ""]
        return [*who, row["recipient_type"], *self._chatter_value(row)]

    def _chatter_rows(self, message_ids):
        """Fetch the trackings of a page of messages, with one query.

        :return: dict from message id to list of dicts
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT %s FROM mail_tracking_email tracking
                    WHERE tracking.mail_message_id = ANY(%s)
                      AND tracking.outranked IS NOT TRUE
                 ORDER BY tracking.id""",
                CHATTER_COLUMNS,
                list(message_ids),
            )
        )
        # `dictfetchall` looks up the names of the columns for each row.
        names = [column.name for column in self.env.cr.description]
        rows_by_message = defaultdict(list)
        for values in self.env.cr.fetchall():
            row = dict(zip(names, values, strict=True))
            rows_by_message[row["mail_message_id"]].append(row)
        return rows_by_message

    def _notify_state(self):
        """Push the new states to those who see the messages.

        Two statements for a batch, and none for the bus when nobody can see it: the
        NOTIFY of the bus alone costs more than everything else.
        """
        self.flush_model()
        self.env.cr.execute(_live_sql(self.ids))
        targets = {}
        values = defaultdict(lambda: defaultdict(list))
        unlisted = []
        for row in self.env.cr.dictfetchall():
            message_id = row["mail_message_id"]
            if message_id not in targets:
                targets[message_id] = self._targets(row)
            if row["notification_id"]:
                values[message_id]["mail.notification"].append(
                    {"id": row["notification_id"], "tracking": self._chatter_value(row)}
                )
            else:
                unlisted.append(message_id)
        for message_id, recipients in self._chatter_unlisted(unlisted).items():
            values[message_id]["mail.message"].append(
                {"id": message_id, "tracking_recipients": recipients}
            )
        self._push(values, targets)

    @api.model
    def _notify_recent(self, documents):
        """Push recent changes again to documents that somebody has just opened.

        The web client asks for the messages first and subscribes a moment later, so it
        would miss a change in between; core handles the presence of others likewise. A
        page that was read from a replica may be older still.

        :param list documents: records of one or of several models
        """
        lag = REPLICA_LAG if config["db_replica_host"] else timedelta()
        since = fields.Datetime.now() - OPENING - lag
        for model, opened in groupby(documents, key=lambda document: document._name):
            domain = [
                ("model", "=", model),
                ("res_id", "in", [document.id for document in opened]),
                ("state_time", ">", since),
            ]
            if recent := self.search(domain):
                recent._notify_state()

    @api.model
    def _audience(self, message_ids):
        """Return who sees these messages on the screen, with one query.

        :return: dict from the id of each message that somebody sees to its targets of
            the bus, for `_push`
        """
        self.env.cr.execute(
            SQL(
                """SELECT message.id, %s FROM mail_message message
                    WHERE message.id = ANY(%s)""",
                AUDIENCE_COLUMNS,
                list(message_ids),
            )
        )
        targets = {row["id"]: self._targets(row) for row in self.env.cr.dictfetchall()}
        return {message_id: users for message_id, users in targets.items() if users}

    @api.model
    def _push(self, values_by_message, targets_by_message=None):
        """Push records for the web client's store to those who see the messages.

        One bus message per target, sent when the transaction is committed.

        :param dict values_by_message: id of the message to a dict from the name of a
            model to a list of values, each with its id
        :param dict targets_by_message: from `_audience`, when it is known already
        """
        if targets_by_message is None:
            targets_by_message = self._audience(values_by_message)
        payloads = defaultdict(lambda: defaultdict(list))
        for message_id, values in values_by_message.items():
            for target in targets_by_message.get(message_id, ()):
                for model, records in values.items():
                    payloads[target][model] += records
        for target, payload in payloads.items():
            self.env["bus.bus"]._sendone(target, "mail.record/insert", dict(payload))

    def _targets(self, row):
        """Return the targets of the bus for a row with `AUDIENCE_COLUMNS`."""
        targets = []
        if row["is_author_online"]:
            targets.append(self.env["res.partner"].browse(row["author_id"]))
        if row["is_viewed"] and row["document_model"] in self.env:
            document = self.env[row["document_model"]].browse(row["document_id"])
            targets.append((document, LIVE))
        return targets

    def _chatter_unlisted(self, message_ids):
        """Return the recipients whom core does not list beside the messages.

        :return: dict from message id to list of values of `_chatter_recipient`
        """
        if not message_ids:
            return {}
        messages = self.env["mail.message"].sudo().browse(set(message_ids))
        rows_by_message = self._chatter_rows(messages.ids)
        return {
            message.id: [
                self._chatter_recipient(row)
                for row in message._mail_tracking_unlisted(rows_by_message[message.id])
            ]
            for message in messages
        }


def _live_sql(tracking_ids):
    """Build the query for the states to push, with who sees them."""
    return SQL(
        """
        SELECT * FROM (
            SELECT %s, %s, notification.id AS notification_id
              FROM mail_tracking_email tracking
              JOIN mail_message message ON message.id = tracking.mail_message_id
         LEFT JOIN mail_notification notification
                ON notification.mail_message_id = message.id
               AND notification.notification_type = 'email'
               AND (notification.res_partner_id = tracking.partner_id
                    OR (tracking.partner_id IS NULL
                        AND notification.mail_email_address
                            = tracking.recipient_address))
             WHERE tracking.id = ANY(%s) AND tracking.outranked IS NOT TRUE
        ) live
         WHERE is_author_online OR is_viewed
        """,
        CHATTER_COLUMNS,
        AUDIENCE_COLUMNS,
        tracking_ids,
    )
