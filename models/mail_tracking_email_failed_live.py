from collections import defaultdict

from odoo import models
from odoo.tools import SQL


class MailTrackingEmail(models.Model):
    """Live changes of failures, for the authors who have a browser open."""

    _inherit = "mail.tracking.email"

    def _notify_failed(self):
        """Push the failures of the messages, and the counters that follow from them.

        Five statements for a batch, one when nobody can see it.
        """
        result = super()._notify_failed()
        self.flush_model()
        self.env.cr.execute(_watchers_sql(self.ids))
        rows = self.env.cr.dictfetchall()
        if not rows:
            return result
        # sudo: bus.bus: reading non-sensitive last id
        bus_last_id = self.env["bus.bus"].sudo()._bus_last_id()
        failures = self._failures_by_message({row["message_id"] for row in rows})
        boxes = self._failed_boxes({row["author_id"] for row in rows}, bus_last_id)
        threads = self._failed_threads({(r["model"], r["res_id"]) for r in rows})
        payloads = defaultdict(lambda: {"mail.message": {}, "mail.thread": {}})
        for row in rows:
            payload = payloads[row["author_id"]]
            message_id, document = row["message_id"], (row["model"], row["res_id"])
            payload["mail.message"][message_id] = {
                "id": message_id,
                "tracking_failures": failures[message_id],
            }
            if document in threads:
                payload["mail.thread"][document] = threads[document]
        for author_id, payload in payloads.items():
            values = {name: list(records.values()) for name, records in payload.items()}
            self.env["bus.bus"]._sendone(
                self.env["res.partner"].browse(author_id),
                "mail.record/insert",
                {**values, "Store": {"failed": boxes[author_id]}},
            )
        return result

    def _failed_threads(self, documents):
        """Give the documents with their failures as the web client knows them.

        :param set documents: tuples (model, id)
        :return: dict from the tuple to a dict
        """
        ids_by_model = defaultdict(set)
        for model, res_id in documents:
            if model and res_id:
                ids_by_model[model].add(res_id)
        threads = {}
        for model, res_ids in ids_by_model.items():
            counts = self._failed_counts(model, res_ids)
            for res_id in res_ids:
                threads[model, res_id] = {
                    "id": res_id,
                    "model": model,
                    "tracking_failed_count": counts[res_id],
                }
        return threads


def _watchers_sql(tracking_ids):
    """Build the query for who is to be told: authors inside, who are online."""
    return SQL(
        """
        SELECT DISTINCT message.author_id, message.id AS message_id,
                        message.model, message.res_id
          FROM mail_tracking_email tracking
          JOIN mail_message message ON message.id = tracking.mail_message_id
         WHERE tracking.id = ANY(%s)
           AND EXISTS (
                SELECT FROM res_users author
                  JOIN mail_presence presence ON presence.user_id = author.id
                 WHERE author.partner_id = message.author_id
                   AND author.active AND NOT author.share
                   AND presence.status <> 'offline')
      ORDER BY message.id
        """,
        tracking_ids,
    )
