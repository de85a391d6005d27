from .case import PIXEL_URL, LiveCase, load
from .databases import query

QUEUE = ("ir.model.data", "check_object_reference", "mail")


class TestSending(LiveCase):
    """Mails that really go out, in transactions that really end."""

    def test_post_then_open(self):
        """Sent after the commit, in the server's words; opened with the answer."""
        address, message_id = self.post(self.a)
        tracking = self.wait_for_state(
            self.a.database, "sent", mail_message_id=message_id
        )
        self.assertEqual(tracking["recipient_address"], address)
        self.assertEqual(tracking["events"], ["queued", "sent"])
        (event,) = query(
            self.a.database,
            "SELECT * FROM mail_tracking_event"
            " WHERE tracking_email_id = %s AND event_type = 'sent'",
            tracking["id"],
        )
        self.assertEqual(event["diagnostic"], self.smtp.answer)
        self.assertEqual((event["source"], event["server"]), ("smtp", "127.0.0.1"))
        url, _path, token = self.pixel(address)
        self.assertEqual(token, tracking["token"])
        self.assertPixel(load(url))
        self.assertOpened(self.a.database, token)

    def test_password_reset(self):
        """Core takes back all rows of that mail: it is followed, without an image."""
        address = self.new_address()
        values = {"name": "Forgetful", "login": address, "email": address}
        no_invitation = {"no_reset_password": True}
        user_id = self.a("res.users", "create", values, context=no_invitation)
        self.a("res.users", "action_reset_password", [user_id])
        html = self.received(address).get_body(("html",)).get_content()
        self.assertNotRegex(html, PIXEL_URL)
        tracking = self.wait_for_state(
            self.a.database, "sent", recipient_address=address
        )
        self.assertEqual(tracking["events"], ["queued", "sent"])


class TestQueue(LiveCase):
    """The cron of the mail queue."""

    def run_queue(self):
        """Run the cron as the button of its form does."""
        _model, cron_id = self.a(*QUEUE, "ir_cron_mail_scheduler_action")
        self.a("ir.cron", "method_direct_trigger", [cron_id])

    def test_each_mail_is_committed_and_sent_once(self):
        """While the tenth mail is being sent, nine are committed as sent."""
        addresses = [self.new_address() for _number in range(10)]
        mail = {"subject": "Queue", "body_html": "<p>x</p>", "email_from": "a@b.test"}
        mail_ids = self.a(
            "mail.mail", "create", [{**mail, "email_to": to} for to in addresses]
        )
        committed = []
        self.smtp.on_data = lambda _envelope: committed.append(
            self.count_sent(mail_ids)
        )
        self.run_queue()
        self.assertEqual(committed, list(range(10)))
        self.smtp.on_data = None
        self.run_queue()
        for address in addresses:
            self.received(address)
            tracking = self.wait_for_state(
                self.a.database, "sent", recipient_address=address
            )
            self.assertEqual(tracking["events"], ["queued", "sent"])

    def count_sent(self, mail_ids):
        """Count the committed events of mails that were sent."""
        (row,) = query(
            self.a.database,
            "SELECT count(*) FROM mail_tracking_event event"
            " JOIN mail_tracking_email tracking ON tracking.id = tracking_email_id"
            " WHERE event_type = 'sent' AND mail_id = ANY(%s)",
            mail_ids,
        )
        return row["count"]
