from types import SimpleNamespace

from odoo.tests import BaseCase, tagged

from ...devtools.mailserver.reports import reports_of
from ...tools.reports.reader import read_report
from ..helpers.reports import parse

# What becomes of a mail is told by the domain.
DOMAINS = {
    "ada": "example.com",
    "dana": "bounced.example.com",
    "ben": "slow.example.com",
}


@tagged("post_install", "-at_install")
class TestDemoReports(BaseCase):
    """The demo's mail server reports as a real one does."""

    def reports(self, notify, **recipients):
        envelope = SimpleNamespace(
            mail_from="bounce@example.com",
            content=b"Message-Id: <sent@example.com>\r\nSubject: x\r\n\r\nbody: no\r\n",
            dsn={"ENVID": "mat-1"},
            dsn_recipients={
                f"{name}@{DOMAINS[name]}": {"NOTIFY": notify} for name in recipients
            },
        )
        return [read_report(parse(text)) for text in reports_of(envelope)]

    def test_each_outcome(self):
        recipients = {"ada": "delivered", "dana": "hard_bounce", "ben": "deferral"}
        mail_reports = self.reports("SUCCESS,FAILURE,DELAY", **recipients)
        self.assertEqual(len(mail_reports), 3)
        for report, (name, kind) in zip(mail_reports, recipients.items(), strict=True):
            (reported,) = report.recipients
            self.assertEqual(report.envelope_id, "mat-1")
            self.assertEqual(report.message_ids, ("<sent@example.com>",))
            self.assertEqual(reported.addresses, [f"{name}@{DOMAINS[name]}"])
            self.assertEqual(reported.event()["event_type"], kind)

    def test_only_what_is_asked_for(self):
        mail_reports = self.reports("FAILURE,DELAY", ada=1, dana=1)
        self.assertEqual([r.recipients[0].action for r in mail_reports], ["failed"])
        self.assertEqual(self.reports("", ada=1, dana=1, ben=1), [])
