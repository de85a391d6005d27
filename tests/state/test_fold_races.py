import time
from contextlib import contextmanager
from threading import Thread

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from ...tools.after_commit import read_committed
from ..helpers.committed_case import CommittedCase


@tagged("post_install", "-at_install")
class TestFoldRaces(CommittedCase):
    """Lowering a state does not miss events that are committed at the same moment."""

    def setUp(self):
        super().setUp()
        _mails, ((self.tracking_id, self.token),) = self.new_committed_mails(1)
        self.add("sent")
        self.complaint = self.add("spam")

    @contextmanager
    def parallel(self):
        with self.registry.cursor() as cr:
            read_committed(cr)
            env = api.Environment(cr, SUPERUSER_ID, {})
            yield env["mail.tracking.email"].browse(self.tracking_id)

    def insert(self, tracking, kind, **values):
        tracking._add_events({"event_type": kind, "source": "dsn", **values})

    def add(self, kind, **values):
        """Commit an event and its state, and return the id of the event."""
        with self.parallel() as tracking:
            self.insert(tracking, kind, **values)
            tracking._update_state()
            return max(tracking.tracking_event_ids.ids)

    def meanwhile(self, change):
        """Begin a change in another transaction, which waits for the present one."""

        def run():
            with self.parallel() as tracking:
                change(tracking)

        thread = Thread(target=run)
        thread.start()
        self.addCleanup(thread.join)
        with self.registry.cursor() as cr:
            for _time in range(100):
                cr.execute(
                    """SELECT FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'
                    """
                )
                if cr.rowcount:
                    return thread
                cr.rollback()
                time.sleep(0.05)
        return self.fail("nothing waits")

    def test_a_report_while_a_complaint_is_taken_back(self):
        self.add("hard_bounce")
        with self.parallel() as own:
            self.insert(own, "complaint_withdrawn", withdrawn_event_id=self.complaint)
        with self.parallel() as tracking:
            tracking._update_state()
            self.assertEqual(tracking.state, "bounced")
            # It does not see the lower state, which the reply outdoes.
            thread = self.meanwhile(self.read_and_raise)
        thread.join()
        self.assertEqual(self.state_of(self.tracking_id)[0], "opened")

    def read_and_raise(self, tracking):
        with self.parallel() as own:
            self.insert(own, "reply")
        tracking._update_state()

    def test_a_complaint_is_taken_back_while_a_report_is_noted(self):
        with self.parallel() as own:
            self.insert(own, "complaint_withdrawn", withdrawn_event_id=self.complaint)
        with self.parallel() as tracking:
            tracking.env.cr.execute(
                "SELECT FROM mail_tracking_email WHERE id = %s FOR NO KEY UPDATE",
                [self.tracking_id],
            )
            self.insert(tracking, "delivered")
            thread = self.meanwhile(lambda other: other._update_state())
        thread.join()
        self.assertEqual(self.state_of(self.tracking_id)[0], "delivered")
