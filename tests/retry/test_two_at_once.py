from concurrent.futures import ThreadPoolExecutor, TimeoutError

from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..helpers.committed_case import CommittedCase

REFUSED = "550 5.1.1 No such user"
MUTED = ("odoo.sql_db", "odoo.service.model", "odoo.models.unlink")


@tagged("post_install", "-at_install")
class TestTwoAtOnce(CommittedCase):
    """Two transactions, one of which waits for the other."""

    def setUp(self):
        super().setUp()
        for name in (*MUTED, "odoo.addons.mail.models.mail_mail"):
            self.enterContext(mute_logger(name))
        self.set_parameter("retry_not_tried", "False")
        self.pool = ThreadPoolExecutor(1)
        self.addCleanup(self.pool.shutdown)
        with self.committed() as env:
            self.document, *partners = env["res.partner"].create(
                [{"name": "Document"}]
                + [{"name": n, "email": f"{n}@example.com"} for n in "pqr"]
            )
            self.p, self.q, self.r = partners
            self.created += [self.document, self.p, self.q, self.r]

    # === TWO ===#
    def beside(self, work):
        """Begin to do something in a thread and a transaction of its own.

        As a request: after a conflict Odoo begins it anew.
        """

        def run():
            with self.committed() as env:
                return retrying(lambda: work(env), env)

        return self.pool.submit(run)

    def assertWaits(self, other):
        """Check that PostgreSQL lets the other transaction wait for one of ours."""
        with self.registry.cursor() as cr:
            for _second in range(20):
                cr.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cr.fetchone()[0]:
                    return
                cr.rollback()
                try:
                    other.result(timeout=0.1)
                except TimeoutError:
                    continue
                break
        self.fail("it waits for nobody")

    # === WHAT THEY DO ===#
    def post(self, partners, refused=()):
        self.smtp.refused = dict.fromkeys(refused, REFUSED)
        with self.committed() as env:
            message = self.document.with_env(env).message_post(
                body="Hello",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=partners.ids,
            )
        self.smtp.refused = {}
        with self.committed() as env:
            rows = self.rows(env, message)
            self.created.append(rows)
        return message

    def rows(self, env, message):
        domain = [("mail_message_id", "=", message.id)]
        return env["mail.tracking.email"].search(domain)

    def notify(self, env, message, partners):
        """Make one more mail of a message, as core does for each 50 recipients."""
        return env["mail.mail"].create(
            {
                "mail_message_id": message.id,
                "is_notification": True,
                "body_html": "<p>x</p>",
                "recipient_ids": partners.ids,
            }
        )

    def retry(self, env, message, partner):
        rows = self.rows(env, message)
        return rows.filtered(lambda row: row.partner_id.id == partner.id)._retry()

    def states(self, message):
        """Return the rows that there are: pairs of address and state."""
        with self.committed() as env:
            rows = self.rows(env, message)
            return sorted((row.recipient_address[0], row.state) for row in rows)

    # === CASES ===#
    def test_the_same_contact_is_notified_twice(self):
        message = self.post(self.p)
        with self.committed() as env:
            self.notify(env, message, self.q)
            other = self.beside(lambda env: self.notify(env, message, self.q + self.r))
            self.assertWaits(other)
        other.result(timeout=30)
        self.assertEqual(
            self.states(message), [("p", "sent"), ("q", "waiting"), ("r", "waiting")]
        )

    def test_posted_and_retried(self):
        message = self.post(self.p, ["p@example.com"])
        with self.committed() as env:
            self.retry(env, message, self.p)
            other = self.beside(lambda env: self.notify(env, message, self.p + self.q))
            self.assertWaits(other)
        other.result(timeout=30)
        self.assertEqual([to for to, _state in self.states(message)], ["p", "q"])

    def test_two_retries_of_one_mail(self):
        message = self.post(self.p + self.q, ["p@example.com", "q@example.com"])
        self.smtp.messages.clear()
        with self.committed() as env:
            self.retry(env, message, self.p)
            other = self.beside(lambda env: self.retry(env, message, self.q))
            self.assertWaits(other)
        other.result(timeout=30)
        self.assertEqual(self.states(message), [("p", "sent"), ("q", "sent")])
        for address in ("p@example.com", "q@example.com"):
            self.assertEqual(self.smtp.copies(address), 1)

    def test_contact_is_deleted_while_it_is_retried(self):
        message = self.post(self.p, ["p@example.com"])
        with self.committed() as env:
            self.retry(env, message, self.p)
            other = self.beside(lambda env: self.p.with_env(env).unlink())
            self.assertWaits(other)
        other.result(timeout=30)
        self.assertEqual(self.states(message), [("p", "sent")])
        self.assertEqual(self.smtp.copies("p@example.com"), 1)

    def test_contacts_are_merged_while_one_is_retried(self):
        message = self.post(self.p + self.q, ["p@example.com"])
        self.smtp.messages.clear()

        def merge(env):
            wizard = env["base.partner.merge.automatic.wizard"].create({})
            wizard._merge((self.p + self.q).ids, self.q.with_env(env))

        with self.committed() as env:
            self.retry(env, message, self.p)
            other = self.beside(merge)
            self.assertWaits(other)
        other.result(timeout=30)
        with self.committed() as env:
            rows = self.rows(env, message)
            self.assertEqual(rows.partner_id.ids, self.q.ids)
            self.assertEqual(len(rows), 2)
            shown = rows.filtered(lambda row: not row.outranked)
            self.assertEqual(len(shown), 1)
