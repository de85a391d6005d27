from .case import LiveCase, load, wait_until
from .databases import query
from .listener import Listener

PRESENCE = "SELECT status FROM mail_presence WHERE user_id = %s"
VIEWERS = "SELECT count(*) AS n FROM mail_tracking_viewer WHERE user_id = %s"
NOTIFICATION = "SELECT id FROM mail_notification WHERE mail_message_id = %s"


class TestBus(LiveCase):
    """What people see without reloading the page."""

    def listen(self, user, *channels):
        """Have a browser open and return its connection to the bus."""
        listener = Listener(self.server.url, user.browser(), channels)
        self.addCleanup(listener.close)
        self.assertTrue(wait_until(lambda: self.status(user) == "online"))
        return listener

    def status(self, user):
        """Return whether a user has a browser open."""
        rows = query(user.database, PRESENCE, user.id)
        return rows[0]["status"] if rows else None

    def last_of_bus(self, user):
        """Return the number of the last row of the bus, deleted ones included."""
        (row,) = query(user.database, "SELECT last_value FROM bus_bus_id_seq")
        return row["last_value"]

    def views(self, user):
        """Return of how many documents a user has the chatter open."""
        return query(user.database, VIEWERS, user.id)[0]["n"]

    def assertTold(self, listener, notification_id, state):
        """Check that somebody is told of a new state within a second."""

        def tells(payload):
            return any(
                record["id"] == notification_id
                and record.get("tracking", [None])[0] == state
                for record in payload.get("mail.notification", ())
            )

        payload = listener.wait_for(tells, 1)
        self.assertTrue(payload, f"not told of {state}")
        self.assertEqual(set(payload), {"mail.notification"})

    def test_author_is_told(self):
        """Sent and opened reach the author's browser by themselves."""
        listener = self.listen(self.a)
        address, message_id = self.post(self.a)
        (notification,) = query(self.a.database, NOTIFICATION, message_id)
        self.assertTold(listener, notification["id"], "sent")
        url, _path, _token = self.pixel(address)
        self.assertPixel(load(url))
        self.assertTold(listener, notification["id"], "opened")

    def test_nothing_is_pushed_when_nobody_looks(self):
        """Without a browser that is open, an opening costs the bus nothing."""
        self.listen(self.b).close()
        self.assertTrue(wait_until(lambda: self.status(self.b) == "offline"))
        url, _path, token = self.sent_pixel(self.b)
        before = self.last_of_bus(self.b)
        self.assertPixel(load(url))
        self.assertOpened(self.b.database, token)
        self.assertEqual(self.last_of_bus(self.b), before)

    def test_colleagues_with_the_document_open_are_told(self):
        """Those who may read it; neither portal users nor other documents' readers."""
        address, message_id = self.post(self.a)
        self.wait_for_state(self.a.database, "sent", recipient_address=address)
        (notification,) = query(self.a.database, NOTIFICATION, message_id)
        (message,) = self.a("mail.message", "read", [message_id], ["res_id"])
        channel = f"mail_tracking:res.partner:{message['res_id']}"
        colleague = self.new_user(self.a)
        passer_by = self.new_user(self.a)
        portal = self.new_user(self.a, "base.group_portal")
        listener = self.listen(colleague, channel)
        others = [self.listen(passer_by, f"{channel}0"), self.listen(portal, channel)]
        self.assertTrue(wait_until(lambda: self.views(colleague)))
        self.assertFalse(self.views(portal))
        url, _path, _token = self.pixel(address)
        self.assertPixel(load(url))
        self.assertTold(listener, notification["id"], "opened")
        for other in others:
            self.assertIsNone(
                other.wait_for(lambda record: "mail.notification" in record, 0.3)
            )

    def test_nothing_is_pushed_to_a_document_that_was_closed(self):
        """Being online is not enough: the document has to be open."""
        address, message_id = self.post(self.b)
        self.wait_for_state(self.b.database, "sent", recipient_address=address)
        (message,) = self.b("mail.message", "read", [message_id], ["res_id"])
        colleague = self.new_user(self.b)
        listener = self.listen(
            colleague, f"mail_tracking:res.partner:{message['res_id']}"
        )
        self.assertTrue(wait_until(lambda: self.views(colleague)))
        listener.subscribe([])
        self.assertTrue(wait_until(lambda: not self.views(colleague)))
        self.assertTrue(wait_until(lambda: self.status(self.b) != "online"))
        url, _path, token = self.pixel(address)
        before = self.last_of_bus(self.b)
        self.assertPixel(load(url))
        self.assertOpened(self.b.database, token)
        self.assertEqual(self.last_of_bus(self.b), before)
