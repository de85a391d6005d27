from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..helpers.committed_case import CommittedCase
from ..helpers.reports import report, status
from ..helpers.with_dsn_server import WithDsnServer


@tagged("post_install", "-at_install")
class TestReportRaces(WithDsnServer, CommittedCase):
    """Reports that come in the middle of other transactions: none is lost."""

    def receive(self, address, action, code, env=None):
        """Process a report, in a transaction of its own unless one is given."""
        content = status(address, action, code, self.secrets[address])
        source = report(content, returned="", to="bounce@example.com")
        if env:
            return env["mail.thread"].message_process(None, source)
        with self.committed() as own_env:
            return own_env["mail.thread"].message_process(None, source)

    def send_now(self, tracking_id):
        with self.committed() as env:
            tracking = env["mail.tracking.email"].browse(tracking_id)
            env["mail.mail"].browse(tracking.mail_id).send()

    def late_reports(self):
        with self.committed() as env:
            return env["mail.tracking.late.report"].search_count([])

    def test_before_the_commit_of_the_transaction_that_sends(self):
        kept = []

        def answer_at_once(envelope):
            self.note_secret(envelope)
            self.receive("early@example.com", "delivered", "2.0.0")
            kept.append(self.late_reports())

        self.smtp.on_data = answer_at_once
        with self.committed() as env:
            mail = env["mail.mail"].create(
                {
                    "subject": "Created and sent in one transaction",
                    "body_html": "<p>x</p>",
                    "email_from": "sender@example.com",
                    "email_to": "early@example.com",
                }
            )
            mail.send()
            domain = [("mail_id", "=", mail.id)]
            tracking = env["mail.tracking.email"].search(domain)
            self.created += [tracking, mail]
        self.assertEqual(kept, [1])
        self.assertEqual(
            self.state_of(tracking.id), ("delivered", ["delivered", "queued", "sent"])
        )
        self.assertEqual(self.late_reports(), 0)

    def test_of_a_mail_that_was_sent_in_a_savepoint_that_is_taken_back(self):
        def answer_at_once(envelope):
            self.note_secret(envelope)
            self.receive("reset@example.com", "delivered", "2.0.0")

        self.smtp.on_data = answer_at_once
        with self.committed() as env:
            savepoint = env.cr.savepoint()
            env["mail.mail"].create(
                {
                    "subject": "Password reset",
                    "body_html": "<p>x</p>",
                    "email_from": "sender@example.com",
                    "email_to": "reset@example.com",
                    "auto_delete": True,
                }
            ).send()
            savepoint.close()
        with self.committed() as env:
            domain = [("recipient_address", "=", "reset@example.com")]
            tracking = env["mail.tracking.email"].search(domain)
            self.created.append(tracking)
        self.assertEqual(
            self.state_of(tracking.id), ("delivered", ["delivered", "queued", "sent"])
        )
        self.assertEqual(self.late_reports(), 0)
        self.receive("reset@example.com", "failed", "5.1.1")
        self.assertEqual(self.state_of(tracking.id)[0], "bounced")

    def test_after_the_commit_of_the_transaction_that_sends(self):
        """The report begins before the commit, and ends after it."""
        _mails, ((tracking_id, _token),) = self.new_committed_mails(1)
        self.send_now(tracking_id)
        with patch.object(
            self.registry["mail.tracking.email"], "_is_early", _first_time_only()
        ):
            self.receive("r0@example.com", "delivered", "2.0.0")
        self.assertEqual(self.state_of(tracking_id)[0], "delivered")
        self.assertEqual(self.late_reports(), 0)

    def test_a_conflict_in_cores_bounce_logic(self):
        with self.committed() as env:
            partner = env["res.partner"].create(
                {"name": "Conflict", "email": "r0@example.com"}
            )
            self.created.append(partner)
        _mails, ((tracking_id, _token),) = self.new_committed_mails(1)
        self.send_now(tracking_id)
        with mute_logger("odoo.sql_db"), self.committed() as env:
            env.cr.execute("SELECT 1")  # from here on it sees nothing new
            with self.committed() as other:
                partner.with_env(other).message_bounce += 1
            self.receive("r0@example.com", "failed", "5.1.1", env)
        self.assertEqual(self.state_of(tracking_id)[0], "bounced")
        with self.committed() as env:
            self.assertEqual(partner.with_env(env).message_bounce, 2)
        self.assertEqual(self.late_reports(), 0)

    def test_the_job_judges_what_a_crash_has_left(self):
        _mails, ((tracking_id, _token),) = self.new_committed_mails(1)
        self.send_now(tracking_id)
        with patch.object(
            self.registry["mail.tracking.email"], "_is_early", lambda *_args: True
        ):
            self.receive("r0@example.com", "delivered", "2.0.0")
        self.assertEqual(self.state_of(tracking_id)[0], "sent")
        self.assertEqual(self.late_reports(), 1)
        with self.committed() as env:
            env["mail.tracking.email"]._cron_mend_states()
        self.assertEqual(self.state_of(tracking_id)[0], "delivered")
        self.assertEqual(self.late_reports(), 0)


def _first_time_only():
    answers = [True]

    def is_early(_self, _report):
        return bool(answers and answers.pop())

    return is_early
