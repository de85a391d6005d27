from odoo import models

from .mail_message import MOVED


class MailThread(models.AbstractModel):
    """Move trackings along when their document is merged into another one.

    Odoo has no single place for that: merging leads or tickets moves their messages and
    deletes the documents. Trackings without a message go the same way.
    """

    _inherit = "mail.thread"

    def unlink(self):
        moved = self.env.cr.precommit.data.get(MOVED) or {}
        keys = [(self._name, record_id) for record_id in self.ids]
        followed = {key: moved[key] for key in keys if key in moved}
        result = super().unlink()
        if followed:
            # sudo: whoever may merge documents also merges their trackings
            Tracking = self.env["mail.tracking.email"].sudo()
            Tracking._move_without_message(followed)
        return result

    def message_change_thread(self, new_thread, new_parent_message=False):
        result = super().message_change_thread(new_thread, new_parent_message)
        # sudo: trackings without a message move like the messages
        Tracking = self.env["mail.tracking.email"].sudo()
        Tracking._move_without_message(
            {(self._name, self.id): (new_thread._name, new_thread.id)}
        )
        return result
