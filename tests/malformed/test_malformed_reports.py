from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..helpers.report_case import ReportCase
from ..helpers.reports import report

GATEWAY = "odoo.addons.mail_activity_tracking.models.incoming.mail_thread"
MALFORMED = "odoo.addons.mail_activity_tracking.models.malformed.mail_thread"


@tagged("post_install", "-at_install")
class TestMalformedReports(ReportCase):
    """Reports that core cannot parse are read from source."""

    def setUp(self):
        super().setUp()
        self.post_to_alice()

    def test_a_report_of_which_core_trips_over(self):
        def trip(*_arguments):
            raise TypeError("core trusts its input")

        thread = self.registry["mail.thread"]
        with (
            patch.object(thread, "_get_bounced_message_data", trip),
            mute_logger(MALFORMED),
        ):
            self.receive(self.dsn("alice@example.com"))
            self.assertEqual(self.tracking.state, "bounced")
            self.assertBounced(self.alice, 1, self.message)
            person = "From: a@example.com\nTo: {}\nContent-Type: message/rfc822\n\n\nx"
            with self.assertRaises(TypeError):
                self.receive(person.format(self.bounce))

    def test_what_core_cannot_parse(self):
        """An unknown charset, kinds and headers that Python's `email` trips over."""
        good = self.dsn("alice@example.com")
        for number, (old, new) in enumerate(
            (
                ("text/plain", "text/plain; charset=x-none"),
                ("text/plain", "t/plain"),
                ("multipart/report;", "multipart/report; charset=x-none;"),
                ("From: ", "From: MAILER-DAEMON:; <@x> "),
                ("<report@", "<\0report@"),
                ("To: ", "To: \0"),
                ("Subject: ", "Subject: =?x-none?q?=00=ff?= "),
            )
        ):
            with self.subTest(new), mute_logger(MALFORMED, "odoo.sql_db"):
                message = self.post(self.bob)
                source = self.dsn("bob@example.com", message_id=f"<m{number}@x.test>")
                self.receive(source.replace(old, new, 1))
                self.assertEqual(self.trackings_of(message).state, "bounced")
                self.assertBounced(self.bob, number + 1, message)
        person = good.replace("multipart/report; report-type=delivery-status", "x/y")
        person = person.replace("MAILER-DAEMON@", "person@").replace("<report@", "<p@")
        with self.assertRaises(KeyError):
            self.receive(person)

    def test_each_malformed_mail_goes_through(self):
        for content in ("", "\n\n", "Action: failed\n", "x" * 1000):
            for returned in ("", "Message-Id:\n", "@@@"):
                for kind in ("message/delivery-status", "message/feedback-report"):
                    with (
                        self.subTest(content=content, returned=returned, kind=kind),
                        mute_logger(GATEWAY, MALFORMED),
                    ):
                        source = report(
                            content, kind, returned=returned, to=self.bounce
                        )
                        self.assertFalse(self.receive(source))
