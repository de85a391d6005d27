"""JSON routes answer any arguments without a traceback."""

import random

from odoo.tests import HttpCase, JsonRpcException, tagged

from ..helpers.failed_case import FailedCase

ROUTES = {
    "/mail/failed/messages": ("fetch_params",),
    "/mail/tracking/review_all": (),
    "/mail/tracking/failures": ("thread_model", "thread_id", "limit", "before"),
    "/mail/tracking/retry": ("tracking_ids", "partner_id", "attempts"),
    "/mail/tracking/retry_message": ("message_id",),
    "/mail/tracking/review": ("tracking_ids", "reviewed"),
    "/mail/tracking/timeline": ("tracking_id", "message_id", "partner_id", "address"),
    "/mail/tracking/send_now": ("tracking_id",),
    "/mail/tracking/cancel": ("tracking_id",),
}
VALUES = [
    *(None, True, False, 0, 1, -1, 2**31, 10**30, 1.5),
    *("", "1", "x", "\x00", "\ud800", "²", "9" * 5000, "res.partner", "mail.thread"),
    *([], [1], [None], ["x"], [[1]], [2**40], {}, {"limit": -1}, {"limit": "x"}),
    *({"around": "x"}, {"search_term": "\ud800"}, {"domain": []}, {"x": {"y": []}}),
]
# Per route; the same ones in each run.
EXAMPLES = 25


@tagged("post_install", "-at_install")
class TestArguments(FailedCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.message, self.trackings = self.post_failed(self.alice)
        self.authenticate("colleague", "colleague")

    def refusal(self, route, **params):
        """Return the message of the error that a route answers."""
        with self.assertRaises(JsonRpcException) as refused:
            self.make_jsonrpc_request(route, params)
        self.assertFalse(refused.exception.args[0].startswith("Traceback"))
        return str(refused.exception)

    def answer(self, route, params):
        """Return the whole answer of a route, an error or not."""
        payload = {"jsonrpc": "2.0", "method": "call", "id": 0, "params": params}
        return self.opener.post(self.base_url() + route, json=payload).json()

    def test_the_error_names_the_argument(self):
        page = {"thread_model": "res.partner", "thread_id": self.document.id}

        def no_warning():
            return self.assertNoLogs("odoo", "WARNING")

        for route, params, name in (
            ("/mail/tracking/failures", {}, "thread_model"),
            ("/mail/tracking/failures", {**page, "limit": "many"}, "limit"),
            ("/mail/tracking/failures", {**page, "limit": -1}, "limit"),
            ("/mail/tracking/failures", {**page, "before": 2**40}, "before"),
            ("/mail/tracking/failures", {**page, "thread_model": [1]}, "thread_model"),
            ("/mail/tracking/retry", {"tracking_ids": "1,2"}, "tracking_ids"),
            ("/mail/tracking/review", {"tracking_ids": [1.5]}, "tracking_ids"),
            ("/mail/tracking/review", {"tracking_ids": [1], "reviewed": 2}, "reviewed"),
            ("/mail/tracking/timeline", {"address": "a\x00b"}, "address"),
            ("/mail/tracking/cancel", {"tracking_id": None}, "tracking_id"),
            ("/mail/failed/messages", {"fetch_params": {"limit": []}}, "limit"),
            ("/mail/failed/messages", {"fetch_params": {"domain": []}}, "fetch_params"),
        ):
            with self.subTest(route=route, params=params), no_warning():
                error = self.answer(route, params)["error"]
                self.assertIn(name, error["data"]["message"])
                self.assertEqual(error["data"]["debug"], "")

    def test_what_clients_send_is_understood(self):
        page = {"thread_model": "res.partner", "thread_id": str(self.document.id)}
        answer = self.make_jsonrpc_request(
            "/mail/tracking/failures", {**page, "before": False, "limit": 10**6}
        )
        self.assertEqual(answer["failures"], [[self.message.id, self.trackings.id]])
        fetch = {"limit": 10**6, "before": None}
        self.make_jsonrpc_request("/mail/failed/messages", {"fetch_params": fetch})

    def test_random_arguments(self):
        """No answer and no log entry is a traceback."""
        chance = random.Random(19)  # noqa: S311
        before = self.trackings.read(["state", "attempt"])
        with self.assertLogs("odoo.http", "WARNING") as logs:
            for route, names in ROUTES.items():
                for _number in range(EXAMPLES):
                    params = {
                        name: chance.choice(VALUES)
                        for name in names
                        if chance.random() < 0.8
                    }
                    self.check(route, params)
            self.refusal("/mail/tracking/cancel", tracking_id=2**31 - 1)
        self.assertFalse([line for line in logs.output if "Traceback" in line])
        self.trackings.invalidate_recordset()
        self.assertEqual(self.trackings.read(["state", "attempt"]), before)

    def check(self, route, params):
        answer = self.answer(route, params)
        error = answer.get("error")
        if error and error["data"]["debug"]:  # refused by a rule, as core does
            name = error["data"]["name"]
            self.assertTrue(name.startswith("odoo.exceptions."), (route, params, name))
