import json
import random
from urllib.parse import quote

from odoo.tests import HttpCase, tagged

from ...tools.consent import CONSENT
from ...tools.preferences_link import preferences_url
from ..helpers.consent_case import ConsentCase
from ..tracking.access_table import ROUTES
from .test_arguments import ROUTES as JSON_ROUTES
from .test_arguments import VALUES

EXAMPLES = 25  # per route; the same ones in each run
NAMES = ("choice", "address", "name", "database", "csrf_token", "db", "x")
KINDS = ("application/json", "application/x-www-form-urlencoded", "text/plain")


@tagged("post_install", "-at_install")
class TestFuzzRoutes(ConsentCase, HttpCase):
    """Routes of pages, the image and webhooks get arbitrary input.

    Those that take JSON are in `TestArguments`.
    """

    def setUp(self):
        super().setUp()
        self.chance = random.Random(19)  # noqa: S311
        self.set_preset(CONSENT)
        self.env["ir.config_parameter"].set_param(
            "mail_activity_tracking.webhook_key_generic", "whsec_" + "a" * 40
        )
        self.tracking = self.sent_tracking()
        link = preferences_url(self.env, self.tracking.token).rpartition("/")[2]
        database = self.env["mail.tracking.webhook"]._get_address("generic")[-10:]
        self.good = {
            "/mail/tracking/open/<string:name>.gif": [link[:36]],
            "/mail/tracking/webhook/<string:name>/<string:database>": [
                "generic",
                database,
            ],
            "/mail/tracking/preferences/<string:name>": [link],
            "/mail/tracking/preferences": [],
        }

    def test_every_route_is_tried(self):
        self.assertEqual({*self.good, *JSON_ROUTES}, set(ROUTES))

    def path(self, route):
        """Return a path of a route, with good parts and with others."""
        path = route
        for good in self.good[route]:
            part = str(self.chance.choice(VALUES)).replace("\ud800", "?")[:200]
            is_good = self.chance.random() < 0.6
            before, _less, rest = path.partition("<")
            path = before + (good if is_good else quote(part, safe="") or "x")
            path += rest.partition(">")[2]
        return path

    def send(self, route):
        """Send one request made by chance; return the answer."""
        choose = self.chance.choice
        values = {name: choose(VALUES) for name in NAMES if choose((True, False))}
        body = json.dumps(choose([values, *VALUES]))
        kind = choose(KINDS)
        if kind == KINDS[1]:
            values = {name: str(value)[:500] for name, value in values.items()}
            body = {n: v.replace("\ud800", "?") for n, v in values.items()}
        method = choose(("GET", "POST", "POST", "HEAD", "PUT", "OPTIONS"))
        return self.opener.request(
            method,
            self.base_url() + self.path(route),
            data=body,
            headers={"Content-Type": kind},
            allow_redirects=False,
        )

    def test_random_requests(self):
        """No request causes an error, a logged error or a change of the email."""
        before = self.tracking.read(["state", "attempt"])
        with self.assertLogs("odoo", "WARNING") as logs:
            for login in (None, "admin"):
                self.authenticate(login, login)
                for route in self.good:
                    for _number in range(EXAMPLES):
                        answer = self.send(route)
                        request_line = (
                            route,
                            answer.request.method,
                            answer.request.url,
                        )
                        self.assertLess(answer.status_code, 500, request_line)
        self.assertFalse([line for line in logs.output if "Traceback" in line])
        self.tracking.invalidate_recordset()
        after = self.tracking.read(["state", "attempt"])
        self.assertIn(after[0].pop("state"), (before[0].pop("state"), "opened"))
        self.assertEqual(after, before)
