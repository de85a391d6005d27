from .case import POST, LiveCase, wait_until
from .databases import query
from .postfix_lab import PostfixLab
from .rpc import call_json
from .world import world

# First letters of an address and its domain, with the state that Postfix reports.
REPORTED = {
    "delivered": ("good", "ok.test", "delivered"),
    "unknown user": ("nobody", "ok.test", "bounced"),
    "relayed": ("someone", "hop.test", "sent"),
    "expanded": ("team", "list.test", "sent"),
    "delayed": ("grey", "hop.test", "deferred"),
}
LAST_EVENT = {
    "delivered": "delivered",
    "unknown user": "hard_bounce",
    "relayed": "relayed",
    "expanded": "expanded",
    "delayed": "deferral",
}
PATIENCE = 40


class TestPostfix(LiveCase):
    """Reports of a real Postfix, through core's mail gate (A) and by POP3 (B)."""

    lab = None

    def setUp(self):
        super().setUp()
        if world.place.without_postfix:
            self.skipTest(world.place.without_postfix)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if world.place.without_postfix:
            return
        # Core's own bounce logic and the sender may write to the same notification.
        world.server.expected.append("could not serialize access")
        cls.lab = PostfixLab(
            world.place.postfix,
            world.place.postfix.with_name("postfix-live"),
            world.smtp.port,
            world.users["a"],
            world.server.port,
        )
        cls.addClassCleanup(cls.lab.stop)
        for role, domain in (("a", "gate.test"), ("b", "pop.test")):
            cls._lead_mails(world.users[role], domain)

    @classmethod
    def _lead_mails(cls, user, domain):
        """Lead a database's mails through Postfix until the tests are over."""
        server = {
            "name": "Postfix",
            "sequence": -5,
            "smtp_host": "127.0.0.1",
            "smtp_port": cls.lab.port,
            "smtp_encryption": "none",
            "dsn_request": "all",
        }
        # The first one becomes that of the company.
        alias_domain = user("mail.alias.domain", "create", {"name": domain})
        mail_server = user("ir.mail_server", "create", server)
        cls.addClassCleanup(user, "mail.alias.domain", "unlink", [alias_domain])
        companies = user("res.company", "search", [])
        free = {"alias_domain_id": False}
        cls.addClassCleanup(user, "res.company", "write", companies, free)
        cls.addClassCleanup(user, "ir.mail_server", "unlink", [mail_server])

    # === HELPERS ===#
    def send_to(self, user, start, domain):
        """Post to a new contact and return its address, its id and the message's id."""
        address = self.new_address().replace("r", start, 1)
        address = f"{address.partition('@')[0]}@{domain}"
        if start == "grey":
            self.smtp.refused[address] = "451 4.7.1 Greylisted, try again later"
        partner_id = self.new_partner(user, address)
        post = {**POST, "partner_ids": [partner_id]}
        (message_id,) = user("res.partner", "message_post", [partner_id], **post)
        return address, partner_id, message_id

    def wait_for_event(self, user, address, kind, state, between=lambda: None):
        """Wait until a tracking has an event and a state, and return the tracking."""

        def find():
            between()
            row = self.tracking(user.database, recipient_address=address)
            return kind in row["events"] and row["state"] == state and row

        tracking = wait_until(find, PATIENCE)
        last = self.tracking(user.database, recipient_address=address)
        what = f"{address} is {last['state']} after {last['events']}"
        self.assertTrue(tracking, f"not {state} by {kind}: {what}")
        return tracking

    def assertReported(self, user, between=lambda: None, **other_states):
        """Send one mail for each kind of report, and check what becomes of it."""
        sent = {
            name: self.send_to(user, start, domain)
            for name, (start, domain, _state) in REPORTED.items()
        }
        for name, (address, partner_id, message_id) in sent.items():
            with self.subTest(name):
                kind = other_states.get(name) or LAST_EVENT[name]
                state = other_states.get(name) or REPORTED[name][2]
                self.wait_for_event(user, address, kind, state, between)
                self.assertCore(user, partner_id, message_id, name == "unknown user")

    def assertCore(self, user, partner_id, message_id, is_bounced):
        """Check that core counts failures and nothing else as bounces."""
        partner = user("res.partner", "read", [partner_id], ["message_bounce"])
        self.assertEqual(partner[0]["message_bounce"], int(is_bounced))
        (notification,) = query(
            user.database,
            "SELECT notification_status FROM mail_notification"
            " WHERE mail_message_id = %s AND notification_type = 'email'",
            message_id,
        )
        status = "bounce" if is_bounced else "sent"
        self.assertEqual(notification["notification_status"], status)

    # === TESTS ===#
    def test_reports_through_the_mail_gate(self):
        self.assertReported(self.a)

    def test_reports_by_pop3_of_a_server_that_delivers_straight(self):
        (server,) = self.b("ir.mail_server", "search", [("name", "=", "Postfix")])
        self.b("ir.mail_server", "write", [server], {"direct_mx": True})
        values = {
            "name": "Reports",
            "server_type": "pop",
            "server": "127.0.0.1",
            "port": self.lab.pop3.port,
            "user": "reports",
            "password": "any",
            "state": "done",
        }
        mailbox = self.b("fetchmail.server", "create", values)
        self.addCleanup(self.b, "fetchmail.server", "unlink", [mailbox])

        browser = self.b.browser()
        button = {"model": "fetchmail.server", "method": "fetch_mail"}

        def fetch():  # not by XML-RPC, which cannot return None
            url = f"{self.server.url}/web/dataset/call_kw"
            call_json(browser, url, **button, args=[[mailbox]], kwargs={})

        self.assertReported(self.b, fetch, relayed="delivered")

    def test_what_postfix_says_of_an_unknown_user(self):
        address, _partner_id, _message_id = self.send_to(self.a, "nobody", "ok.test")
        tracking = self.wait_for_event(self.a, address, "hard_bounce", "bounced")
        self.assertEqual(tracking["error_type"], "address_unknown")
        self.assertIn("unknown user", tracking["error_description"])
        (event,) = query(
            self.a.database,
            "SELECT source, server, recipient FROM mail_tracking_event"
            " WHERE tracking_email_id = %s AND event_type = 'hard_bounce'",
            tracking["id"],
        )
        expected = {"source": "dsn", "server": "relay.test", "recipient": address}
        self.assertEqual(event, expected)
