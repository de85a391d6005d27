from odoo import http
from odoo.http import request

from odoo.addons.mail.tools.discuss import Store

from .arguments import at_most, checks, flag, optional_number, optional_text, values

# The largest page, whatever a client asks for: core's has 30.
MOST_MESSAGES = 100
FETCH_PARAMS = values(
    search_term=optional_text,
    is_notification=lambda value: None if value is None else flag(value),
    before=optional_number,
    after=optional_number,
    around=optional_number,
    limit=at_most(MOST_MESSAGES),
)


class FailedMailboxController(http.Controller):
    """The mailbox of failed messages, `mail.box` "failed", beside core's mailboxes."""

    @http.route(
        "/mail/failed/messages",
        methods=["POST"],
        type="jsonrpc",
        auth="user",
        readonly=True,
    )
    @checks(fetch_params=FETCH_PARAMS)
    def failed_messages(self, fetch_params=None):
        """Return the user's messages that failed for at least one recipient.

        :param dict fetch_params: as of core's mailboxes, see
            `mail.message._message_fetch`
        :return: as core's mailboxes; empty unless the user is internal
        """
        if not request.env.user._is_internal():
            return {"data": {}, "messages": []}
        domain = request.env["mail.tracking.email"]._failed_messages_domain(
            request.env.user.partner_id
        )
        Message = request.env["mail.message"]
        res = Message._message_fetch(domain, **(fetch_params or {}))
        messages = res.pop("messages")
        store = Store().add(messages)
        messages._mail_tracking_failures_to_store(store)
        return {**res, "data": store.get_result(), "messages": messages.ids}

    @http.route(
        "/mail/tracking/review_all", methods=["POST"], type="jsonrpc", auth="user"
    )
    def review_all(self):
        """Mark all failures in the mailbox of the user as reviewed.

        :return: dict of the ids of the failures, for Undo, and the empty mailbox
        """
        user = request.env.user
        if not user._is_internal():
            return {"tracking_ids": [], "data": {}}
        # sudo: mail.tracking.email: failures of messages that the user has written
        Tracking = request.env["mail.tracking.email"].sudo()
        failures = Tracking.search(Tracking._failed_domain(user.partner_id))
        failures.sudo(False)._set_reviewed(True)
        store = Store().add_global_values(failed=user._mail_tracking_failed_box())
        return {"tracking_ids": failures.ids, "data": store.get_result()}
