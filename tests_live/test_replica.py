from .case import POST, LiveCase, load, wait_until
from .listener import Listener
from .replica import Replicated
from .rpc import User, call_json
from .server import Server
from .world import prepare, world

# As long ago as no page that reads the primary is old when its browser subscribes.
OLDER = """UPDATE mail_tracking_email SET state_time = state_time - interval '30 s'"""


class TestReplica(LiveCase):
    """Pages are read from a streaming replica, which may lag."""

    is_long = True

    def setUp(self):
        super().setUp()
        self.postgres = self.enterContext(Replicated(world.place).running())
        variables = self.postgres.environment
        server = Server(world.place, "replica", environment=variables).launch()
        self.addCleanup(server.ended)
        self.addCleanup(server.stop)
        server.wait()
        self.server = server
        self.user = User(server.url, self.postgres.database)
        prepare(self.user, server.url, self.smtp.port)
        self.browser = self.user.browser()

    def states_on_page(self, message_id):
        """Return the states of a message on a page that is read from the replica."""
        url = f"{self.server.url}/mail/starred/messages"
        page = call_json(self.browser, url, fetch_params={"limit": 30})
        if message_id not in page["messages"]:
            return None
        return [row["tracking"][0] for row in page["data"]["mail.notification"]]

    def state(self, message_id):
        """Return the state of a message on the primary."""
        domain = [("mail_message_id", "=", message_id)]
        Tracking = "mail.tracking.email"
        (row,) = self.user(Tracking, "search_read", domain, ["state"])
        return row["state"]

    def test_stale_status_is_renewed_when_the_document_is_opened(self):
        address = self.new_address()
        document = self.new_partner(self.user, address)
        post = {**POST, "partner_ids": [document]}
        (message_id,) = self.user("res.partner", "message_post", [document], **post)
        self.assertTrue(wait_until(lambda: self.state(message_id) == "sent"))
        self.user("mail.message", "toggle_message_starred", [message_id])
        self.assertTrue(wait_until(lambda: self.states_on_page(message_id)))
        self.postgres.pause()
        url, _path, _token = self.pixel(address)
        self.assertPixel(load(url))
        self.postgres.execute(OLDER)
        self.assertEqual(self.state(message_id), "opened")
        self.assertEqual(self.states_on_page(message_id), ["sent"], "it lags")
        channel = f"mail_tracking:res.partner:{document}"
        listener = Listener(self.server.url, self.browser, [channel])
        self.addCleanup(listener.close)
        pushed = listener.wait_for(lambda data: "mail.notification" in data, 5)
        self.assertTrue(pushed, "the present state is pushed once")
        (row,) = pushed["mail.notification"]
        self.assertEqual(row["tracking"][0], "opened")
        self.postgres.resume()
        self.assertTrue(
            wait_until(lambda: self.states_on_page(message_id) == ["opened"])
        )
        self.assertEqual(self.server.complaints(), [])
