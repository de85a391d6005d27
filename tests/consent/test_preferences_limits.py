from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ...controllers import email_preferences
from ...models.consent import mail_tracking_consent_log
from ...tools.consent import ALLOWED, REFUSED
from ...tools.limiter import Limiter
from ..helpers.consent_case import ConsentCase


@tagged("post_install", "-at_install")
class TestPreferencesLimits(ConsentCase, HttpCase):
    """Limits of the recipient's page, for strangers and for recipients."""

    def setUp(self):
        super().setUp()
        self.tracking, self.url = self.sent_link()
        few = Limiter(at_once=3, per_second=0)
        self.patch(email_preferences, "unknown_links", few)

    def statuses(self, times, url):
        return [self.opener.get(url).status_code for _time in range(times)]

    def test_unknown_links_up_to_a_limit(self):
        bad = self.url[:-32] + "0" * 32
        with self.assertLogs(email_preferences.__name__, "WARNING") as logs:
            self.assertEqual(self.statuses(8, bad), [200] * 3 + [429] * 5)
        self.assertEqual(len(logs.output), 1)
        self.assertEqual(self.opener.get(bad).headers["Retry-After"], "60")

    def test_nothing_is_asked_of_the_database_above_it(self):
        bad = self.url[:-32] + "0" * 32
        with self.assertLogs(email_preferences.__name__, "WARNING"):
            self.statuses(4, bad)
        with patch.object(email_preferences, "databases", None):  # asked before all
            self.assertEqual(self.statuses(2, bad), [429] * 2)

    def test_known_links_do_not_count(self):
        self.assertEqual(self.statuses(6, self.url), [200] * 6)
        self.assertFalse(email_preferences.unknown_links._spent)

    def test_whoever_clicks_for_ever_is_heard_when_he_refuses(self):
        self.patch(mail_tracking_consent_log, "MOST_CHOICES", 4)
        before = self.Log.search_count([])
        for _time in range(5):
            for choice in (REFUSED, ALLOWED):
                answer = self.opener.post(self.url, data={"choice": choice})
                self.assertEqual(answer.status_code, 200)
        self.env.invalidate_all()
        # One is there: that he was asked, and allowed it.
        self.assertEqual(self.Log.search_count([]) - before, 3)
        choices = self.Consent._choices_of([self.alice.email])
        self.assertEqual(choices, {self.alice.email: REFUSED})
