from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.auto_retry import mail_tracking_email as auto_retry
from ..helpers.auto_retry_case import GREYLISTED, AutoRetryCase
from ..helpers.tracking_case import ill


@tagged("post_install", "-at_install")
class TestRetryJob(AutoRetryCase):
    """The job begins what a crash has prevented, in batches, each with a commit."""

    def setUp(self):
        super().setUp()
        for name in ("retry_hours", "retry_not_tried"):
            self.set_parameter(name, "0")
        self.smtp.refused = {f"p{i}@example.com": GREYLISTED for i in range(3)}
        self.ids = self.post(3)
        self.assertEqual(self.states(), ["error"] * 3)
        self.set_parameter("retry_hours", "48")
        self.set_parameter("retry_not_tried", "1")
        self.age(2)
        self.enterContext(patch.object(auto_retry, "BATCH", 2))

    def states(self):
        return [self.values_of(tracking_id)[0] for tracking_id in self.ids]

    def run_job(self):
        with self.committed() as env:
            env["mail.tracking.email"]._cron_try_again()

    def test_batches(self):
        sizes, begin = [], auto_retry.MailTrackingEmail._try_again

        def counted(trackings):
            sizes.append(len(trackings))
            return begin(trackings)

        with patch.object(auto_retry.MailTrackingEmail, "_try_again", counted):
            self.run_job()
        self.assertEqual(sizes, [2, 1])
        self.assertEqual(self.states(), ["waiting"] * 3)

    def test_a_batch_that_fails_takes_none_back(self):
        begin = auto_retry.MailTrackingEmail._try_again

        def second_is_ill(trackings):
            return begin(trackings) if len(trackings) > 1 else ill()

        with (
            patch.object(auto_retry.MailTrackingEmail, "_try_again", second_is_ill),
            self.assertRaises(RuntimeError),
        ):
            self.run_job()
        self.assertEqual(sorted(self.states()), ["error", "waiting", "waiting"])
        self.run_job()
        self.assertEqual(self.states(), ["waiting"] * 3)

    def test_index(self):
        """What PostgreSQL is asked matches the condition of the partial index."""
        with self.committed() as env:
            statements, execute = [], env.cr.execute

            def noted(query, *args, **kwargs):
                statements.append((query, *args))
                return execute(query, *args, **kwargs)

            with patch.object(env.cr, "execute", noted):
                env["mail.tracking.email"]._ids_to_try_again(0)
            (query,) = statements[-1]
            env.cr.execute("SET LOCAL enable_seqscan = off")
            env.cr.execute(SQL("EXPLAIN %s", query))
            plan = "\n".join(row[0] for row in env.cr.fetchall())
        self.assertIn("mail_tracking_event_may_arrive", plan)
