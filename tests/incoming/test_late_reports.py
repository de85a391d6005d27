import base64
import logging
from unittest.mock import patch
from xmlrpc.client import Binary

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.incoming import mail_tracking_late_report
from ...tools.smtp.envelope_id import Envelope
from ..helpers.report_case import ReportCase
from ..helpers.reports import report
from ..helpers.tracking_case import ill

GATEWAY = "odoo.addons.mail_activity_tracking.models.incoming.mail_thread"
LATE = "odoo.addons.mail_activity_tracking.models.incoming.mail_tracking_late_report"


@tagged("post_install", "-at_install")
class TestLateReports(ReportCase):
    """No report is lost, whatever is wrong with it or with us."""

    def setUp(self):
        super().setUp()
        self.post_to_alice()

    def test_kept_when_it_cannot_be_processed(self):
        late = self.env["mail.tracking.late.report"]
        source = self.dsn("alice@example.com", "delivered", "2.0.0")
        with (
            patch.object(self.registry["mail.tracking.email"], "_record_report", ill),
            self.assertLogs(GATEWAY, "ERROR"),
        ):
            self.assertFalse(self.receive(source))
        self.assertBounced(self.alice, 0, self.message)
        kept = late.search([])
        self.assertEqual(base64.b64decode(kept.raw), source.encode())
        kept._process()
        self.assertFalse(kept.exists())
        self.assertEqual(self.tracking.state, "delivered")

    def test_an_automatic_reply_is_in_the_chatter_all_the_same(self):
        source = (
            f"From: alice@example.com\nTo: {self.env.company.catchall_email}\n"
            "Subject: Out of office\nMessage-Id: <ooo@example.com>\n"
            "Auto-Submitted: auto-replied\n"
            f"In-Reply-To: {self.message.message_id}\n\nI am away"
        )
        before = self.document.message_ids
        with (
            patch.object(self.registry["mail.tracking.email"], "_record_report", ill),
            self.assertLogs(GATEWAY, "ERROR"),
        ):
            self.receive(source)
        self.assertEqual(len(self.document.message_ids - before), 1)
        self.env["mail.tracking.late.report"].search([])._process()
        self.assertTracked(self.tracking, "delivered", ["queued", "sent", "auto_reply"])
        self.assertEqual(len(self.document.message_ids - before), 1)

    def test_broken_report_is_kept_and_named_once(self):
        source = report(
            "Reporting-MTA: dns; mta.example.com\n",
            returned=self.headers_of("alice@example.com"),
            to=self.bounce,
        )
        with self.assertLogs(GATEWAY, "WARNING") as logs:
            self.receive(source)
            self.receive(source)
        self.assertEqual(len(logs.output), 1)
        self.assertIn("<report@mta.example.com>", logs.output[0])
        self.assertTracked(self.tracking, "sent", ["queued", "sent", "other"])
        self.assertEqual(
            self.tracking.tracking_event_ids.sorted("id")[-1].diagnostic,
            "Reporting-MTA: dns; mta.example.com",
        )
        self.assertBounced(self.alice, 0, self.message)

    def test_a_report_that_core_cannot_read(self):
        source = self.dsn("alice@example.com").replace(
            "text/rfc822-headers", "message/rfc822\nContent-Transfer-Encoding: base64"
        )
        source = source.replace("message/delivery-status", "MESSAGE/Delivery-Status")
        self.receive(source)
        self.assertEqual(self.tracking.state, "bounced")
        self.assertBounced(self.alice, 1)

    def test_early_report_waits_for_the_commit(self):
        source = self.dsn("alice@example.com", "delivered", "2.0.0", returned="")
        late = self.env["mail.tracking.late.report"]
        with patch.object(
            self.registry["mail.tracking.email"],
            "_find_reported",
            lambda self, report: type("", (), {"trackings": self.browse()})(),
        ):
            self.assertFalse(self.receive(source))
            kept = late.search([])
            self.assertEqual(kept.tracking_id, self.tracking.id)
            kept._process()
            self.assertTrue(kept.exists())
        self.assertEqual(self.tracking.state, "sent")
        kept._process()
        self.assertFalse(kept.exists())
        self.assertEqual(self.tracking.state, "delivered")

    def test_kept_once_for_each_report(self):
        late = self.env["mail.tracking.late.report"]
        source = self.dsn("alice@example.com", "delivered", "2.0.0", returned="")
        self.tracking.unlink()
        for _time in range(3):
            self.assertFalse(self.receive(source))
        self.assertEqual(late.search_count([]), 1)
        self.receive(source.replace("<report@mta", "<other@mta"))
        self.assertEqual(late.search_count([]), 2)

    def test_no_more_kept_than_there_is_room_for(self):
        source = self.dsn("alice@example.com", returned="")
        self.tracking.unlink()
        with (
            patch.dict(vars(mail_tracking_late_report), MOST_KEPT=0, LONGEST=600),
            self.assertLogs(LATE, "WARNING"),
        ):
            self.receive(source)  # nobody's mail, then: plain core counts it
        self.assertFalse(self.env["mail.tracking.late.report"].search([]))
        self.assertBounced(self.alice, 1)
        with patch.dict(vars(mail_tracking_late_report), LONGEST=600):
            self.receive(source)
        kept = self.env["mail.tracking.late.report"].search([])
        self.assertEqual(base64.b64decode(kept.raw), source.encode()[:600])

    def test_who_knows_one_envelope_takes_no_room_of_others(self):
        source = self.dsn("alice@example.com", "delivered", "2.0.0", returned="")
        self.tracking.unlink()
        late = self.env["mail.tracking.late.report"]
        with (
            patch.dict(vars(mail_tracking_late_report), MOST_OF_ONE=3),
            mute_logger(LATE),
        ):
            for number in range(6):
                self.receive(source.replace("<report@mta", f"<r{number}@mta"))
        self.assertEqual(late.search_count([]), 3)

    def test_a_long_report_says_the_same_when_it_is_cut(self):
        long = "Subject: x\n" + "x" * 900 + "\n" + "y" * 700
        returned = self.headers_of("alice@example.com") + f"\n\n{long * 300}"
        source = self.dsn("alice@example.com", returned=returned)
        values = self.tracking.copy_data()[0]
        tracking_id = self.tracking.id
        self.tracking.unlink()
        self.receive(source)
        kept = self.env["mail.tracking.late.report"].search([])
        self.assertLess(len(base64.b64decode(kept.raw)), len(source) / 1.5)
        values["token"] = self.Tracking._new_token()
        tracking = self.Tracking.create(values)._restore_id(tracking_id)
        kept._process()
        self.assertEqual(tracking.state, "bounced")

    def test_an_id_that_was_never_given_out(self):
        secret = Envelope(self.tracking.id + 10**6, 1, 0).sign(self.env)
        source = self.dsn("bob@example.com", secret=secret, returned="")
        self.receive(source)
        self.assertFalse(self.env["mail.tracking.late.report"].search([]))
        self.assertBounced(self.bob, 1)

    def test_early_report_is_kept_as_it_came(self):
        """What is parsed cannot always be written again."""
        source = self.dsn("alice@example.com", diagnostic="550 inconnu à cette adresse")
        self.tracking.unlink()
        latin = source.encode("latin-1")
        for data, expected in (
            (source, source.encode()),
            (latin, latin),
            (Binary(latin), latin),
        ):
            with self.subTest(type(data)):
                self.receive(data)
                kept = self.env["mail.tracking.late.report"].search([])
                self.assertEqual(base64.b64decode(kept.raw), expected)
                kept.unlink()

    def test_late_failure_of_a_mail_that_never_came_to_be(self):
        source = self.dsn("alice@example.com", returned="")
        self.tracking.unlink()
        late = self.env["mail.tracking.late.report"]
        self.assertFalse(self.receive(source))
        self.assertBounced(self.alice, 0)
        kept = late.search([])
        self.env.cr.execute(
            "UPDATE mail_tracking_late_report SET create_date = '2020-01-01'"
        )
        kept.invalidate_recordset()
        kept._process()
        self.assertFalse(late.search([]))
        self.assertBounced(self.alice, 1)

    def test_what_cannot_be_processed_is_given_up(self):
        late = self.env["mail.tracking.late.report"]
        kept = late.create([{"raw": b"eA=="}, {"raw": b"eA=="}])
        self.env.cr.execute(
            "UPDATE mail_tracking_late_report SET create_date = '2020-01-01'"
            " WHERE id = %s",
            kept[0].ids,
        )
        with mute_logger(LATE):
            self.assertEqual(late._gc_late_reports(), (1, False))
        self.assertEqual(kept.exists(), kept[1])

    def test_no_complaint_in_the_log(self):
        with self.assertNoLogs("odoo.addons.mail_activity_tracking", logging.WARNING):
            self.receive(self.dsn("alice@example.com", "delivered", "2.0.0"))
            self.receive(self.dsn("alice@example.com"))
