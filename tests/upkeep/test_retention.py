from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...models.upkeep import mail_tracking_email, mail_tracking_event
from ...tools.params import OPENS_THINNED_UNTIL, PARAMETERS, RETENTION, retention_days
from ..helpers.tracking_case import TrackingCase

PREFIX = "mail_activity_tracking."


@tagged("post_install", "-at_install")
class TestRetention(TrackingCase):
    """Retention by kind of data."""

    def setUp(self):
        super().setUp()
        self.parameters = self.env["ir.config_parameter"]
        self.events = self.env["mail.tracking.event"]
        self.message = self.post(self.alice)
        self.tracking = self.trackings_of(self.message)

    def age(self, trackings, days):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_tracking_email SET create_date = %s WHERE id = ANY(%s)",
            [fields.Datetime.now() - timedelta(days=days), trackings.ids],
        )
        trackings.invalidate_recordset()

    def fail(self, tracking):
        tracking._add_events({"event_type": "hard_bounce", "source": "dsn"})
        tracking._update_state()
        self.assertEqual(tracking.state, "bounced")

    def add_open(self, days, **values):
        time = fields.Datetime.now() - timedelta(days=days)
        opened = {"event_type": "open", "source": "pixel", "evidence": "human"}
        details = {"evidence_rule": "browser", "time": time}
        self.tracking._add_events({**opened, **details, **values})

    def thin(self):
        """Run the job until it is done, as the vacuum does."""
        done, is_more = 0, True
        while is_more:
            count, is_more = self.events._gc_open_details()
            done += count
        return done

    def test_a_failure_is_kept_until_its_own_limit(self):
        self.fail(self.tracking)
        for days, reviewed, failures, is_kept in (
            (200, False, "365", True),
            (200, False, "0", True),
            (9999, False, "0", True),
            (366, False, "365", False),
            (200, False, "100", False),
            (200, True, "365", False),
            (179, True, "1", True),
        ):
            with self.subTest(days=days, reviewed=reviewed, failures=failures):
                savepoint = self.env.cr.savepoint()
                self.parameters.set_param(f"{PREFIX}retention_days_failures", failures)
                self.tracking.reviewed = reviewed
                self.age(self.tracking, days)
                self.Tracking._gc_trackings()
                self.assertEqual(bool(self.tracking.exists()), is_kept)
                savepoint.rollback()
                savepoint.close(rollback=False)
                self.env.invalidate_all(flush=False)

    def test_rows_of_a_deleted_document_stay_without_its_message(self):
        self.document.unlink()
        self.assertFalse(self.tracking.mail_message_id)
        self.assertEqual(self.tracking.state, "sent")
        self.Tracking._gc_trackings()
        self.assertTrue(self.tracking.exists())
        self.age(self.tracking, 181)
        self.Tracking._gc_trackings()
        self.assertFalse(self.tracking.exists())

    def test_details_of_old_opens_go_and_the_state_stays(self):
        self.let_pass(self.tracking, days=120)
        for days in (100, 99, 98, 50, 49):
            self.add_open(days)
        self.add_open(97, evidence="machine", server="mx.example.com")
        self.tracking._update_state()
        self.assertEqual(self.tracking.state, "opened")
        self.assertEqual(self.thin(), 4)
        opens = self.tracking.tracking_event_ids.filtered(
            lambda event: event.event_type == "open"
        ).sorted("id")
        self.assertEqual(
            opens.mapped("evidence"), ["human", "human", "human", "machine"]
        )
        self.assertEqual(
            [bool(event.evidence_rule) for event in opens], [False, True, True, False]
        )
        self.assertFalse(opens[-1].server)
        self.tracking._fold_state()
        self.assertEqual(self.tracking.state, "opened")

    def test_batches(self):
        more = self.trackings_of(self.post(self.alice + self.bob))
        self.age(self.tracking + more, 400)
        with patch.object(mail_tracking_email, "MOST_DELETED", 2):
            self.assertEqual(self.Tracking._gc_trackings(), (2, True))
            self.assertEqual(self.Tracking._gc_trackings(), (1, False))
        self.assertFalse((self.tracking + more).exists())

    def test_many(self):
        """A quarter of them is too old: it goes in three batches, with its events.

        A live test deletes a hundred thousand while emails are sent.
        """
        cr = self.env.cr
        cr.execute(
            """WITH tracking AS (
                   INSERT INTO mail_tracking_email
                          (recipient_address, state, attempt, token, create_date)
                   SELECT 'bulk@example.com', 'sent', 1, 'bulk' || i,
                          now() AT TIME ZONE 'UTC'
                          - interval '1 day' * CASE WHEN i % 4 = 0 THEN 200 ELSE 1 END
                     FROM generate_series(1, 10000) i
                RETURNING id, create_date)
               INSERT INTO mail_tracking_event
                      (tracking_email_id, attempt, event_type, time, source, server)
               SELECT id, 1, 'sent', create_date, 'smtp', 'bulk' FROM tracking"""
        )
        deleted = []
        with patch.object(mail_tracking_email, "MOST_DELETED", 1000):
            while not deleted or deleted[-1][1]:
                deleted.append(self.Tracking._gc_trackings())
        self.assertEqual(deleted, [(1000, True), (1000, True), (500, False)])
        cr.execute(
            """SELECT (SELECT count(*) FROM mail_tracking_email
                        WHERE recipient_address = 'bulk@example.com'),
                      (SELECT count(*) FROM mail_tracking_event
                        WHERE server = 'bulk')"""
        )
        self.assertEqual(cr.fetchone(), (7_500, 7_500))

    def test_batches_of_opens(self):
        for days in (100, 99, 98):
            self.add_open(days)
        with patch.object(mail_tracking_event, "MOST_THINNED", 2):
            self.assertEqual(self.events._gc_open_details(), (2, True))
            self.assertEqual(self.thin(), 1)

    def test_thinning_goes_on_where_it_stopped(self):
        self.add_open(100)
        self.assertEqual(self.thin(), 1)
        self.assertEqual(self.thin(), 0)
        self.add_open(94)  # reported late
        yesterday = fields.Datetime.now() - timedelta(days=91)
        self.parameters.set_param(OPENS_THINNED_UNTIL, str(yesterday))
        self.assertEqual(self.thin(), 1)
        self.parameters.set_param(f"{PREFIX}retention_days_opens", "0")
        self.add_open(94)
        self.assertEqual(self.thin(), 0)
        self.parameters.set_param(f"{PREFIX}retention_days_opens", "90")
        self.parameters.set_param(OPENS_THINNED_UNTIL, "yesterday")
        self.assertEqual(self.thin(), 1)

    def test_requests_lose_their_content_first(self):
        now = fields.Datetime.now()
        self.env.cr.execute(
            "INSERT INTO mail_tracking_webhook"
            " (provider, received_at, body, request_key, state)"
            " SELECT 'generic', %s - make_interval(days => age), '{}', age,"
            "        CASE age WHEN 6 THEN 'pending' ELSE 'done' END"
            "   FROM unnest(ARRAY[20, 13, 6, 5, 2]) age",
            [now],
        )
        Webhook = self.env["mail.tracking.webhook"]
        self.parameters.set_param(f"{PREFIX}retention_days_requests", "3")
        self.assertEqual(Webhook._gc_requests(), (1, False))
        kept = Webhook.search([]).sorted("id")
        self.assertEqual(
            [(r.request_key, bool(r.body)) for r in kept],
            [("13", False), ("6", True), ("5", False), ("2", True)],
        )
        self.parameters.set_param(f"{PREFIX}retention_days_requests", "0")
        self.assertEqual(Webhook._gc_requests(), (0, False))

    def test_late_reports(self):
        Late = self.env["mail.tracking.late.report"]
        kept = Late.create({"raw": b"eA=="})
        for days, limit, is_kept in ((8, "0", True), (8, "9", True), (1, "1", True)):
            self.parameters.set_param(f"{PREFIX}retention_days_reports", limit)
            self.env.cr.execute(
                "UPDATE mail_tracking_late_report SET create_date = %s",
                [fields.Datetime.now() - timedelta(days=days, hours=1)],
            )
            Late._gc_late_reports()
            self.assertEqual(bool(kept.exists()), is_kept)

    def test_settings(self):
        Settings = self.env["res.config.settings"]
        names = {
            "trackings": "mail_tracking_retention_days",
            "failures": "mail_tracking_retention_failures",
            "opens": "mail_tracking_retention_opens",
            "requests": "mail_tracking_retention_requests",
            "reports": "mail_tracking_retention_reports",
        }
        for number, (kind, name) in enumerate(names.items(), 20):
            key = RETENTION[kind]
            self.assertEqual(Settings.create({})[name], PARAMETERS[key].default)
            Settings.create({name: number}).execute()
            self.assertEqual(retention_days(self.env, kind), number)
            self.parameters.set_param(key, " 0 ")
            self.assertEqual(retention_days(self.env, kind), 0)
            with self.assertRaisesRegex(ValidationError, f"{key}: enter a number"):
                self.parameters.set_param(key, "long")
        arch = Settings.get_view(view_type="form")["arch"]
        self.assertIn('id="mail_tracking_retention_setting"', arch)
