import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from odoo.addons.mail.tools.discuss import Store

from ..helpers.failed_case import FailedCase
from ..helpers.smtp_server import sending


@tagged("post_install", "-at_install")
class TestFailedMailbox(FailedCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.message, trackings = self.post_failed(self.alice + self.bob)
        by_reason = trackings.grouped("error_type")
        self.tracking = by_reason["address_unknown"]
        self.untried = by_reason["not_attempted"]

    def call(self, route, user=None, **params):
        """Call a route as a user, the author by default."""
        login = (user or self.author).login
        self.authenticate(login, login)
        return self.make_jsonrpc_request(route, params)

    def values_of(self, tracking):
        """Return a failure as the web client gets it."""
        return [
            *(tracking.id, tracking.partner_id.id, tracking.recipient, "error"),
            *(int(tracking.state_time.timestamp()), tracking.error_type),
            tracking.error_type == "address_unknown",
            tracking.attempt,
        ]

    # === MAILBOX ===#
    def test_messages_with_their_failures(self):
        answer = self.call("/mail/failed/messages")
        self.assertEqual(answer["messages"], self.message.ids)
        (message,) = answer["data"]["mail.message"]
        self.assertCountEqual(
            message["tracking_failures"],
            [
                self.values_of(self.tracking),
                self.values_of(self.untried),
            ],
        )
        self.assertEqual(
            self.call("/mail/failed/messages", self.colleague)["messages"], []
        )

    def test_pages_search_and_newest_first(self):
        second, _trackings = self.post_failed(self.alice, subject="Zebra")
        third, _trackings = self.post_failed(self.alice)
        fetch = "/mail/failed/messages"
        newest_first = [third.id, second.id, self.message.id]
        self.assertEqual(self.call(fetch)["messages"], newest_first)
        for params, expected in (
            ({"limit": 1}, newest_first[:1]),
            ({"limit": 1, "before": third.id}, newest_first[1:2]),
            ({"limit": 5, "after": second.id}, newest_first[:1]),
            ({"limit": 2, "around": second.id}, [third.id, second.id]),
            ({"search_term": "zebra"}, [second.id]),
            ({"search_term": "nothing at all"}, []),
        ):
            with self.subTest(params=params):
                answer = self.call(fetch, fetch_params=params)
                self.assertEqual(answer["messages"], expected)
        self.assertEqual(
            self.call(fetch, fetch_params={"search_term": "zebra"})["count"], 1
        )

    def test_missing_address_is_a_failure(self):
        nora = self.env["res.partner"].create({"name": "Nora"})
        message = self.document.with_user(self.author)
        with sending():
            message = message.message_post(
                body="Hello",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=nora.ids,
            )
        self.assertEqual(self.failures_of(self.author), 2)
        answer = self.call("/mail/failed/messages", fetch_params={"limit": 1})
        (shown,) = answer["data"]["mail.message"]
        ((_id, partner, recipient, state, *_rest),) = shown["tracking_failures"]
        self.assertEqual((partner, recipient, state), (nora.id, "Nora", "noemail"))
        self.assertEqual(answer["messages"], message.ids)

    def test_counter_with_the_first_data(self):
        data = self.call("/mail/data", fetch_params=["init_messaging"])
        box = data["Store"]["failed"]
        self.assertEqual(
            box.pop("counter_bus_id"), data["Store"]["inbox"]["counter_bus_id"]
        )
        self.assertEqual(box, {"counter": 1, "id": "failed", "model": "mail.box"})

    def test_same_rule_as_the_menu_of_core(self):
        self.document.with_user(self.author).message_notify(
            body="You were chosen", partner_ids=self.alice.ids
        )
        notice = self.env["mail.message"].search([], limit=1)
        self.assertEqual(notice.message_type, "user_notification")
        with sending():
            self.env["mail.mail"].search([("mail_message_id", "=", notice.id)]).send()
        self.assertEqual(self.trackings_of(notice).state, "error")
        data = self.call("/mail/data", fetch_params=["failures"])
        self.assertEqual([m["id"] for m in data["mail.message"]], self.message.ids)
        self.assertEqual(self.failures_of(self.author), 1)

    # === DOCUMENT ===#
    def test_document_counts_and_pages(self):
        self.post_failed(self.alice)
        params = {"thread_model": "res.partner", "thread_id": self.document.id}
        answer = self.call("/mail/tracking/failures", self.colleague, **params, limit=2)
        newest = self.trackings_of(self.env["mail.message"].search([], limit=1))
        self.assertEqual(answer["count"], 3)
        self.assertEqual(
            answer["failures"],
            [
                [newest.mail_message_id.id, newest.id],
                [self.message.id, max((self.tracking + self.untried).ids)],
            ],
        )
        more = self.call(
            "/mail/tracking/failures", **params, before=answer["failures"][-1][1]
        )
        self.assertEqual(
            more["failures"],
            [[self.message.id, min((self.tracking + self.untried).ids)]],
        )

    def test_count_with_what_the_chatter_asks_for(self):
        def thread(request_list):
            store = Store()
            store.add(
                self.document.with_user(self.colleague),
                request_list=request_list,
                as_thread=True,
            )
            return store.get_result()["mail.thread"][0]

        self.assertEqual(thread(["trackingFailures"])["tracking_failed_count"], 2)
        self.assertNotIn("tracking_failed_count", thread(["followers"]))

    # === ACCESS ===#
    @mute_logger("odoo.http")
    def test_nothing_for_portal_users(self):
        portal = new_test_user(
            self.env, "portal-failed", groups="base.group_portal", email="p@example.com"
        )
        self.document.message_subscribe(portal.partner_id.ids)
        self.message.author_id = portal.partner_id
        self.tracking.author_id = portal.partner_id
        document = {"thread_model": "res.partner", "thread_id": self.document.id}
        ids = {"tracking_ids": self.tracking.ids}
        for route, params in (
            ("/mail/failed/messages", {}),
            ("/mail/tracking/failures", document),
            ("/mail/tracking/retry", ids),
            ("/mail/tracking/retry_message", {"message_id": self.message.id}),
            ("/mail/tracking/review", ids),
            ("/mail/tracking/review_all", {}),
        ):
            with self.subTest(route=route):
                answer = json.dumps(self.call(route, portal, **params))
                self.assertNotIn(str(self.message.id), answer)
                self.assertNotIn("alice", answer)
        data = self.call("/mail/data", portal, fetch_params=["init_messaging"])
        self.assertNotIn("failed", data["Store"])
        store = Store()
        store.add(
            self.document.with_user(portal).with_env(
                self.document.with_user(portal).sudo().env
            ),
            request_list=["trackingFailures"],
            as_thread=True,
        )
        self.assertNotIn("tracking_failed_count", json.dumps(store.get_result()))
        with self.assertRaises(AccessError):
            self.tracking.with_user(portal).action_retry()
        self.assertFalse(self.tracking.reviewed)
        self.assertEqual(self.tracking.attempt, 1)

    def test_nothing_of_what_has_no_chatter(self):
        for model in ("res.country", "mail.thread", "no.such.model"):
            with self.subTest(model=model):
                document = {"thread_model": model, "thread_id": 1}
                answer = self.call("/mail/tracking/failures", **document)
                self.assertEqual(answer, {"count": 0, "data": {}, "failures": []})

    @mute_logger("odoo.http")
    def test_nothing_for_the_public(self):
        self.authenticate(None, None)
        for route in ("/mail/failed/messages", "/mail/tracking/review_all"):
            with self.subTest(route=route), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(route, {})

    def test_employee_without_access_to_the_document(self):
        stranger = new_test_user(
            self.env, "stranger", groups="base.group_user", email="s@example.com"
        )
        self.env["ir.rule"].create(
            {
                "name": "Not for strangers",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.document.id})]"
                f" if user.id == {stranger.id} else []",
            }
        )
        document = {"thread_model": "res.partner", "thread_id": self.document.id}
        answer = self.call("/mail/tracking/failures", stranger, **document)
        self.assertEqual(answer, {"count": 0, "data": {}, "failures": []})
        ids = {"tracking_ids": [*self.tracking.ids, 2**31 - 1]}
        answer = self.call("/mail/tracking/retry", stranger, **ids)
        self.assertEqual(answer["retried"], [])
        self.assertEqual(answer["data"], {})
        (first, second) = answer["problems"]
        self.assertEqual(first[1], second[1])
        self.call("/mail/tracking/review", stranger, **ids)
        self.assertFalse(self.tracking.reviewed)
        self.assertEqual(self.tracking.attempt, 1)
        with self.assertRaises(AccessError):
            self.tracking.with_user(stranger).action_retry()
        message = self.call(
            "/mail/tracking/retry_message", stranger, message_id=self.message.id
        )
        self.assertEqual(message["retried"], [])

    def test_retry_with_a_contact_in_place_of_a_bare_address(self):
        self.tracking.partner_id = False
        other_company = self.env["res.company"].create({"name": "Other company"})
        contact = self.env["res.partner"].create(
            {"name": "New", "email": "new@example.com", "company_id": other_company.id}
        )
        ids = {"tracking_ids": self.tracking.ids, "partner_id": contact.id}
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self.call("/mail/tracking/retry", **ids)
        self.assertEqual(self.tracking.attempt, 1)
        contact.company_id = False
        self.smtp.refused.clear()
        self.call("/mail/tracking/retry", **ids)
        self.assertEqual(self.tracking.partner_id, contact)

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Other company"})
        (self.tracking + self.untried).company_id = company
        self.document.sudo().company_id = company
        answer = self.call(
            "/mail/tracking/retry", self.colleague, tracking_ids=self.tracking.ids
        )
        self.assertEqual(answer["retried"], [])
        self.assertEqual(self.tracking.attempt, 1)
        self.colleague.company_ids += company
        self.smtp.refused.clear()
        answer = self.call(
            "/mail/tracking/retry", self.colleague, tracking_ids=self.tracking.ids
        )
        self.assertEqual(answer["retried"], self.tracking.ids)

    # === CHANGES ===#
    def test_review_undo_and_review_all(self):
        answer = self.call("/mail/tracking/review", tracking_ids=self.tracking.ids)
        (message,) = answer["data"]["mail.message"]
        self.assertEqual([f[0] for f in message["tracking_failures"]], self.untried.ids)
        document = next(
            t for t in answer["data"]["mail.thread"] if "tracking_failed_count" in t
        )
        self.assertEqual(document["tracking_failed_count"], 1)
        self.assertEqual(answer["data"]["Store"]["failed"]["counter"], 1)
        answer = self.call(
            "/mail/tracking/review", tracking_ids=self.tracking.ids, reviewed=False
        )
        (message,) = answer["data"]["mail.message"]
        self.assertEqual(len(message["tracking_failures"]), 2)
        answer = self.call("/mail/tracking/review_all")
        self.assertCountEqual(
            answer["tracking_ids"], (self.tracking + self.untried).ids
        )
        self.assertEqual(answer["data"]["Store"]["failed"]["counter"], 0)
        self.assertEqual(self.call("/mail/failed/messages")["messages"], [])
        self.assertTrue(self.message.exists())

    def test_retry(self):
        self.smtp.refused.clear()
        with sending():
            answer = self.call(
                "/mail/tracking/retry_message", message_id=self.message.id
            )
        self.assertCountEqual(answer["retried"], (self.tracking + self.untried).ids)
        self.assertEqual(answer["problems"], [])
        (message,) = answer["data"]["mail.message"]
        self.assertEqual(message["tracking_failures"], [])
        self.assertEqual(answer["data"]["Store"]["failed"]["counter"], 0)
        self.assertEqual(self.tracking.state, "sent")
