from odoo import http
from odoo.http import request
from odoo.tools import SQL

from odoo.addons.mail.controllers.thread import ThreadController
from odoo.addons.mail.tools.discuss import Store

from .arguments import (
    LAST_ID,
    at_most,
    checks,
    flag,
    numbers,
    optional_number,
    optional_numbers,
    positive,
    text,
)

# The largest page of failures, whatever a client asks for.
MOST_FAILURES = 100


class FailuresController(ThreadController):
    """Show failures to internal users, and retry or review them."""

    @http.route(
        "/mail/tracking/failures",
        methods=["POST"],
        type="jsonrpc",
        auth="user",
        readonly=True,
    )
    @checks(
        thread_model=text,
        thread_id=positive,
        limit=at_most(MOST_FAILURES),
        before=optional_number,
    )
    def failures(self, thread_model, thread_id, limit=3, before=None):
        """Return the newest failures of a document that nobody has reviewed.

        :param str thread_model: model of the document
        :param int thread_id: its id
        :param int limit: how many failures at most
        :param int before: only trackings with a smaller id
        :return: dict of the number of all of them, the messages and a list of lists
            [message id, tracking id]; empty when the user may not read the document
        """
        nothing = {"count": 0, "data": {}, "failures": []}
        has_chatter = request.env["ir.websocket"]._mail_tracking_has_chatter
        if not self._is_internal() or not has_chatter(thread_model):
            return nothing
        thread = self._get_thread_with_access(thread_model, thread_id, mode="read")
        if not thread:
            return nothing
        Tracking = request.env["mail.tracking.email"]
        rows = Tracking._failure_rows(
            SQL(
                "tracking.model = %s AND tracking.res_id = %s AND tracking.id < %s",
                thread_model,
                thread.id,
                before or LAST_ID,
            ),
            limit=limit,
        )
        messages = request.env["mail.message"].browse(
            dict.fromkeys(row["mail_message_id"] for row in rows)
        )
        messages = messages._filtered_access("read")
        return {
            "count": Tracking._failed_counts(thread_model, thread.ids)[thread.id],
            "data": self._failures_data(messages),
            "failures": [
                [row["mail_message_id"], row["id"]]
                for row in rows
                if row["mail_message_id"] in messages.ids
            ],
        }

    @http.route("/mail/tracking/retry", methods=["POST"], type="jsonrpc", auth="user")
    @checks(tracking_ids=numbers, partner_id=optional_number, attempts=optional_numbers)
    def retry(self, tracking_ids, partner_id=None, attempts=None):
        """Send the mail again to recipients who did not get it.

        :param list tracking_ids: ids of failures
        :param int partner_id: contact to send it to instead of an address
        :param list attempts: for each id, the attempt whose failure the user has seen;
            later failures are not retried
        :return: dict of the ids sent again, a list of lists [id, problem], and the
            updated messages
        """
        partner = request.env["res.partner"].browse(partner_id or ())
        partner.check_access("read")
        seen = dict(zip(tracking_ids, attempts or (), strict=False))
        return self._retry(self._trackings(tracking_ids), partner, seen)

    @http.route(
        "/mail/tracking/retry_message", methods=["POST"], type="jsonrpc", auth="user"
    )
    @checks(message_id=positive)
    def retry_message(self, message_id):
        """Send a message again to all recipients who did not get it.

        :param int message_id: id of the message; reviewed failures are not retried
        :return: as `retry`
        """
        message = request.env["mail.message"].browse(message_id)
        if self._is_internal() and message.exists().has_access("read"):
            condition = SQL("tracking.mail_message_id = %s", message.id)
            rows = request.env["mail.tracking.email"]._failure_rows(condition)
            return self._retry(self._trackings(row["id"] for row in rows))
        return {"retried": [], "problems": [], "data": {}}

    @http.route("/mail/tracking/review", methods=["POST"], type="jsonrpc", auth="user")
    @checks(tracking_ids=numbers, reviewed=flag)
    def review(self, tracking_ids, reviewed=True):
        """Mark failures as reviewed, for everybody, or undo that.

        :param list tracking_ids: ids of failures; those that the user may not read or
            review are ignored
        :param bool reviewed: False to undo
        :return: dict of the updated messages
        """
        trackings = self._trackings(tracking_ids).exists()._filtered_access("read")
        trackings._filtered_reviewable()._set_reviewed(reviewed)
        return {"data": self._changes(trackings)}

    def _trackings(self, tracking_ids):
        ids = dict.fromkeys(tracking_ids if self._is_internal() else ())
        return request.env["mail.tracking.email"].browse(ids)

    def _is_internal(self):
        return request.env.user._is_internal()

    def _retry(self, trackings, partner=None, attempts=None):
        retried, obstacles = trackings._retry(partner, attempts)
        return {
            "retried": retried.ids,
            "problems": [[tracking.id, why] for tracking, why in obstacles.items()],
            "data": self._changes(retried),
        }

    def _changes(self, trackings):
        """Return the messages, documents and mailbox, updated after a change."""
        if not trackings:
            return {}
        # sudo: mail.tracking.email: the user has just changed them
        messages = trackings.sudo().mail_message_id.sudo(False)
        data = self._failures_data(messages)
        documents = {(t.model, t.res_id) for t in trackings.sudo()}
        data["mail.thread"] = [
            *data.get("mail.thread", []),
            *(t for ts in trackings._failed_threads(documents).values() for t in ts),
        ]
        box = request.env.user._mail_tracking_failed_box()
        data["Store"] = {**data.get("Store", {}), "failed": box}
        return data

    def _failures_data(self, messages):
        store = Store().add(messages)
        messages._mail_tracking_failures_to_store(store)
        return store.get_result()
