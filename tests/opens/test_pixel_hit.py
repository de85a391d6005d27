from datetime import datetime, timedelta
from unittest.mock import Mock

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ...tools.pixel_hit import Seen, is_noted, register_hit
from ...tools.states import OPEN_STATE, STATE_RANK

TOKEN = "t" * 26
NOW = datetime(2026, 3, 4, 5, 6, 7)


class SlowCursor:
    """A cursor on which another transaction commits between reading and writing."""

    def __init__(self, cr, meanwhile):
        self.cr = cr
        self.meanwhile = [meanwhile]

    def execute(self, *arguments):
        self.cr.execute(*arguments)
        # The rows are fetched before anything else runs on the same connection.
        self.rows = self.cr.fetchall()
        if self.meanwhile:
            self.cr.execute(*self.meanwhile.pop())

    def fetchall(self):
        return self.rows


@tagged("post_install", "-at_install")
class TestPixelHit(TransactionCase):
    def setUp(self):
        super().setUp()
        self.Tracking = self.env["mail.tracking.email"]

    def new_trackings(self, count=1, **values):
        values = {"token": TOKEN, "state": "sent", "attempt": 1, **values}
        trackings = self.Tracking.create([values] * count)
        self.env.flush_all()
        return trackings

    def accepted(self, trackings, **ago):
        """Move the acceptance of the mails back."""
        sent = {"event_type": "sent", "source": "smtp"}
        now = fields.Datetime.now()
        trackings._add_events({**sent, "time": now - timedelta(**ago)})

    def hit(self, evidence="human", cr=None, token=TOKEN):
        hits = register_hit(cr or self.env.cr, token, evidence)
        self.env.invalidate_all(flush=False)
        return hits

    def test_statements(self):
        """Hits that change nothing take one query."""
        self.new_trackings()
        with self.assertQueryCount(2):
            self.assertEqual(len(self.hit()), 1)
        with self.assertQueryCount(1):
            self.assertFalse(self.hit())
        with self.assertQueryCount(1):
            self.assertFalse(register_hit(self.env.cr, "u" * 26, "human"))

    def test_what_others_are_told_of_is_written_in_one_transaction(self):
        ordinary = self.new_trackings()
        failed = self.new_trackings(token="f" * 26, state="bounced")
        telling = self.new_trackings(token="s" * 26, tells="asked")
        for tracking, expected in ((ordinary, 0), (failed, 1), (telling, 1)):
            begin = Mock(side_effect=lambda of=tracking: self.assertFalse(of.hit_count))
            for _hit in range(2):
                register_hit(self.env.cr, tracking.token, "human", begin)
                self.assertEqual(begin.call_count, expected)
                self.env.invalidate_all(flush=False)
                self.assertEqual(tracking.hit_count, 1)

    def test_classified_only_where_it_matters(self):
        """Not for unknown tokens, nor for hits that are too many anyway."""
        tracking = self.new_trackings()
        judge = Mock(side_effect=[("machine", "library"), ("human", None)])
        self.assertIsNone(self.hit(judge, token="u" * 26))
        self.assertFalse(judge.called)
        for evidence in ("machine", "human", "human"):
            self.hit(judge)
            self.assertEqual(tracking.best_evidence, evidence)
        self.assertEqual(judge.call_count, 2)
        rules = tracking.tracking_event_ids.sorted("id").mapped("evidence_rule")
        self.assertEqual(rules, ["library", False])

    def test_statements_of_a_shared_pixel(self):
        trackings = self.new_trackings(30)
        with self.assertQueryCount(2):
            self.assertEqual(len(self.hit()), 30)
        self.assertEqual(set(trackings.mapped("state")), {"sent"})
        self.assertEqual(trackings.mapped("hit_count"), [1] * 30)

    def test_another_hit_was_faster(self):
        tracking = self.new_trackings()
        faster = (
            """UPDATE mail_tracking_email
                  SET hit_count = 1, last_hit = now() AT TIME ZONE 'UTC',
                      best_evidence = 'human', state = 'opened', open_count = 1
                WHERE id = %s""",
            [tracking.id],
        )
        self.assertFalse(self.hit(cr=SlowCursor(self.env.cr, faster)))
        self.assertEqual(tracking.hit_count, 1)
        self.assertEqual(tracking.open_count, 1)
        self.assertFalse(tracking.tracking_event_ids)

    def test_another_state_came_between(self):
        tracking = self.new_trackings()
        bounce = (
            "UPDATE mail_tracking_email SET state = 'bounced' WHERE id = %s",
            [tracking.id],
        )
        (hit,) = self.hit(cr=SlowCursor(self.env.cr, bounce))
        self.assertEqual(tracking.state, "opened")
        self.assertEqual(tracking.open_count, 1)
        self.assertEqual(tracking.tracking_event_ids.mapped("event_type"), ["open"])
        self.assertTrue(hit.is_changed and hit.was_failed)

    def test_every_state_and_evidence(self):
        """A hit raises a state, and lowers none."""
        for state, rank in STATE_RANK.items():
            for evidence, proved in OPEN_STATE.items():
                with self.subTest(state=state, evidence=evidence):
                    token = f"{state}{evidence}".ljust(26, "x")
                    tracking = self.new_trackings(state=state, token=token)
                    self.accepted(tracking, minutes=1)
                    (hit,) = self.hit(evidence, token=token)
                    higher = STATE_RANK.get(proved, -1) > rank
                    self.assertEqual(tracking.state, proved if higher else state)
                    self.assertEqual(hit.is_changed, higher)
                    self.assertEqual(tracking.open_count, int(proved == "opened"))

    def test_nobody_sees_it(self):
        self.env["mail.presence"].search([]).unlink()
        partner = self.env["res.partner"].create({"name": "Document"})
        message = partner.message_post(
            body="Hello", author_id=self.env.ref("base.partner_admin").id
        )
        document = {"mail_message_id": message.id, "model": "res.partner"}
        tracking = self.new_trackings(**document, res_id=partner.id)
        (hit,) = self.hit()
        self.assertFalse(hit.is_seen)
        self.env["mail.tracking.viewer"].create(
            {"browser": "b", "user_id": 2, "model": "res.partner", "res_id": partner.id}
        )
        tracking.write({"state": "sent", "last_hit": False})
        self.env.flush_all()
        (hit,) = self.hit()
        self.assertTrue(hit.is_seen)

    def test_bounds(self):
        seen = Seen(1, "opened", 1, NOW - timedelta(seconds=61), "human")
        self.assertTrue(is_noted(seen, "human", NOW, False))
        within = seen._replace(last_hit=NOW - timedelta(seconds=60))
        self.assertFalse(is_noted(within, "human", NOW, False))
        often = seen._replace(hit_count=20)
        self.assertFalse(is_noted(often, "human", NOW, False))
        long_ago = often._replace(last_hit=NOW - timedelta(seconds=3601))
        self.assertTrue(is_noted(long_ago, "human", NOW, False))

    def test_what_proves_more_comes_through(self):
        seen = Seen(1, "delivered", 20, NOW, "machine")
        self.assertTrue(is_noted(seen, "human", NOW, False))
        self.assertFalse(is_noted(seen, "human", NOW, True))
        self.assertFalse(is_noted(seen, "machine", NOW, False))
        self.assertFalse(
            is_noted(seen._replace(best_evidence="human"), "proxy", NOW, False)
        )
