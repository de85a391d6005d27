from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ...tools.retry_times import next_time

START = datetime(2026, 1, 1)


@tagged("post_install", "-at_install")
class TestRetryTimes(BaseCase):
    """When temporary failures are retried."""

    def minutes(self, hours):
        """Return the times of the retries of a mail that always fails, in minutes."""
        failures = [START]
        while moment := next_time(failures, hours):
            failures.append(moment)
        return [(moment - START) / timedelta(minutes=1) for moment in failures[1:]]

    def test_delays(self):
        self.assertEqual(self.minutes(48), [5, 35, 155, 635, 2075])

    def test_no_longer_than_the_hours(self):
        self.assertEqual(self.minutes(1), [5, 35])
        self.assertEqual(self.minutes(0), [])

    def test_the_last_delay_stands_for_more(self):
        self.assertEqual(self.minutes(96), [5, 35, 155, 635, 2075, 3515, 4955])
