from collections import defaultdict
from datetime import timezone

from odoo import models
from odoo.tools import SQL

from .tracking_state import FAILED_STATES

# What the chatter knows of a tracking, in the order of `_chatter_value`'s arguments.
CHATTER_COLUMNS = SQL(
    """tracking.id, tracking.mail_message_id, tracking.partner_id,
       tracking.recipient, tracking.recipient_address, tracking.recipient_type,
       tracking.state, tracking.error_type, tracking.open_count,
       EXTRACT(EPOCH FROM tracking.state_time)::integer AS since"""
)


class MailTrackingEmail(models.Model):
    """What the web client gets of trackings: codes with the message, live changes."""

    _inherit = "mail.tracking.email"

    def _chatter_value(self, row):
        """Give the compact value of a tracking: `[state, seconds since 1970, detail]`.

        The state is a code of `tracking_state.STATES`, or ``"noemail"``; the detail is
        the number of openings or the code of the reason of a failure.

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
        """Give the value of a recipient whom core does not list beside the message."""
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
                    WHERE tracking.mail_message_id = ANY(%s) ORDER BY tracking.id""",
                CHATTER_COLUMNS,
                list(message_ids),
            )
        )
        rows_by_message = defaultdict(list)
        for row in self.env.cr.dictfetchall():
            rows_by_message[row["mail_message_id"]].append(row)
        return rows_by_message

    def _get_timeline(self):
        """Give the whole story of one recipient's mail.

        :return: dict of the recipient and the list of events, oldest first; times
            are seconds since 1970, texts are for people but the code of a failure
        """
        self.ensure_one()
        event_labels = dict(
            self.env["mail.tracking.event"]
            ._fields["event_type"]
            ._description_selection(self.env)
        )
        return {
            "tracking_id": self.id,
            "recipient": self.recipient or "",
            "address": self.recipient_address or "",
            "partner_id": self.partner_id.id,
            "can_read_events": self.env.user._is_system(),
            "open_count": self.open_count,
            "first_open": _seconds(self.first_open),
            "last_open": _seconds(self.last_open),
            "events": [
                {
                    "id": event.id,
                    "attempt": event.attempt,
                    "type": event.event_type,
                    "text": event_labels[event.event_type],
                    "time": _seconds(event.time),
                    "source": event.source,
                    "server": event.server or "",
                    "diagnostic": event.diagnostic or "",
                    "error_type": event.error_type or "",
                    "evidence": event.evidence or "",
                }
                for event in self.tracking_event_ids.sorted(
                    lambda event: (event.attempt, event.time, event.id)
                )
            ],
        }

    # === LIVE ===#
    def _notify_state(self):
        """Push the new states to the authors who have a browser open.

        Two statements for a batch, and none of the bus when nobody can see it: its
        NOTIFY alone costs more than everything else.
        """
        result = super()._notify_state()
        self.flush_model()
        self.env.cr.execute(_live_sql(self.ids))
        values = defaultdict(lambda: defaultdict(list))
        listed = {}
        for row in self.env.cr.dictfetchall():
            if row["notification_id"]:
                values[row["author_id"]]["mail.notification"].append(
                    {"id": row["notification_id"], "tracking": self._chatter_value(row)}
                )
            else:
                listed[row["mail_message_id"]] = row["author_id"]
        for message, recipients in self._chatter_unlisted(listed).items():
            values[listed[message]]["mail.message"].append(
                {"id": message, "tracking_recipients": recipients}
            )
        for author_id, payload in values.items():
            author = self.env["res.partner"].browse(author_id)
            self.env["bus.bus"]._sendone(author, "mail.record/insert", dict(payload))
        return result

    def _chatter_unlisted(self, message_ids):
        """Give the recipients whom core does not list beside the messages.

        :return: dict from message id to list of values of `_chatter_recipient`
        """
        if not message_ids:
            return {}
        messages = self.env["mail.message"].sudo().browse(message_ids)
        rows_by_message = self._chatter_rows(messages.ids)
        return {
            message.id: [
                self._chatter_recipient(row)
                for row in message._mail_tracking_unlisted(rows_by_message[message.id])
            ]
            for message in messages
        }


def _seconds(moment):
    """Give a naive UTC datetime as seconds since 1970, false for none."""
    return int(moment.replace(tzinfo=timezone.utc).timestamp()) if moment else False


def _live_sql(tracking_ids):
    """Build the query for what to push: for authors inside, who are online."""
    return SQL(
        """
        SELECT %s, message.author_id, notification.id AS notification_id
          FROM mail_tracking_email tracking
          JOIN mail_message message ON message.id = tracking.mail_message_id
     LEFT JOIN mail_notification notification
            ON notification.mail_message_id = message.id
           AND notification.notification_type = 'email'
           AND (notification.res_partner_id = tracking.partner_id
                OR (tracking.partner_id IS NULL
                    AND notification.mail_email_address = tracking.recipient_address))
         WHERE tracking.id = ANY(%s)
           AND EXISTS (
                SELECT FROM res_users author
                  JOIN mail_presence presence ON presence.user_id = author.id
                 WHERE author.partner_id = message.author_id
                   AND author.active AND NOT author.share
                   AND presence.status <> 'offline')
        """,
        CHATTER_COLUMNS,
        tracking_ids,
    )
