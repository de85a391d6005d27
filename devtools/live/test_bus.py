import requests

from .case import LiveCase, wait_until
from .databases import query
from .listener import Listener

PRESENCE = "SELECT status FROM mail_presence WHERE user_id = %s"
NOTIFICATION = "SELECT id FROM mail_notification WHERE mail_message_id = %s"


class TestBus(LiveCase):
    """What the author sees without reloading the page."""

    def listen(self, user):
        """Have a browser open; give its connection to the bus."""
        listener = Listener(self.server.url, user.browser())
        self.addCleanup(listener.close)
        self.assertTrue(wait_until(lambda: self.status(user) == "online"))
        return listener

    def status(self, user):
        """Tell whether a user has a browser open."""
        rows = query(user.database, PRESENCE, user.id)
        return rows[0]["status"] if rows else None

    def last_of_bus(self, user):
        """Give the number of the last row of the bus, deleted ones included."""
        (row,) = query(user.database, "SELECT last_value FROM bus_bus_id_seq")
        return row["last_value"]

    def assertTold(self, listener, notification_id, state):
        """Check that the author is told of a new state within a second."""

        def tells(payload):
            return any(
                found["id"] == notification_id
                and found.get("tracking", [None])[0] == state
                for found in payload.get("mail.notification", ())
            )

        told = listener.wait_for(tells, 1)
        self.assertTrue(told, f"not told of {state}")
        self.assertEqual(set(told), {"mail.notification"})

    def test_author_is_told(self):
        """Sent and opened reach the author's browser by themselves."""
        listener = self.listen(self.a)
        address, message_id = self.post(self.a)
        (notification,) = query(self.a.database, NOTIFICATION, message_id)
        self.assertTold(listener, notification["id"], "sent")
        url, _path, _token = self.pixel(address)
        self.assertPixel(requests.get(url, timeout=30))
        self.assertTold(listener, notification["id"], "opened")

    def test_nothing_is_pushed_when_nobody_looks(self):
        """Without a browser that is open, an opening costs the bus nothing."""
        self.listen(self.b).close()
        self.assertTrue(wait_until(lambda: self.status(self.b) == "offline"))
        url, _path, token = self.sent_pixel(self.b)
        before = self.last_of_bus(self.b)
        self.assertPixel(requests.get(url, timeout=30))
        self.assertOpened(self.b.database, token)
        self.assertEqual(self.last_of_bus(self.b), before)
