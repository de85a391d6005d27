"""What the live tests do again and again: post, receive, hit the pixel, look."""

import base64
import re
import threading
import time
import unittest
import uuid
from email import message_from_string, policy

import requests

from .databases import query
from .rpc import User
from .world import world

GIF = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
PIXEL_URL = re.compile(r'src="([^"]*(/mail/tracking/open/[0-9a-f]{10}(\w{26})\.gif))"')
POST = {
    "body": "Hello",
    "message_type": "comment",
    "subtype_xmlid": "mail.mt_comment",
}
GROUP = "SELECT res_id FROM ir_model_data WHERE module = 'base' AND name = %s"
FIND = """
    SELECT tracking.*,
           (SELECT array_agg(event_type ORDER BY id) FROM mail_tracking_event event
             WHERE event.tracking_email_id = tracking.id) AS events
      FROM mail_tracking_email tracking WHERE {} = %s ORDER BY id
"""


def load(url, client=requests, **values):
    """Load a picture as a reader's mail program does; return the answer."""
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Thunderbird/128.0"}
    return client.get(url, headers=agent, timeout=30, **values)


def wait_until(condition, seconds=5):
    """Return the first true value of a function, or its last value in the end."""
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return value


class LiveCase(unittest.TestCase):
    """The servers run already; each test has recipients of its own."""

    maxDiff = None
    # Whether it takes longer than others: `./dev test --live` runs those too.
    is_long = False

    def setUp(self):
        if self.is_long and world.place.without_long:
            self.skipTest(world.place.without_long)
        self.world = world
        self.server = world.server
        self.a, self.b = world.users["a"], world.users["b"]
        self.smtp = world.smtp
        self.addCleanup(setattr, self.smtp, "on_data", None)

    def new_user(self, admin, *groups):
        """Return somebody who has logged in and has groups: an employee without any."""
        name = uuid.uuid4().hex
        names = [group.partition(".")[2] for group in groups or ("base.group_user",)]
        ids = [query(admin.database, GROUP, group)[0]["res_id"] for group in names]
        values = {"name": name, "login": name, "password": name}
        values["group_ids"] = [(6, 0, ids)]
        context = {"no_reset_password": True}
        admin("res.users", "create", values, context=context)
        return User(self.server.url, admin.database, (name, name))

    # === SENDING ===#
    def new_address(self):
        """Return an address that no other test has."""
        return f"r{uuid.uuid4().hex}@example.com"

    def new_partner(self, user, address):
        """Create a contact and return its id."""
        values = {"name": f"Recipient {address[:8]}", "email": address}
        return user("res.partner", "create", values)

    def post(self, user):
        """Post on a contact to itself and return the email's address and message id."""
        address = self.new_address()
        partner_id = self.new_partner(user, address)
        post = {**POST, "partner_ids": [partner_id]}
        (message_id,) = user("res.partner", "message_post", [partner_id], **post)
        return address, message_id

    def received(self, address):
        """Wait for the mail to an address and return it, parsed."""

        def find():
            return [text for to, text in self.smtp.messages if address in to]

        texts = wait_until(find)
        self.assertEqual(len(texts), 1, "received exactly once")
        return message_from_string(texts[0], policy=policy.default)

    def pixel(self, address):
        """Wait for the mail to an address and return its pixel: URL, path, token."""
        html = self.received(address).get_body(("html",)).get_content()
        ((url, path, token),) = PIXEL_URL.findall(html)
        return url, path, token

    def sent_pixel(self, user):
        """Post, and wait until the tracking says so, and return URL, path, token."""
        url, path, token = self.pixel(self.post(user)[0])
        self.wait_for_state(user.database, "sent", token=token)
        return url, path, token

    # === LOOKING ===#
    def tracking(self, database, **key):
        """Return the one tracking with a value in a column, as it is committed."""
        ((column, value),) = key.items()
        (tracking,) = query(database, FIND.format(column), value)
        return tracking

    def wait_for_state(self, database, state, **key):
        """Wait until a tracking has a state and return the tracking."""

        def find():
            row = self.tracking(database, **key)
            return row["state"] == state and row

        tracking = wait_until(find)
        self.assertTrue(tracking, f"not {state} within 5 seconds")
        return tracking

    def assertPixel(self, answer):
        """Check that an answer is the one that everything gets."""
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.content, GIF)
        self.assertEqual(len(answer.content), 43)
        self.assertEqual(answer.headers["Content-Type"], "image/gif")
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertNotIn("Set-Cookie", answer.headers)

    def assertOpened(self, database, token):
        """Check that a mail was opened exactly once, without any waiting."""
        tracking = self.tracking(database, token=token)
        self.assertEqual(tracking["state"], "opened")
        self.assertEqual(tracking["open_count"], 1)
        self.assertEqual(tracking["events"], ["queued", "sent", "open"])

    def assertOneOpening(self, url, database, token, cookies=None):
        """Hit one pixel sixteen times at once, which is one opening."""
        barrier = threading.Barrier(16)
        answers = []

        def hit():
            barrier.wait()
            answers.append(load(url, cookies=cookies))

        threads = [threading.Thread(target=hit) for _number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(answers), 16)
        for answer in answers:
            self.assertPixel(answer)
        self.assertOpened(database, token)
