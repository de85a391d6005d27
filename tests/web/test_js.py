import logging
import re

from odoo.tests import HttpCase, no_retry, tagged

SUITE = "@mail_activity_tracking"
# What Hoot says at the end of each suite of a file.
ENDED = re.compile(r'\[HOOT\] "(@\w+)/\S+" ended \(passed: [1-9]')


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
    """Run the Hoot tests of this addon only: a filter that matches nothing runs all."""

    def _run_hoot(self, preset):
        log = Lines()
        logger = logging.getLogger(__name__)
        logger.addHandler(log)
        self.addCleanup(logger.removeHandler, log)
        suite = _hoot_id(SUITE)
        self.browser_js(
            f"/web/tests?headless&loglevel=2&timeout=15000&id={suite}&{preset}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=_is_failure,
        )
        ended = {suite for line in log.lines for suite in ENDED.findall(line)}
        self.assertEqual(ended, {SUITE})


@tagged("post_install", "-at_install")
class TestJs(HootCase):
    @no_retry
    def test_desktop(self):
        self._run_hoot("preset=desktop")


@tagged("post_install", "-at_install")
class TestJsMobile(HootCase):
    browser_size = "375x667"
    touch_enabled = True

    @no_retry
    def test_mobile(self):
        self._run_hoot("preset=mobile&tag=-headless")
