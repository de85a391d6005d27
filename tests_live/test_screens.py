import json
import sys
import threading
import time
import uuid
from pathlib import Path

from devtools.browser_script import look

from .case import POST, LiveCase, load, wait_until
from .databases import query
from .rpc import ADMIN, User

SCREENS = Path(__file__).parent / "screens"
STATES = """
    SELECT * FROM mail_tracking_email WHERE recipient_address = ANY(%s) ORDER BY id
"""
VIEWERS = "SELECT id FROM mail_tracking_viewer WHERE user_id = %s"


class TestScreens(LiveCase):
    """What the addon shows in a real browser."""

    def look(self, script, login=ADMIN, **parameters):
        """Run a script of `screens` as a user; give what it prints."""
        printed = look(
            Path(sys.executable),
            SCREENS / script,
            url=self.server.url,
            database=self.a.database,
            login=login[0],
            password=login[1],
            **parameters,
        )
        return json.loads(printed)

    def new_colleague(self):
        """Create another employee; give login and password."""
        login = (uuid.uuid4().hex, uuid.uuid4().hex)
        values = {"name": "Colleague", "login": login[0], "password": login[1]}
        self.a("res.users", "create", values)
        return login

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

    def test_accessible(self):
        """Axe has nothing against chatter, mailbox and list, on any screen."""
        login = dict(zip(("login", "password"), self.new_colleague(), strict=True))
        parameters = {"contact": self.post_of_all_kinds(), "colleague": login}
        found = self.look("accessibility.mjs", **parameters)
        self.assertEqual(len(found), 13)
        for state in found:
            with self.subTest(state["where"]):
                self.assertGreater(state["passed"], 5, "axe looked at something")
                self.assertEqual(state["complaints"], [])

    def test_failures_leave_room_for_the_conversation(self):
        """Three failures take a header and a row each, beside the chatter and below."""
        document = self.new_partner(self.a, self.new_address())
        for _number in range(3):
            address = self.new_address()
            self.smtp.refused[address] = "550 5.1.1 No such user"
            self.addCleanup(self.smtp.refused.pop, address)
            self.server.expected = [*self.server.expected, address]
            post = {**POST, "partner_ids": [self.new_partner(self.a, address)]}
            self.a("res.partner", "message_post", [document], **post)
        seen = self.look("heights.mjs", contact=document)
        for screen, most in (("wide", 140), ("phone", 200)):
            with self.subTest(screen):
                self.assertEqual(seen[screen]["failures"], 3)
                self.assertLessEqual(seen[screen]["height"], most)

    def post_failures(self, count):
        """Post as somebody new, each mail to somebody who is refused.

        :return: the user, and the addresses, oldest first
        """
        groups = ("base.group_user", "base.group_partner_manager")
        user = self.new_user(self.a, *groups)
        self.a("res.users", "write", [user.id], {"email": self.new_address()})
        addresses = [self.new_address() for _number in range(count)]
        for address in addresses:
            self.smtp.refused[address] = "550 5.1.1 No such user"
            self.addCleanup(self.smtp.refused.pop, address, None)
            contact = self.new_partner(self.a, address)
            post = {**POST, "partner_ids": [contact]}
            user("res.partner", "message_post", [contact], **post)
        self.server.expected = [*self.server.expected, *addresses]
        return user, addresses

    def test_mailbox(self):
        """Review, Undo and Retry as the author does them, with what the bus says."""
        count = 7  # more than can be reviewed at once without being asked
        user, addresses = self.post_failures(count)
        del self.smtp.refused[addresses[-1]]
        seen = self.look("mailbox.mjs", login=user.login, failures=count)
        wanted = {
            "opened": count,
            "reviewed": count - 1,
            "undone": count,
            "asked": count,
            "all reviewed": 0,
            "all undone": count,
            "retried": count - 1,
            "the next reviewed": count - 2,
            "opened anew": count - 2,
        }
        steps = [{"step": step, "badge": n, "cards": n} for step, n in wanted.items()]
        self.assertEqual(seen["steps"], steps)
        self.assertEqual(seen["question"], "Mark all 7 failed messages as reviewed?")
        self.assertIn("No failed emails", seen["empty"])
        self.received(addresses[-1])
        found = query(self.a.database, STATES, addresses)
        self.assertEqual(
            [(row["state"], bool(row["reviewed"])) for row in found],
            [("error", False)] * (count - 2) + [("error", True), ("sent", False)],
        )

    def test_colleague_sees_it_opened_without_reloading(self):
        """The image is loaded once the colleague's browser listens to the document."""
        address = self.new_address()
        contact = self.new_partner(self.a, address)
        post = {**POST, "partner_ids": [contact]}
        self.a("res.partner", "message_post", [contact], **post)
        url, _path, token = self.pixel(address)
        self.wait_for_state(self.a.database, "sent", token=token)
        login = self.new_colleague()
        colleague = User(self.server.url, self.a.database, login)
        hits = []

        def read():
            rows = (self.a.database, VIEWERS, colleague.id)
            if wait_until(lambda: query(*rows), 120):
                hits.append(time.time())
                self.assertPixel(load(url))

        reader = threading.Thread(target=read)
        reader.start()
        self.addCleanup(reader.join)
        seen = self.look("opened.mjs", login=login, contact=contact)
        self.assertLess(seen / 1000 - hits[0], 3, "seconds until it was seen")
