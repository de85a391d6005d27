import hashlib
import re
from collections import defaultdict

from odoo import models
from odoo.http import STORED_SESSION_BYTES, request

from odoo.addons.bus.websocket import wsrequest

# Channel that the web client subscribes to while it shows the chatter of a document.
# For users who may read the document's messages it becomes (document, LIVE).
CHANNEL = re.compile(r"mail_tracking:(?P<model>[\w.]+):(?P<id>[0-9]{1,9})")
LIVE = "mail_tracking"


class IrWebsocket(models.AbstractModel):
    """Subscribe users to changes of the documents whose chatter they have open."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        ids_by_model = defaultdict(list)
        others = []
        for channel in channels:
            if isinstance(channel, str) and (named := CHANNEL.fullmatch(channel)):
                ids_by_model[named["model"]].append(int(named["id"]))
            else:
                others.append(channel)
        documents = self._mail_tracking_documents(ids_by_model)
        others += [(document, LIVE) for document in documents]
        return super()._build_bus_channel_list(others)

    def _after_subscribe_data(self, data):
        result = super()._after_subscribe_data(data)
        if self.env.user._is_internal():
            # The part of the key that survives its rotation, as in `res.device`.
            session_key = (request or wsrequest).session.sid[:STORED_SESSION_BYTES]
            opened = self.env["mail.tracking.viewer"]._replace(
                hashlib.sha256(session_key.encode()).hexdigest()[:32],
                [channel[0] for channel in data["channels"] if _is_live(channel)],
            )
            # sudo: what is pushed reaches only the users who were let in above
            self.env["mail.tracking.email"].sudo()._notify_recent(opened)
        return result

    def _mail_tracking_documents(self, ids_by_model):
        """Return the documents whose messages the user may read, for employees only.

        :param dict ids_by_model: model name, as the client sends it, to list of ids
        :return: list of records
        """
        if not self.env.user._is_internal():
            return []
        allowed = []
        for model, ids in ids_by_model.items():
            if not self._mail_tracking_has_chatter(model):
                continue
            documents = self.env[model].browse(ids).exists()
            by_operation = (
                documents._mail_group_by_operation_for_mail_message_operation("read")
            )
            for operation, records in by_operation.items():
                allowed += records._filtered_access(operation)
        return allowed

    def _mail_tracking_has_chatter(self, model):
        if model not in self.env or model == "discuss.channel":
            return False
        is_thread = isinstance(self.env[model], self.env.registry["mail.thread"])
        return is_thread and not self.env[model]._abstract


def _is_live(channel):
    return isinstance(channel, tuple) and channel[1:] == (LIVE,)
