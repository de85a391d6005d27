import re
import uuid

import requests

from .case import POST
from .rpc import User
from .screen_case import ScreenCase

PREFERENCES = re.compile(r"/mail/tracking/preferences/\w+")
PLACES = {"desktop": 30, "phone": 28}
STRANGER = {"login": ""}  # nobody is logged in
ARABIC = "ar-001"


class TestAccessibility(ScreenCase):
    """Axe has nothing against any screen of ours."""

    def setUp(self):
        super().setUp()
        contact = self.post_of_all_kinds()
        login, password = self.new_colleague()
        database = self.a.database
        self.colleague = User(self.server.url, database, (login, password))
        self.parameters = {
            "contact": contact,
            "colleague": {"login": login, "password": password},
            "stranger": STRANGER,
            "administration": self.find_records(contact),
        }

    def post_of_all_kinds(self):
        """Post what has many recipients, an address without a contact, and failures.

        :return: id of the document
        """
        addresses = [self.new_address() for _number in range(8)]
        refused = addresses[0]
        self.smtp.refused[refused] = "550 5.1.1 No such user"
        self.addCleanup(self.smtp.refused.pop, refused)
        self.server.expected = [*self.server.expected, refused]
        recipients = [self.new_partner(self.a, address) for address in addresses]
        recipients.append(self.a("res.partner", "create", {"name": "Nora Noaddress"}))
        # Who shows a Mail State in the list of contacts: failed, sent, no address.
        for recipient in (recipients[0], *recipients[-2:]):
            post = {**POST, "partner_ids": [recipient]}
            self.a("res.partner", "message_post", [recipient], **post)
        document = self.new_partner(self.a, self.new_address())
        for to in (
            {"partner_ids": recipients[:1]},
            {"partner_ids": recipients[1:]},
            {"outgoing_email_to": self.new_address()},
        ):
            self.a("res.partner", "message_post", [document], **POST, **to)
        return document

    def find_records(self, contact):
        """Return what an administrator's pages show: ids, an address and a link."""
        failed = [("is_failed", "=", True), ("recipient_address", "!=", False)]
        (tracking,) = self.a("mail.tracking.email", "search", failed, limit=1)
        (row,) = self.a("mail.tracking.email", "read", tracking, ["recipient_address"])
        event = [("tracking_email_id", "=", tracking), ("event_type", "=", "error")]
        return {
            "tracking": tracking,
            "address": row["recipient_address"],
            "event": self.a("mail.tracking.event", "search", event)[0],
            "server": self.a("ir.mail_server", "search", [], limit=1)[0],
            "webhook": self.receive_webhook(),
            "preferences": self.receive_preferences(),
        }

    def receive_webhook(self):
        """Have a provider send a request; give its id."""
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

    def receive_preferences(self):
        """Return the path of the page that a recipient is asked on."""
        company = ("res.company", "write", [1])
        self.a(*company, {"mail_tracking_preset": "consent"})
        self.addCleanup(self.a, *company, {"mail_tracking_preset": "standard"})
        address, _message = self.post(self.a)
        html = self.received(address).get_body(("html",)).get_content()
        return PREFERENCES.search(html)[0]

    def test_accessible(self):
        """From left to right, on a desktop and on a phone."""
        self.assertAccessible("desktop", "phone")

    def test_accessible_from_right_to_left(self):
        """The same for readers of Arabic."""
        language = [("code", "=", "ar_001"), ("active", "in", (True, False))]
        (arabic,) = self.a("res.lang", "search", language)
        self.a("res.lang", "write", [arabic], {"active": True})
        readers = [self.a.id, self.colleague.id]
        self.a("res.users", "write", readers, {"lang": "ar_001"})
        self.addCleanup(self.a, "res.users", "write", readers, {"lang": "en_US"})
        self.parameters["stranger"] = {**STRANGER, "locale": ARABIC}
        self.assertAccessible("desktop", "phone")

    def assertAccessible(self, *screens):
        """Check that axe looked at each place and found nothing."""
        findings = self.look("accessibility.mjs", screens=screens, **self.parameters)
        for state in findings:
            with self.subTest(state["where"]):
                self.assertGreater(state["passed"], 3, "axe looked at something")
                self.assertEqual(state["complaints"], [])
        self.assertEqual(len(findings), sum(PLACES[screen] for screen in screens))
