import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..helpers.committed_case import CommittedCase


@tagged("post_install", "-at_install")
class TestRetryConcurrency(CommittedCase):
    """Two clicks, or two users, send once."""

    def setUp(self):
        super().setUp()
        self.smtp.refused["lisa@example.com"] = "550 5.1.1 No such user"
        with self.committed() as env:
            partner, document = env["res.partner"].create(
                [{"name": "Lisa", "email": "lisa@example.com"}, {"name": "Document"}]
            )
            message = document.message_post(
                body="Hello",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=partner.ids,
            )
            tracking = env["mail.tracking.email"].search(
                [("mail_message_id", "=", message.id)]
            )
            self.created += [tracking, partner, document]
        self.tracking_id = tracking.id
        self.assertEqual(self.state_of(self.tracking_id)[0], "error")
        self.smtp.refused.clear()
        self.smtp.messages.clear()

    def retry(self, env):
        """Click on Retry and return the ids that were sent again and the obstacles."""
        retried, obstacles = (
            env["mail.tracking.email"].browse(self.tracking_id)._retry()
        )
        return retried.ids, obstacles

    def test_second_click_while_the_first_is_at_work(self):
        with self.committed() as first:
            self.assertEqual(self.retry(first), ([self.tracking_id], {}))
            with self.committed() as second:
                self.assertEqual(self.retry(second), ([], {}))
        self.assertEqual(len(self.smtp.messages), 1)
        self.assertEqual(
            self.state_of(self.tracking_id),
            ("sent", ["error", "queued", "queued", "sent"]),
        )

    def test_second_click_that_has_not_seen_the_first(self):
        with self.registry.cursor() as cr:
            late = self.env(cr=cr)
            late["mail.tracking.email"].browse(self.tracking_id).read(["state"])
            with self.committed() as first:
                self.assertEqual(self.retry(first), ([self.tracking_id], {}))
            # Odoo begins the request anew, and then there is nothing to do.
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                self.retry(late)
            cr.rollback()
            self.assertEqual(self.retry(self.env(cr=cr)), ([], {}))
        self.assertEqual(len(self.smtp.messages), 1)

    def test_facts_do_not_wait_for_a_retry(self):
        with self.committed() as first:
            first["mail.tracking.email"].browse(self.tracking_id)._lock_failed()
            with self.committed() as second:
                second.cr.execute("SET LOCAL lock_timeout = '2s'")
                # An event refers to its tracking, and needs no more than that.
                second["mail.tracking.email"].browse(self.tracking_id)._add_events(
                    {"event_type": "other", "source": "queue"}
                )
        self.assertEqual(
            self.state_of(self.tracking_id)[1], ["error", "other", "queued"]
        )

    # === REVIEWING ===#
    def review(self, env):
        """Mark as reviewed and return the ids that changed."""
        return env["mail.tracking.email"].browse(self.tracking_id)._set_reviewed(True)

    def assertBegunAnew(self, other, expected):
        """Review in a transaction that has not seen what another one does.

        :param other: function of the other one, with its environment
        :param list expected: ids that the review changes when Odoo begins it anew
        """
        with self.registry.cursor() as cr:
            late = self.env(cr=cr)
            late["mail.tracking.email"].browse(self.tracking_id).read(["reviewed"])
            with self.committed() as first:
                other(first)
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                self.review(late)
                late.flush_all()
            cr.rollback()
            self.assertEqual(self.review(self.env(cr=cr)).ids, expected)
            cr.rollback()

    def test_reviewed_by_two_at_once(self):
        self.assertBegunAnew(self.review, [])
        with self.committed() as env:
            tracking = env["mail.tracking.email"].browse(self.tracking_id)
            self.assertTrue(tracking.reviewed)

    def test_not_reviewed_once_somebody_else_has_retried(self):
        self.assertBegunAnew(self.retry, [])
        with self.committed() as env:
            tracking = env["mail.tracking.email"].browse(self.tracking_id)
            self.assertEqual((tracking.state, tracking.reviewed), ("sent", False))
