import json
import sys
from pathlib import Path

from devtools.browser_script import look

from .case import POST, LiveCase
from .rpc import ADMIN, User
from .world import world

MESSAGES, RECIPIENTS = 30, 10
# Core sends by itself otherwise, and only the chatter is of interest.
QUEUED = {"mail_notify_force_send": False}


class TestPageWeight(LiveCase):
    """What the browser has to hold of a chatter, against plain Odoo."""

    def page(self, user):
        """Return the numbers of elements and statuses of a chatter."""
        values = [
            {"name": f"Recipient {i}", "email": self.new_address()}
            for i in range(RECIPIENTS)
        ]
        recipients = user("res.partner", "create", values)
        document = self.new_partner(user, self.new_address())
        for _number in range(MESSAGES):
            post = {**POST, "partner_ids": recipients, "context": QUEUED}
            user("res.partner", "message_post", [document], **post)
        mails = user("mail.mail", "search", [["recipient_ids", "in", recipients]])
        self.addCleanup(user, "mail.mail", "unlink", mails)
        printed = look(
            Path(sys.executable),
            Path(__file__).with_name("screens") / "nodes.mjs",
            url=self.server.url,
            database=user.database,
            login=ADMIN[0],
            password=ADMIN[1],
            contact=document,
            messages=MESSAGES,
        )
        return json.loads(printed)

    def test_elements_of_the_chatter(self):
        tracked = self.page(self.a)
        self.assertGreaterEqual(tracked["statuses"], 6 * MESSAGES)
        # The server has loaded the addon, and this database has it not.
        plain = self.page(User(self.server.url, world.databases["without"]))
        self.assertEqual(plain["statuses"], 0)
        self.assertGreater(plain["elements"], 10 * MESSAGES)
        self.assertLessEqual(tracked["elements"], 1.4 * plain["elements"])
