import threading
import time

from .case import POST, load, wait_until
from .databases import query
from .rpc import User
from .screen_case import ScreenCase

STATES_OF_ADDRESSES = """
    SELECT * FROM mail_tracking_email WHERE recipient_address = ANY(%s) ORDER BY id
"""
VIEWERS = "SELECT id FROM mail_tracking_viewer WHERE user_id = %s"


class TestScreens(ScreenCase):
    """What the addon shows in a real browser."""

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
        self.assertEqual(seen["phone"]["cut"], 0)

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
        trackings = query(self.a.database, STATES_OF_ADDRESSES, addresses)
        self.assertEqual(
            [(row["state"], bool(row["reviewed"])) for row in trackings],
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
