from odoo.tests import tagged
from odoo.tools import mute_logger

from ..helpers.report_case import ReportCase

try:
    from hypothesis.stateful import run_state_machine_as_test
except ImportError:
    run_state_machine_as_test = None


@tagged("post_install", "-at_install")
class TestHistoryWalk(ReportCase):
    """Random histories of messages: what is shown follows from what happened."""

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
