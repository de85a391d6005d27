from collections import defaultdict

from odoo import models


class MailTrackingEmail(models.Model):
    """Live changes of failures: of the document, and of the mailbox of the author."""

    _inherit = "mail.tracking.email"

    def _notify_failed(self):
        """Push the failures of the messages, and the numbers that follow from them.

        As many statements for many as for one, and two when nobody can see it.
        """
        result = super()._notify_failed()
        # sudo: what is pushed goes to those who may read the messages
        watched = self.sudo().filtered("mail_message_id")
        targets = self._audience(watched.mail_message_id.ids)
        if not targets:
            return result
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
        self._push_boxes({target for found in targets.values() for target in found})
        return result

    def _push_boxes(self, targets):
        """Push the numbers in the mailboxes of those targets that are authors.

        :param set targets: of the values of `_audience`
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
        """Give the documents with their failures as the web client knows them.

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
