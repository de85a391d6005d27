import hashlib
import re

import requests

from .case import LiveCase, load
from .databases import drop_database, query
from .rpc import User, call_json
from .world import world

LINK = re.compile(r"https?://[^/\s]+(/mail/tracking/preferences/\w+)")


class TestDatabases(LiveCase):
    """One server, several databases, no filter."""

    def stored_session(self, browser):
        """Return the file in which the server keeps a browser's session."""
        session_id = browser.cookies["session_id"]
        folder = world.place.data / "sessions" / session_id[:2]
        (file,) = folder.glob(f"{session_id[:42]}*")
        return file.read_bytes()

    def test_pixel_of_b_opened_by_a_stranger(self):
        """Whoever reads the mail has no session: the address alone finds B."""
        url, _path, token = self.sent_pixel(self.b)
        counts = "SELECT count(*), sum(open_count) FROM mail_tracking_email"
        before = query(self.a.database, counts)
        self.assertPixel(load(url))
        self.assertOpened(self.b.database, token)
        self.assertEqual(query(self.a.database, counts), before)

    def test_both_databases_in_turn(self):
        """One and the same client opens mails of both."""
        client = requests.Session()
        for user in (self.a, self.b, self.a):
            url, _path, token = self.sent_pixel(user)
            self.assertPixel(load(url, client))
            self.assertOpened(user.database, token)
        self.assertFalse(client.cookies)

    def test_pixel_of_b_opened_by_a_user_of_a(self):
        """A session of A neither hides the opening nor is touched by it."""
        browser = self.a.browser()
        kept = self.stored_session(browser)
        url, _path, token = self.sent_pixel(self.b)
        self.assertPixel(load(url, browser))
        self.assertOpened(self.b.database, token)
        self.assertEqual(self.stored_session(browser), kept)
        info = f"{self.server.url}/web/session/get_session_info"
        self.assertEqual(call_json(browser, info)["db"], self.a.database)

    def test_pixel_opened_by_a_user_of_a_database_without_addon(self):
        """Neither his database nor that of the mail is in the way of the other."""
        browser = User(self.server.url, world.databases["without"]).browser()
        kept = self.stored_session(browser)
        url, path, token = self.sent_pixel(self.b)
        self.assertPixel(load(url, browser))
        self.assertOpened(self.b.database, token)
        own_hash = _hash(world.databases["without"])
        own = f"{path.rpartition('/')[0]}/{own_hash}{token}.gif"
        self.assertPixel(browser.get(self.server.url + own, timeout=30))
        self.assertEqual(self.stored_session(browser), kept)

    def test_pixel_of_b_seen_by_its_own_user(self):
        """Odoo shows the mail to colleagues: that is no opening."""
        browser = self.b.browser()
        url, _path, token = self.sent_pixel(self.b)
        kept = self.stored_session(browser)
        self.assertPixel(load(url, browser))
        self.assertEqual(self.tracking(self.b.database, token=token)["state"], "sent")
        self.assertEqual(self.stored_session(browser), kept)

    def test_head_is_no_opening(self):
        """Link checkers ask for the head."""
        url, _path, token = self.sent_pixel(self.b)
        self.assertEqual(requests.head(url, timeout=30).status_code, 200)
        self.assertEqual(self.tracking(self.b.database, token=token)["state"], "sent")

    def test_whatever_is_asked_for(self):
        """What does not exist is answered the same, and the log stays quiet."""
        _url, path, token = self.sent_pixel(self.b)
        own_hash = path.rpartition("/")[2][:10]
        databases = [
            *(world.databases["without"], world.databases["empty"]),
            *("postgres", "template1", "no such database"),
        ]
        hashes = [_hash(name) for name in databases] + ["0" * 10]
        names = [f"{hashed}{token}" for hashed in hashes]
        names += [own_hash + "a" * 26, f"{own_hash}{token.upper()}"]
        names += ["x", "%00", "' OR 1=1"]
        self.ask_quietly(names * 2)
        self.assertEqual(self.tracking(self.b.database, token=token)["state"], "sent")

    def test_database_that_was_dropped(self):
        """Odoo has listed it once, and mails of it may be read for years."""
        url, _path, token = self.sent_pixel(self.b)
        self.assertPixel(load(url))  # lists the databases
        drop_database(world.databases["gone"])
        self.ask_quietly([_hash(world.databases["gone"]) + token])

    def set_preset(self, user, preset):
        """Set the privacy preset of all companies of a user's database."""
        ids = user("res.company", "search", [])
        user("res.company", "write", ids, {"mail_tracking_preset": preset})

    def test_preset_of_b_counts_at_once_on_another_server(self):
        """Its processes know the presets of B already, and have no session of B."""
        pixels = [self.sent_pixel(self.b) for _number in range(2)]
        for _url, path, _token in [pixels[0]] * 4:  # perhaps once in each process
            self.assertPixel(load(world.workers.url + path))
        self.assertOpened(self.b.database, pixels[0][2])
        self.set_preset(self.b, "no_opens")
        self.addCleanup(self.set_preset, self.b, "standard")
        _url, path, token = pixels[1]
        for _time in range(4):
            self.assertPixel(load(world.workers.url + path))
        opens = "SELECT open_count FROM mail_tracking_email WHERE token = %s"
        self.assertEqual(query(self.b.database, opens, token), [{"open_count": None}])

    def test_recipient_of_b_refuses_by_the_link(self):
        """Without a session, and with one of another database, which stays as it is."""
        self.set_preset(self.b, "consent")
        self.addCleanup(self.set_preset, self.b, "standard")
        address, _message_id = self.post(self.b)
        text = self.received(address).get_body(("plain",)).get_content()
        (path,) = set(LINK.findall(text))
        browser = self.a.browser()
        kept = self.stored_session(browser)
        page = browser.get(self.server.url + path, timeout=30)
        self.assertEqual(page.status_code, 200)
        choices = "SELECT state FROM mail_tracking_consent WHERE address = %s"
        self.assertEqual(query(self.b.database, choices, address), [])
        for client in (browser, requests.Session()):
            answer = client.post(
                self.server.url + path, {"choice": "refused"}, timeout=30
            )
            self.assertEqual(answer.status_code, 200)
            self.assertIn("no longer sees", answer.text)
        self.assertFalse(client.cookies)
        (row,) = query(self.b.database, choices, address)
        self.assertEqual(row["state"], "refused")
        self.assertEqual(query(self.a.database, choices, address), [])
        self.assertEqual(self.stored_session(browser), kept)

    def ask_quietly(self, names):
        """Ask for pixels by name, with nothing in the log above INFO."""
        since = self.server.place_in_log()
        for name in names:
            with self.subTest(name):
                url = f"{self.server.url}/mail/tracking/open/{name}.gif"
                self.assertPixel(load(url))
        for level in (" WARNING ", " ERROR ", " CRITICAL "):
            lines = self.server.said(since).splitlines()
            self.assertEqual([line for line in lines if level in line], [])


def _hash(name):
    # As tools/database_key.py, which cannot be imported without Odoo.
    text = f"mail_activity_tracking:{name}"
    return hashlib.sha256(text.encode()).hexdigest()[:10]
