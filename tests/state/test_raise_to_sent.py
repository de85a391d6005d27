from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ...models.state import mail_tracking_email as state
from ...tools.audience_sql import is_any_seen_sql

BEGUN = datetime(2026, 3, 4, 5, 6, 7)
NAMES = ("state", "state_time", "error_type", "error_description", "reviewed")
# Kinds of events, each with its attempt, and other values of the tracking.
SENT = [("queued", 1), ("sent", 1)]
ORDINARY = [
    (SENT, {}),
    (SENT, {"error_type": "not_attempted", "error_description": "450 Wait"}),
    (SENT, {"state_time": BEGUN + timedelta(hours=1)}),
]
OTHERS = [
    ([("queued", 1)], {}),
    ([*SENT, ("queued", 2)], {"attempt": 2}),
    ([*SENT, ("queued", 2), ("sent", 2)], {"attempt": 2}),
    ([*SENT, ("sent", 1)], {}),
    ([*SENT, ("open", 1)], {}),
    ([*SENT, ("delivered", 1)], {}),
    ([*SENT, ("bounced", 1)], {}),
    ([("queued", 1), ("error", 1)], {}),
    ([("queued", 1), ("error", 1), ("queued", 2), ("sent", 2)], {"attempt": 2}),
    (SENT, {"other_addresses": "b@example.com"}),
    (SENT, {"outranked": False}),
    (SENT, {"state": "delivered"}),
    (SENT, {"state": "canceled"}),
]


@tagged("post_install", "-at_install")
class TestRaiseToSent(TransactionCase):
    def new_tracking(self, events, values):
        tracking = self.env["mail.tracking.email"].create(
            {
                "recipient_address": "a@example.com",
                "state": "waiting",
                "state_time": BEGUN,
                "attempt": 1,
                **values,
            }
        )
        self.env.flush_all()
        if values.get("outranked") is False:  # as merged contacts have it, not NULL
            self.env.cr.execute(
                "UPDATE mail_tracking_email SET outranked = FALSE WHERE id = %s",
                tracking.ids,
            )
        for number, (event_type, attempt) in enumerate(events, 1):
            tracking._add_events(
                {
                    "event_type": event_type,
                    "attempt": attempt,
                    "time": BEGUN + timedelta(minutes=number),
                    "source": "smtp",
                    "evidence": "human" if event_type == "open" else None,
                }
            )
        return tracking

    def test_as_the_general_statement_does(self):
        for cases, is_ordinary in ((ORDINARY, True), (OTHERS, False)):
            for events, values in cases:
                with self.subTest(events=events, values=values):
                    tracking, other = (
                        self.new_tracking(events, values) for _number in range(2)
                    )
                    raised = tracking._raise_to_sent()
                    self.assertEqual(raised == tracking, is_ordinary)
                    (tracking - raised)._update_state()
                    other._update_state()
                    self.env.invalidate_all()
                    for name in NAMES:
                        self.assertEqual(tracking[name], other[name], name)

    def test_batch(self):
        """Two statements, whatever else the batch holds."""
        sent = self.new_tracking(SENT, {})
        waiting = self.new_tracking([("queued", 1)], {})
        with self.assertQueryCount(2):
            self.assertEqual((sent | waiting)._raise_to_sent(), sent)

    def test_who_sees_it_is_told(self):
        user = self.env.user
        values = {"model": "res.partner", "res_id": user.partner_id.id}
        for is_seen in (False, True):
            if is_seen:
                self.env["mail.tracking.viewer"]._replace("browser", [user.partner_id])
            tracking = self.new_tracking(SENT, values)
            with self.assertQueryCount(2 + is_seen):
                tracking._raise_to_sent()

    def test_who_comes_while_it_waits_is_told(self):
        """The look at who is there begins after the statement that waits for locks."""
        partner = self.env.user.partner_id
        values = {"model": "res.partner", "res_id": partner.id}
        tracking = self.new_tracking(SENT, values)

        def come(tracking_ids):
            self.env["mail.tracking.viewer"]._replace("browser", [partner])
            return is_any_seen_sql(tracking_ids)

        with (
            patch.object(state, "is_any_seen_sql", come),
            patch.object(type(tracking), "_notify_state") as notify,
        ):
            tracking._raise_to_sent()
        notify.assert_called_once()
