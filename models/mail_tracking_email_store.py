from collections import defaultdict
from datetime import timezone

from odoo import models
from odoo.tools import SQL

from ..tools.states import FAILED_STATES

# What the chatter knows of a tracking, in the order of `_chatter_value`'s arguments.
CHATTER_COLUMNS = SQL(
    """tracking.id, tracking.mail_message_id, tracking.partner_id,
       tracking.recipient, tracking.recipient_address, tracking.recipient_type,
       tracking.state, tracking.error_type, tracking.open_count,
       EXTRACT(EPOCH FROM tracking.state_time)::integer AS since"""
)


class MailTrackingEmail(models.Model):
    """What the web client gets of trackings: codes with the message, the timeline."""

    _inherit = "mail.tracking.email"

    def _chatter_value(self, row):
        """Give the compact value of a tracking: `[state, seconds since 1970, detail]`.

        The state is a code of `tools.states.STATES`, or ``"noemail"``; the detail is
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
        tracking = self.sudo()  # the caller has checked that it may be read
        event_labels = dict(
            self.env["mail.tracking.event"]
            ._fields["event_type"]
            ._description_selection(self.env)
        )
        waiting_sudo = tracking._waiting_mail_sudo()
        return {
            "tracking_id": self.id,
            "recipient": tracking.recipient or "",
            "address": tracking.recipient_address or "",
            "partner_id": tracking.partner_id.id,
            "can_read_events": self.env.user._is_system(),
            "can_send": bool(waiting_sudo) and self._may_send_now(),
            "is_reviewed": self.reviewed,
            "scheduled": _seconds(waiting_sudo.scheduled_date),
            "open_count": tracking.open_count,
            "first_open": _seconds(tracking.first_open),
            "last_open": _seconds(tracking.last_open),
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
                for event in tracking.tracking_event_ids.sorted(
                    lambda event: (event.attempt, event.time, event.id)
                )
            ],
        }


def _seconds(moment):
    """Give a naive UTC datetime as seconds since 1970, false for none."""
    return int(moment.replace(tzinfo=timezone.utc).timestamp()) if moment else False
