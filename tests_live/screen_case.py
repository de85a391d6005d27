"""What the tests share that look at a page in a real browser."""

import json
import sys
import uuid
from pathlib import Path

import requests

from devtools.browser_script import look

from .case import LiveCase
from .rpc import ADMIN

SCREENS = Path(__file__).parent / "screens"
# What a browser asks for in that language.
ARABIC = "ar-001"


class ScreenCase(LiveCase):
    """Scripts of Playwright look at the server."""

    def look(self, script, login=ADMIN, database=None, **parameters):
        """Run a script of `screens` as a user and return what it prints."""
        printed = look(
            Path(sys.executable),
            SCREENS / script,
            url=self.server.url,
            database=database or self.a.database,
            login=login[0],
            password=login[1],
            **parameters,
        )
        return json.loads(printed)

    def make_readers_of_arabic(self, admin, user_ids):
        """Have the web client, and the portal, write from right to left for users."""
        language = [("code", "=", "ar_001"), ("active", "in", (True, False))]
        (arabic,) = admin("res.lang", "search", language)
        admin("res.lang", "write", [arabic], {"active": True})
        admin("res.users", "write", user_ids, {"lang": "ar_001"})
        self.addCleanup(admin, "res.users", "write", user_ids, {"lang": "en_US"})

    def receive_webhook(self):
        """Have a provider send a request and return its id."""
        key = "mail_activity_tracking.webhook_key_postmark"
        self.a("ir.config_parameter", "set_param", key, "secret")
        self.addCleanup(self.a, "ir.config_parameter", "set_param", key, False)
        _url, path, _token = self.sent_pixel(self.a)
        database = path.rpartition("/")[2][:10]
        url = f"{self.server.url}/mail/tracking/webhook/postmark/{database}"
        report = {"RecordType": "Bounce", "MessageID": uuid.uuid4().hex}
        answer = requests.post(url, json=report, auth=("odoo", "secret"), timeout=30)
        self.assertTrue(answer.ok, answer.text)
        return self.a("mail.tracking.webhook", "search", [], limit=1)[0]

    def new_colleague(self):
        """Create another employee, and return login and password."""
        login = (uuid.uuid4().hex, uuid.uuid4().hex)
        values = {"name": "Colleague", "login": login[0], "password": login[1]}
        self.a("res.users", "create", values)
        return login
