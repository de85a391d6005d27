from concurrent.futures import ThreadPoolExecutor, wait

from .case import POST
from .retry_case import RetryCase
from .rpc import User, call_json
from .world import world

# Longer than any answer takes that does not wait for another transaction.
PATIENCE = 10
# Logged when somebody has waited for the lock in vain.
LEFT = "is left to the queue"


class TestSendNow(RetryCase):
    """Somebody clicks on *Send now* while the mail server is taking the same mail.

    Core locks the notifications of a mail before it sends, and our statement before
    SMTP locks a mail without any: both keep a second sender from sending. It would wait
    for the first one and fail then; our own lock lets it go away at once.
    """

    is_long = True

    def setUp(self):
        super().setUp()
        groups = ("base.group_user", "base.group_partner_manager")
        self.people = [
            (server, self.new_user(self.a, *groups)) for server in world.servers()
        ]

    def queued_for_contact(self):
        """Queue a mail that has a notification, and return its tracking."""
        address = self.new_address()
        partner_id = self.new_partner(self.a, address)
        post = {**POST, "partner_ids": [partner_id]}
        context = {"mail_notify_force_send": False}
        self.a("res.partner", "message_post", [partner_id], **post, context=context)
        return self.tracking(self.a.database, recipient_address=address)

    def queued_for_address(self):
        """Queue a mail of a document to an address, without any notification."""
        address = self.new_address()
        document = {"model": "res.partner"}
        document["res_id"] = self.new_partner(self.a, self.new_address())
        mail = {**document, "subject": "S", "body_html": "<p>B</p>"}
        self.a("mail.mail", "create", [{**mail, "email_to": address}])
        return self.tracking(self.a.database, recipient_address=address)

    def click(self, server, person, tracking):
        """Click on "Send now", in a browser that talks to a server."""
        user = User(server.url, self.a.database, person.login)
        path = f"{server.url}/mail/tracking/send_now"
        call_json(user.browser(), path, tracking_id=tracking["id"])

    def assertSecondGoesAway(self, tracking, first):
        """Check a click by a second person while the mail server has the mail.

        :param first: function that sends it
        """
        address = tracking["recipient_address"]
        self.assertEqual(tracking["state"], "waiting")
        since = [(server, server.place_in_log()) for server in world.servers()]
        server, person = self.people[1]
        answered = []
        with ThreadPoolExecutor(2) as pool:

            def click_meanwhile(envelope):
                if address in envelope.rcpt_tos and not answered:
                    second = pool.submit(self.click, server, person, tracking)
                    answered.append(second in wait([second], PATIENCE).done)

            self.smtp.on_data = click_meanwhile
            pool.submit(first).result()
        self.smtp.on_data = None
        self.assertEqual(answered, [True], "the second one does not wait")
        self.settle({address: tracking["id"]})
        self.assertOneCopy({address: tracking["id"]})
        for server, place in since:
            self.assertNotIn(LEFT, server.said(place))

    def test_by_two_people(self):
        for queued in (self.queued_for_contact, self.queued_for_address):
            with self.subTest(queued.__name__):
                tracking = queued()
                self.assertSecondGoesAway(
                    tracking, lambda t=tracking: self.click(*self.people[0], t)
                )

    def test_while_the_queue_sends_it(self):
        for queued in (self.queued_for_contact, self.queued_for_address):
            with self.subTest(queued.__name__):
                self.assertSecondGoesAway(queued(), lambda: self.run_queue(self.a))
