from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ...tools.open_evidence import is_too_early
from ..helpers.webhook_mail_case import WebhookMailCase

NOW = datetime(2026, 11, 26, 10, 0, 0)


def ago(event_type, seconds):
    return event_type, NOW - timedelta(seconds=seconds)


@tagged("post_install", "-at_install")
class TestTooEarly(BaseCase):
    def test_outcomes(self):
        for outcomes, limit, expected in (
            ([], 2, False),
            ([ago("queued", 60)], 2, True),
            ([ago("queued", 60)], 0, True),
            ([ago("queued", 60), ago("sent", 30)], 2, False),
            ([ago("queued", 60), ago("sent", 2)], 2, True),
            ([ago("sent", 2)], 0, False),
            ([ago("sent", 60), ago("delivered", 1)], 2, True),
            ([ago("sent", -1)], 2, True),
            ([ago("queued", 60), ago("error", 1)], 2, False),
        ):
            with self.subTest(outcomes=outcomes, limit=limit):
                self.assertEqual(is_too_early(NOW, outcomes, limit), expected)


@tagged("post_install", "-at_install")
class TestEarlySigns(WebhookMailCase):
    """Opens reported by providers have the same limit."""

    def moment(self, seconds):
        """Return a time so many seconds after the mail was accepted."""
        events = self.tracking.tracking_event_ids
        accepted = events.filtered(lambda event: event.event_type == "sent").time
        return (accepted + timedelta(seconds=seconds)).isoformat() + "Z"

    def signs(self):
        return [
            (event.event_type, event.evidence, event.evidence_rule or None)
            for event in self.tracking.tracking_event_ids.sorted("id")
            if event.event_type in ("open", "click")
        ]

    def test_seconds_after_the_acceptance(self):
        for event_type in ("open", "click"):
            self.report(
                self.item(event_type, evidence="human", timestamp=self.moment(2))
            )
        doubt = ("suspect", "early")
        self.assertEqual(self.signs(), [("open", *doubt), ("click", *doubt)])
        self.assertEqual(self.tracking.state, "sent")
        self.assertEqual(self.tracking.open_count, 0)

    def test_reader_who_takes_his_time(self):
        self.report(self.item("open", evidence="human", timestamp=self.moment(3)))
        self.assertEqual(self.signs(), [("open", "human", "provider")])
        self.assertEqual(self.tracking.state, "opened")
        self.assertEqual(self.tracking.open_count, 1)

    def test_delivered_in_the_same_request(self):
        self.report(
            self.item("open", evidence="human", timestamp=self.moment(40)),
            self.item("delivered", timestamp=self.moment(39)),
        )
        self.assertEqual(self.signs(), [("open", "suspect", "early")])
        self.assertEqual(self.tracking.state, "delivered")

    def test_click_of_a_machine_changes_nothing(self):
        self.report(self.item("click", evidence="machine"))
        self.assertEqual(self.signs(), [("click", "machine", "provider")])
        self.assertEqual(self.tracking.state, "sent")
        self.report(self.item("click", id="2"))  # whoever does not tell is believed
        self.assertEqual(self.tracking.state, "opened")

    def test_titles(self):
        titles = {}
        for number, evidence in enumerate(("human", "machine", "suspect")):
            for event in ("open", "click"):
                self.report(self.item(event, id=f"{event}{number}", evidence=evidence))
        for event in self.tracking.tracking_event_ids:
            titles[event.event_type, event.evidence] = event.title
        self.assertEqual(titles["open", "human"], "Opened")
        self.assertEqual(titles["open", "machine"], "Image loaded automatically")
        self.assertEqual(titles["open", "suspect"], "Image loaded")
        self.assertEqual(titles["click", "human"], "Clicked")
        self.assertEqual(titles["click", "machine"], "Link followed automatically")
        self.assertEqual(titles["click", "suspect"], "Link followed")
        self.assertEqual(titles["sent", False], "Sent")
        events = self.tracking._get_timeline()["events"]
        shown = {(event["text"], event["because"]) for event in events}
        self.assertIn(("Opened", "As reported by the email provider"), shown)
        self.assertIn(("Sent", ""), shown)
