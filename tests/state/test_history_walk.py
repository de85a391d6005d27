from odoo.tests import tagged
from odoo.tools import mute_logger

from ..helpers.report_case import ReportCase

try:
    from hypothesis import settings
    from hypothesis.stateful import run_state_machine_as_test
except ImportError:
    run_state_machine_as_test = None


@tagged("post_install", "-at_install")
class TestHistoryWalk(ReportCase):
    """Random histories of messages: the shown states follow from the events."""

    @mute_logger(
        "odoo.models.unlink",
        "odoo.addons.base.partner.merge",
        "odoo.addons.mail.models.mail_thread",
    )
    def test_random_histories(self):
        if not run_state_machine_as_test:
            self.skipTest("a random walk needs the package hypothesis")
        from ..helpers.history_walk import BOUNDS, HistoryWalk

        self.Tracking.search([]).unlink()  # of the demo data
        run_state_machine_as_test(lambda: HistoryWalk(self), settings=BOUNDS)

    @mute_logger(
        "odoo.models.unlink",
        "odoo.addons.base.partner.merge",
        "odoo.addons.base.models.ir_mail_server",
        "odoo.addons.mail.models.mail_thread",
    )
    def test_random_queues(self):
        if not run_state_machine_as_test:
            self.skipTest("a random walk needs the package hypothesis")
        from ..helpers.history_walk import BOUNDS, EXAMPLES
        from ..helpers.queue_walk import QueueWalk

        self.Tracking.search([]).unlink()  # of the demo data
        # Each step sends, or has sent, real mails.
        bounds = settings(BOUNDS, max_examples=EXAMPLES or 6)
        run_state_machine_as_test(lambda: QueueWalk(self), settings=bounds)
