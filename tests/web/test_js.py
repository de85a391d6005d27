import logging
import re

from odoo.tests import HttpCase, no_retry, tagged

# At least so many tests have to pass: a filter that matches nothing runs everything.
DESKTOP_TESTS = 105
MOBILE_TESTS = 7
PASSED = re.compile(r"\[HOOT\] Passed (\d+) tests")


def _is_failure(message):
    return "[HOOT]" not in message


def _hoot_id(name):
    """Return the id of a suite, as Hoot computes it."""
    number = 0
    for char in name:
        number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"


class Lines(logging.Handler):
    """Keep what is logged, beside the log itself."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


class HootCase(HttpCase):
    """Run the Hoot tests of this addon only, and count them."""

    def _run_hoot(self, preset, at_least):
        log = Lines()
        logger = logging.getLogger(__name__)
        logger.addHandler(log)
        self.addCleanup(logger.removeHandler, log)
        suite = _hoot_id("@mail_activity_tracking")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&timeout=15000&id={suite}&{preset}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=_is_failure,
        )
        passed = sum(int(n) for line in log.lines for n in PASSED.findall(line))
        self.assertGreaterEqual(passed, at_least)


@tagged("post_install", "-at_install")
class TestJs(HootCase):
    @no_retry
    def test_desktop(self):
        self._run_hoot("preset=desktop", DESKTOP_TESTS)


@tagged("post_install", "-at_install")
class TestJsMobile(HootCase):
    browser_size = "375x667"
    touch_enabled = True

    @no_retry
    def test_mobile(self):
        self._run_hoot("preset=mobile&tag=-headless", MOBILE_TESTS)
