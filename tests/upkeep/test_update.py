from xml.etree import ElementTree

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

from ..helpers.smtp_server import pixel_urls, sending
from ..helpers.tracking_case import TrackingCase

# Of each row that the release has left: address, state, attempt, whether it was
# reviewed, events in the order in which they were told.
ROWS = [
    ("waiting@example.com", "waiting", 1, False, "queued"),
    ("canceled@example.com", "canceled", 1, False, "queued canceled"),
    ("sent@example.com", "sent", 1, False, "queued sent"),
    ("deferred@example.com", "deferred", 1, False, "queued sent deferral"),
    ("delivered@example.com", "delivered", 1, False, "queued sent delivered"),
    ("error@example.com", "error", 1, False, "queued error"),
    ("rejected@example.com", "rejected", 1, False, "queued sent reject"),
    ("soft_bounced@example.com", "soft_bounced", 1, False, "queued sent soft_bounce"),
    ("bounced@example.com", "bounced", 1, True, "queued sent hard_bounce"),
    ("opened@example.com", "opened", 1, False, "queued sent open"),
    ("unsub@example.com", "unsub", 1, False, "queued sent unsub"),
    ("spam@example.com", "spam", 1, False, "queued sent spam"),
    ("again@example.com", "delivered", 2, False, "queued error queued sent delivered"),
    ("raw@example.com", "waiting", 1, False, "queued"),
]
REASONS = {
    "canceled": "mail_bl",
    "error": "mail_smtp",
    "soft_bounced": "mailbox_full",
    "bounced": "address_unknown",
}
PARAMETERS = {
    "retention_days": "90",
    "follow_up_days": "5",
    "webhook_key_mailgun": "release-key",
    "base_url": "https://release.example.com",
}
# The rows of the release in core's tables have ids from here on.
FIRST = 900001
MODULE = "mail_activity_tracking"


@tagged("post_install", "-at_install", "-standard", "mat_update")
class TestUpdate(TrackingCase):
    """A database of 19.0.1.0.0 after an update: run by a stage of `./dev test`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.Tracking.search([("mail_id", ">=", FIRST)], order="id")

    def row(self, state):
        """Return the first row that the release left in a state."""
        return self.rows.filtered(lambda tracking: tracking.state == state)[0]

    def test_rows_and_events(self):
        rows = [
            (
                tracking.recipient_address,
                tracking.state,
                tracking.attempt,
                tracking.reviewed,
                " ".join(tracking.tracking_event_ids.sorted("id").mapped("event_type")),
            )
            for tracking in self.rows
        ]
        self.assertEqual(rows, ROWS)
        for state, reason in REASONS.items():
            self.assertEqual(self.row(state).error_type, reason)

    def test_states_still_follow_from_the_events(self):
        before = self.rows.mapped("state")
        self.assertFalse(self.rows._update_state())
        self.assertEqual(self.rows.mapped("state"), before)

    def test_queued_mails_go_out(self):
        mails = self.env["mail.mail"].search([("id", ">=", FIRST)])
        waiting = self.rows.filtered(lambda tracking: tracking.state == "waiting")
        self.assertEqual(len(waiting), 2)
        self.send(mails)
        for tracking in waiting:
            self.assertTracked(tracking, "sent", ["queued", "sent"])
            self.smtp.message_to(tracking.recipient_address)

    def test_new_mails_go_out(self):
        tracking = self.trackings_of(self.post(self.alice))
        self.assertTracked(tracking, "sent", ["queued", "sent"])
        sent = self.smtp.message_to("alice@example.com")
        self.assertEqual(len(pixel_urls(sent)), 1)

    def test_failure_can_be_retried(self):
        tracking = self.row("error")
        with sending():
            tracking.action_retry()
        self.assertEqual((tracking.state, tracking.attempt), ("sent", 2))

    def test_pixel_of_a_mail_that_the_release_has_sent(self):
        tracking = self.row("sent")
        self.Tracking._register_open(tracking.token, "human")
        self.assertEqual(tracking.state, "opened")
        self.assertEqual(tracking.open_count, 1)


@tagged("post_install", "-at_install", "-standard", "mat_update")
class TestUpdatedSettings(TransactionCase):
    """Other records and settings of 19.0.1.0.0 after the update."""

    def test_version(self):
        module = self.env["ir.module.module"].search([("name", "=", MODULE)])
        self.assertEqual(module.state, "installed")
        self.assertNotEqual(module.latest_version, "19.0.1.0.0")

    def test_other_models_and_settings(self):
        webhooks = self.env["mail.tracking.webhook"].search([], order="id")
        self.assertEqual(webhooks.mapped("state"), ["pending", "done", "failed"])
        report = self.env["mail.tracking.late.report"].search([])
        self.assertEqual(report.raw, b"VG9vIGVhcmx5")
        server = self.env["ir.mail_server"].search([("name", "=", "Of the release")])
        self.assertEqual(server.dsn_request, "all")
        for name, value in PARAMETERS.items():
            present = self.env["ir.config_parameter"].get_param(f"{MODULE}.{name}")
            self.assertEqual(present, value, name)

    def test_jobs_have_the_code_of_this_release(self):
        with file_open(f"{MODULE}/data/ir_cron_data.xml") as file:
            jobs = ElementTree.parse(file).findall("record")  # noqa: S314 - our own
        self.assertTrue(jobs)
        for job in jobs:
            cron = self.env.ref(f"{MODULE}.{job.get('id')}")
            self.assertEqual(cron.code, job.findtext("field[@name='code']"))
