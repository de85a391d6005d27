import re

from devtools.common import MODULE

from .case import POST
from .databases import query
from .rpc import User
from .screen_case import ARABIC, ScreenCase

PREFERENCES = re.compile(r"/mail/tracking/preferences/\w+")
# What opens pages, with what tells which.
ACTIONS = {
    "ir.actions.act_window": ["path", "view_mode"],
    "ir.actions.server": ["path", "usage"],
}
PREFERENCES_VIEW = ("base", "view_users_form_simple_modif")
BOUNCED = """
    UPDATE mail_tracking_email SET state = 'bounced' WHERE recipient_address = %s
 RETURNING id
"""
# Core fails to note the first presence of somebody who opens two pages at once.
PRESENT = """
    INSERT INTO mail_presence (user_id, status, last_poll, last_presence)
    VALUES (%s, 'offline', now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')
        ON CONFLICT DO NOTHING
"""
STRANGER = {"login": ""}  # nobody is logged in


def page(path):
    """Return an action's address and the kind of view, "" for its first one."""
    address, _separator, options = path.partition("?")
    address, _separator, record = address.partition("/")
    return address, "form" if record else options.removeprefix("view_type=")


class Accessibility:
    """Axe has nothing against any screen of ours."""

    def setUp(self):
        super().setUp()
        contact = self.post_of_all_kinds()
        login, password = self.new_colleague()
        database = self.a.database
        self.colleague = User(self.server.url, database, (login, password))
        for user in (self.a, self.colleague):
            query(database, PRESENT, user.id)
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
            "bounced": self.post_bounced(),
            "template": self.new_template(),
            "user": self.a.id,
            "preferencesView": self.a(
                "ir.model.data", "check_object_reference", *PREFERENCES_VIEW
            )[1],
            "preferences": self.receive_preferences(),
        }

    def post_bounced(self):
        """Return a contact who has allowed open tracking, and whose email bounced."""
        address = self.new_address()
        contact = self.new_partner(self.a, address)
        self.a("res.partner", "write", [contact], {"mail_tracking_consent": "allowed"})
        self.a("res.partner", "message_post", [contact], **POST, partner_ids=[contact])
        (row,) = query(self.a.database, BOUNCED, address)
        self.assertTrue(row["id"])
        return contact

    def new_template(self):
        """Return a template of emails."""
        models = self.a("ir.model", "search", [("model", "=", "res.partner")])
        return self.a(
            "mail.template", "create", {"name": "Letter", "model_id": models[0]}
        )

    def receive_preferences(self):
        """Return the path of the page that a recipient is asked on."""
        company = ("res.company", "write", [1])
        self.a(*company, {"mail_tracking_preset": "consent"})
        self.addCleanup(self.a, *company, {"mail_tracking_preset": "standard"})
        address, _message = self.post(self.a)
        html = self.received(address).get_body(("html",)).get_content()
        return PREFERENCES.search(html)[0]

    def pages(self):
        """Return what each action of ours shows: its address to its kinds of view."""
        pages = {}
        for model, fields in ACTIONS.items():
            own = [("module", "=", MODULE), ("model", "=", model)]
            for data in self.a("ir.model.data", "search_read", own):
                (action,) = self.a(model, "read", [data["res_id"]], fields)
                if action.get("usage") != "ir_cron":
                    address = action["path"] or f"action-{MODULE}.{data['name']}"
                    pages[address] = action.get("view_mode", "list").split(",")
        return pages

    def assertAccessible(self, *screens):
        """Check that axe looked at each page of ours, and found nothing anywhere."""
        findings = self.look("accessibility.mjs", screens=screens, **self.parameters)
        pages = self.pages()
        self.assertGreater(len(pages), 5)
        for screen in screens:
            seen = {page(state["path"]) for state in findings if state["on"] == screen}
            for address, kinds in pages.items():
                looked_at = {kind or kinds[0] for at, kind in seen if at == address}
                with self.subTest(address, screen=screen):
                    self.assertEqual(looked_at, set(kinds), "see administration.mjs")
        for state in findings:
            with self.subTest(state["name"], screen=state["on"]):
                self.assertGreater(state["passed"], 3, "axe looked at something")
                self.assertEqual(state["complaints"], [])


class TestAccessibility(Accessibility, ScreenCase):
    """From left to right."""

    def test_accessible(self):
        """On a desktop and on a phone."""
        self.assertAccessible("desktop", "phone")


class TestAccessibilityFromRightToLeft(Accessibility, ScreenCase):
    """For readers of Arabic."""

    def test_accessible_from_right_to_left(self):
        """On a phone, where there is least room."""
        self.make_readers_of_arabic(self.a, [self.a.id, self.colleague.id])
        self.parameters["stranger"] = {**STRANGER, "locale": ARABIC}
        self.assertAccessible("phone")
