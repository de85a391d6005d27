import json
from contextlib import contextmanager

from odoo.tests import new_test_user

NOTICE = "mail_activity_tracking/read"


class NoticeCase:
    """An author, and what the web client tells of what was read; of a `ConsentCase`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.author = new_test_user(
            cls.env,
            "author",
            groups="base.group_user,base.group_partner_manager",
            name="Ada Author",
            email="ada@example.com",
        )
        cls.document.name = "Offer 42"

    def written(self, partners=None, **values):
        """Return the trackings of a message of the author, sent a minute ago."""
        self.document = self.document.with_user(self.author)
        trackings = self.trackings_of(self.post(partners or self.alice, **values))
        self.let_pass(trackings)
        return trackings

    def let_load_again(self, trackings):
        """Let the last hits be so long ago that the next ones are noted."""
        trackings.last_hit = False
        trackings.flush_recordset()

    @contextmanager
    def notices(self):
        """Return what the author is told within the block: a list of payloads."""
        self._reset_bus()
        payloads = []
        with self.mock_bus():
            yield payloads
        for row in self._new_bus_notifs:
            message = json.loads(row.message)
            if message["type"] == NOTICE:
                channel = json.loads(row.channel)[1:]
                self.assertEqual(channel, ["res.partner", self.author.partner_id.id])
                payloads.append(message["payload"])

    def assertTold(self, tracking, words, evidence="human"):
        """Check what the author is told when the mail is opened."""
        with self.notices() as payloads:
            self.open(tracking, evidence)
        self.assertEqual([notice["text"] for notice in payloads], words)
