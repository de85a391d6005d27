from odoo.tests import tagged

from odoo.addons.mail.tools.discuss import Store

from ..helpers.failed_case import FailedCase


@tagged("post_install", "-at_install")
class TestFailedQueries(FailedCase):
    """Number of statements for failures, however many there are."""

    def setUp(self):
        super().setUp()
        self.messages = self.env["mail.message"]
        for _i in range(3):
            self.messages += self.post_failed(self.alice + self.bob)[0]
        self.messages = self.messages.with_user(self.author)

    def count(self, action):
        """Return the number of statements of an action with warm caches of the ORM."""
        action()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        return self.env.cr.sql_log_count - before

    def test_first_data_of_the_page(self):
        author = self.author.with_user(self.author)

        def boxes():
            store = Store()
            author._init_messaging(store)
            return store

        with_box = self.count(boxes)
        self.patch(
            type(self.env["res.users"]), "_mail_tracking_failed_box", lambda *_args: {}
        )
        self.assertEqual(with_box, self.count(boxes) + 1)

    def test_mailbox_against_the_inbox(self):
        """Two statements more than core's inbox with the same messages."""
        self.env["mail.notification"].sudo().create(
            [
                {
                    "mail_message_id": message.id,
                    "res_partner_id": self.author.partner_id.id,
                    "notification_type": "inbox",
                }
                for message in self.messages
            ]
        )
        Message = self.env["mail.message"].with_user(self.author)
        Tracking = self.env["mail.tracking.email"]

        def page(domain):
            messages = Message._message_fetch(domain)["messages"]
            self.assertEqual(messages, self.messages.sorted("id", reverse=True))
            return messages, Store().add(messages)

        def mailbox():
            author = self.author.partner_id
            messages, store = page(Tracking._failed_messages_domain(author))
            messages._mail_tracking_failures_to_store(store)

        failed = self.count(mailbox)
        self.patch(type(Message), "_mail_tracking_to_store", lambda *_args: None)
        inbox = self.count(lambda: page([("needaction", "=", True)]))
        self.assertEqual(failed, inbox + 2)

    def test_counters_of_many_authors(self):
        authors = (self.author + self.colleague).partner_id
        counters = {}

        def ask():
            counters.update(Tracking._failed_counters(authors.ids))

        Tracking = self.env["mail.tracking.email"]
        self.assertEqual(self.count(ask), 1)
        self.assertEqual(counters, dict(zip(authors.ids, (3, 0), strict=True)))

    def test_document(self):
        document = self.document.with_user(self.author)

        def chatter(*request_list):
            def ask():
                Store().add(
                    document,
                    request_list=["display_name", *request_list],
                    as_thread=True,
                )

            return self.count(ask)

        self.assertEqual(chatter("trackingFailures"), chatter() + 1)

    def test_push_of_many_failures_at_once(self):
        self.env["mail.presence"].search([]).unlink()
        self.env["mail.presence"].create(
            {"user_id": self.author.id, "status": "online"}
        )
        failed = self.trackings_of(self.messages[0])
        many = self.Tracking.search([("mail_message_id", "in", self.messages.ids)])
        one_message = self.count(failed._notify_failed)
        self.assertLessEqual(self.count(many._notify_failed), one_message)
        self.env["mail.presence"].search([]).unlink()
        self.assertLessEqual(self.count(many._notify_failed), 2)
