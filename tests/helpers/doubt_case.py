from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase

from ...tools.pixel_hit import register_hit


class DoubtCase(TransactionCase):
    """Mails that were accepted some seconds ago, and hits of their pixels."""

    def setUp(self):
        super().setUp()
        self.Tracking = self.env["mail.tracking.email"]
        self.now = fields.Datetime.now()

    def new_tracking(self, state="sent", accepted=None, **values):
        """Create a tracking of a mail accepted so many seconds ago; None: not yet."""
        created = self.Tracking.create(
            {
                "token": self.Tracking._new_token(),
                "state": state,
                "state_time": self.now - timedelta(seconds=accepted or 0),
                **values,
            }
        )
        self.add(created, "queued", 600)
        if accepted is not None:
            self.add(created, "sent", accepted)
        return created

    def add(self, tracking, event_type, seconds_ago, **values):
        time = self.now - timedelta(seconds=seconds_ago)
        values = {"event_type": event_type, "source": "smtp", "time": time, **values}
        tracking._add_events(values)

    def hit(self, tracking, evidence="human", rule=None, limit=2):
        self.env.flush_all()
        hits = register_hit(
            self.env.cr,
            tracking.token,
            evidence,
            rule=rule,
            early_seconds=lambda: limit,
        )
        self.env.invalidate_all(flush=False)
        return hits

    def opens(self, tracking):
        """Return class and rule of each opening that was noted."""
        events = tracking.tracking_event_ids.sorted("id")
        return [
            (event.evidence, event.evidence_rule or None)
            for event in events
            if event.event_type == "open"
        ]

    def later(self, tracking, seconds):
        """Let all that happened to a tracking have happened so much earlier."""
        self.env.flush_all()
        values = {"ago": timedelta(seconds=seconds), "id": tracking.id}
        self.env.cr.execute(
            "UPDATE mail_tracking_event SET time = time - %(ago)s"
            " WHERE tracking_email_id = %(id)s",
            values,
        )
        self.env.cr.execute(
            "UPDATE mail_tracking_email SET state_time = state_time - %(ago)s,"
            " last_hit = last_hit - %(ago)s WHERE id = %(id)s",
            values,
        )
        self.env.invalidate_all(flush=False)
