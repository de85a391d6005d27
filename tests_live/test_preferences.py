import re

import requests

from .case import PIXEL_URL, POST, load
from .databases import query
from .screen_case import ARABIC, ScreenCase

ROUTE = "/mail/tracking/preferences"
LINK = re.compile(rf"https?://[^\s\"]+{ROUTE}/\w+")
CHOICE = "SELECT state, origin FROM mail_tracking_consent WHERE address = %s"
REFUSE, ALLOW = "Do not allow", "Allow"


class TestPreferences(ScreenCase):
    """Whose opens are recorded: chosen in a browser, by a company and by recipients."""

    def setUp(self):
        super().setUp()
        self.admin = self.new_administrator()

    def new_administrator(self):
        """Return the administrator of a new company in Belgium."""
        (belgium,) = self.a("res.country", "search", [("code", "=", "BE")])
        name = self.new_address()
        company = {"name": name, "country_id": belgium}
        company_id = self.a("res.company", "create", company)
        groups = ("base.group_system", "base.group_partner_manager")
        user = self.new_user(self.a, "base.group_user", *groups)
        values = {"company_ids": [(6, 0, [company_id])], "company_id": company_id}
        self.a("res.users", "write", [user.id], {**values, "email": name})
        self.company_id = company_id
        return user

    def choose_preset(self, preset):
        """Choose a preset as an administrator, and return what the settings showed."""
        return self.look("preset.mjs", login=self.admin.login, preset=preset)

    def sent_html(self, address):
        return self.received(address).get_body(("html",)).get_content()

    def ask_for_consent(self):
        """Choose the preset that asks each recipient."""
        company = [self.company_id], {"mail_tracking_preset": "consent"}
        self.admin("res.company", "write", *company)

    def post_with_consent(self):
        """Post to somebody who has allowed it and return address, contact and HTML."""
        self.ask_for_consent()
        address = self.new_address()
        contact = self.new_partner(self.admin, address)
        allowed = [contact], {"mail_tracking_consent": "allowed"}
        self.admin("res.partner", "write", *allowed)
        post = {**POST, "partner_ids": [contact]}
        self.admin("res.partner", "message_post", [contact], **post)
        return address, contact, self.sent_html(address)

    def assertUsable(self, seen):
        """Check that the pages fit on the screen, and that axe finds nothing."""
        self.assertTrue(seen["fits"])
        self.assertEqual(seen["complaints"], [])

    def choice_of(self, address):
        choices = query(self.a.database, CHOICE, address)
        return [(row["state"], row["origin"]) for row in choices]

    def test_presets(self):
        """The settings ask in Belgium until one is chosen; emails follow it at once."""
        for preset, is_asked, has_pixel, has_link in (
            ("no_opens", True, False, False),
            ("consent", False, False, True),
            ("standard", False, True, False),
        ):
            with self.subTest(preset):
                seen = self.choose_preset(preset)
                wanted = {"before": is_asked, "afterwards": False, "chosen": preset}
                self.assertEqual(seen, wanted)
                html = self.sent_html(self.post(self.admin)[0])
                self.assertEqual(bool(PIXEL_URL.search(html)), has_pixel)
                self.assertEqual(bool(LINK.search(html)), has_link)

    def test_link(self):
        """Scanners do nothing; the recipient withdraws, and allows it again."""
        address, contact, html = self.post_with_consent()
        ((url, _path, token),) = PIXEL_URL.findall(html)
        (link,) = LINK.findall(html)
        text = self.received(address).get_body(("plain",)).get_content()
        self.assertIn(link, text)
        self.wait_for_state(self.a.database, "sent", token=token)
        self.assertPixel(load(url))
        self.assertOpened(self.a.database, token)
        for method in ("GET", "HEAD", "OPTIONS"):
            requests.request(method, f"{link}?choice=refused", timeout=30)
        self.assertEqual(self.choice_of(address), [("allowed", "api")])
        seen = self.look("preferences.mjs", link=link, press=REFUSE, screen="phone")
        self.assertIn("You decide whether this is allowed", seen["before"])
        self.assertIn("earlier opens are removed", seen["afterwards"])
        self.assertUsable(seen)
        self.assertEqual(self.choice_of(address), [("refused", "link")])
        self.wait_for_state(self.a.database, "sent", token=token)
        self.assertPixel(load(url))
        timeline = self.look("timeline.mjs", login=self.admin.login, contact=contact)
        self.assertIn("Opens removed", timeline)
        self.assertNotIn("Opened", timeline)
        seen = self.look("preferences.mjs", link=link, press=ALLOW, screen="desktop")
        self.assertIn("The sender can see", seen["afterwards"])
        self.assertEqual(self.choice_of(address), [("allowed", "link")])

    def test_link_of_several(self):
        """The page asks which address, and only that one refuses."""
        self.ask_for_consent()
        addresses = [self.new_address(), self.new_address()]
        contact = self.new_partner(self.admin, self.new_address())
        post = {**POST, "outgoing_email_to": ", ".join(addresses)}
        self.admin("res.partner", "message_post", [contact], **post)
        (link,) = LINK.findall(self.sent_html(addresses[0]))
        self.assertEqual(LINK.findall(self.sent_html(addresses[1])), [link])
        who = {"address": addresses[1], "screen": "phone"}
        seen = self.look("preferences.mjs", link=link, press=REFUSE, **who)
        self.assertIn("went to several people", seen["before"])
        self.assertNotIn(addresses[1], seen["before"])
        self.assertIn("no longer sees", seen["afterwards"])
        self.assertEqual(self.choice_of(addresses[0]), [])
        self.assertEqual(self.choice_of(addresses[1]), [("refused", "link")])

    def test_merge(self):
        """Whoever has refused as one of two merged contacts gets no image."""
        self.ask_for_consent()
        address = self.new_address()
        kept = self.new_partner(self.admin, address)
        gone = self.new_partner(self.admin, self.new_address())
        for contact, choice in ((kept, "allowed"), (gone, "refused")):
            values = {"mail_tracking_consent": choice}
            self.admin("res.partner", "write", [contact], values)
        seen = self.look("consent.mjs", login=self.admin.login, contact=kept)
        self.assertEqual(seen, "Allowed")
        wizard = "base.partner.merge.automatic.wizard"
        values = {"partner_ids": [(6, 0, [kept, gone])], "dst_partner_id": kept}
        wizard_id = self.a(wizard, "create", {**values, "state": "selection"})
        self.a(wizard, "action_merge", [wizard_id])
        seen = self.look("consent.mjs", login=self.admin.login, contact=kept)
        self.assertEqual(seen, "Refused")
        post = {**POST, "partner_ids": [kept]}
        self.admin("res.partner", "message_post", [kept], **post)
        self.assertFalse(PIXEL_URL.search(self.sent_html(address)))

    def test_portal(self):
        """A customer who is logged in finds the page from the portal's home."""
        admin = self.b
        (portal,) = admin("ir.module.module", "search", [("name", "=", "portal")])
        admin("ir.module.module", "button_immediate_install", [portal])
        customer = self.new_user(admin, "base.group_portal")
        address = self.new_address()
        admin("res.users", "write", [customer.id], {"email": address})
        who = {"login": customer.login, "database": admin.database}
        page = {"portal": ROUTE, "press": REFUSE, **who}
        seen = self.look("preferences.mjs", screen="phone", **page)
        self.assertIn(address, seen["before"])
        self.assertIn("You have not decided yet.", seen["before"])
        self.assertIn("You do not allow it.", seen["afterwards"])
        self.assertUsable(seen)
        (choices,) = query(admin.database, CHOICE, address)
        self.assertEqual((choices["state"], choices["origin"]), ("refused", "page"))
        self.assertUsable(self.look("preferences.mjs", screen="desktop", **page))
        self.make_readers_of_arabic(admin, [customer.id])
        page["locale"] = ARABIC
        for screen in ("phone", "desktop"):
            with self.subTest(screen):
                seen = self.look("preferences.mjs", screen=screen, **page)
                self.assertEqual(seen["direction"], "rtl")
                self.assertUsable(seen)
