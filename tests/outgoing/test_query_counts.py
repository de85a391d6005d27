from contextlib import contextmanager
from unittest.mock import patch

from odoo import sql_db
from odoo.tests import tagged

from ...models.queue.mail_mail import MailMail
from ...tools import after_commit
from ..helpers.committed_case import CommittedCase


@tagged("post_install", "-at_install")
class TestQueryCounts(CommittedCase):
    """Number of statements, compared with the same action without tracking."""

    @contextmanager
    def untracked(self):
        """Switch tracking off within the block."""
        with patch.object(MailMail, "_mail_tracking_filter", lambda mails: mails[:0]):
            yield

    def count(self, action):
        """Return the number of statements of an action on all cursors."""
        before = sql_db.sql_counter
        action()
        return sql_db.sql_counter - before

    def added(self, action):
        """Return how many statements more an action takes with tracking."""
        action()  # caches and sequences are warm from here on
        with self.untracked():
            action()
            plain = self.count(action)
        return self.count(action) - plain

    def test_post_to_a_hundred_recipients(self):
        with self.committed() as env:
            partners = env["res.partner"].create(
                [{"name": f"R{i}", "email": f"r{i}@example.com"} for i in range(100)]
            )
            document = env["res.partner"].create({"name": "Document"})
            self.created += [partners, document]

        def post():
            with self.committed() as env:
                document.with_env(env).message_post(
                    body="Hello",
                    subtype_xmlid="mail.mt_comment",
                    message_type="comment",
                    partner_ids=partners.ids,
                )

        # Two mail.mail of 50 recipients each: at most 3 a mail and 3 a batch.
        self.assertLessEqual(self.added(post), 2 * 3 + 3)
        with self.committed() as env:
            trackings = env["mail.tracking.email"].search(
                [("partner_id", "in", partners.ids)]
            )
            self.assertEqual(set(trackings.mapped("state")), {"sent"})
            self.created.append(trackings)

    def test_creation_of_mails_in_the_queue(self):
        with self.committed() as env:
            partner = env["res.partner"].create({"name": "P", "email": "p@example.com"})
            self.created.append(partner)

        def create(count):
            with self.committed() as env:
                values = {"subject": "Queued", "recipient_ids": partner.ids}
                self.created.append(env["mail.mail"].create([values] * count))

        self.assertLessEqual(self.added(lambda: create(1)), 2)
        self.assertLessEqual(self.added(lambda: create(10)), 2)

    def test_sending_of_the_queue(self):
        def prepare(count=20):
            return self.new_committed_mails(count)[0]

        def send(mail_ids):
            with self.committed() as env:
                env["mail.mail"].process_email_queue(mail_ids)

        # However slow the machine is: what is due each second is not counted.
        self.enterContext(patch.object(after_commit, "SECONDS_BETWEEN_FLUSHES", 600))
        send(prepare())
        with self.untracked():
            send(prepare())
            plain_ids = prepare()
            plain = self.count(lambda: send(plain_ids))
        mail_ids = prepare()
        extra = self.count(lambda: send(mail_ids)) - plain
        # An UPDATE before SMTP and an INSERT after it for each mail; what follows the
        # commits is coalesced.
        self.assertLessEqual(extra, 20 * 2 + 3)
