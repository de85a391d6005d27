from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..helpers.mail_state_case import MailStateCase

MEASURES = ("email_count", "sent_count", "delivered_count", "opened_count")
MEASURES += ("failed_count",)


@tagged("post_install", "-at_install")
class TestStatistics(MailStateCase):
    """Statistics of all emails, by day, sender, domain and server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        admin = cls.env.ref("base.user_admin")
        cls.Statistics = cls.env["mail.tracking.statistics"].with_user(admin)

    def counts(self, domain):
        """Return the measures of the trackings of a domain."""
        spec = [f"{name}:sum" for name in MEASURES]
        (row,) = self.Statistics._read_group(domain, [], spec)
        return row

    def test_measures_of_each_state(self):
        """In the order of MEASURES; what was canceled is no email."""
        for state, expected in [
            ("waiting", (1, 0, 0, 0, 0)),
            ("sent", (1, 1, 0, 0, 0)),
            ("deferred", (1, 1, 0, 0, 0)),
            ("delivered", (1, 1, 1, 0, 0)),
            ("opened", (1, 1, 1, 1, 0)),
            ("unsub", (1, 1, 1, 1, 0)),
            ("error", (1, 0, 0, 0, 1)),
            ("rejected", (1, 1, 0, 0, 1)),
            ("soft_bounced", (1, 1, 0, 0, 1)),
            ("bounced", (1, 1, 0, 0, 1)),
            ("spam", (1, 1, 1, 0, 1)),
            ("canceled", (0, 0, 0, 0, 0)),
        ]:
            with self.subTest(state):
                document = self.new_document(state)
                ids = self.Tracking.search([("res_id", "=", document.id)]).ids
                counts = self.counts([("id", "in", ids)])
                self.assertEqual(tuple(count or 0 for count in counts), expected)

    def test_groups(self):
        message = self.post(self.alice + self.bob)
        trackings = self.trackings_of(message)
        domain = [("id", "in", trackings.ids)]
        day = trackings[0].create_date.date()
        model = self.env["ir.model"]._get("res.partner")
        for field, expected in [
            ("recipient_domain", "example.com"),
            ("server", self.mail_server.smtp_host),
            ("sender", trackings[0].sender),
            ("model_id", model),
            ("date:day", day),
            ("state", "sent"),
        ]:
            with self.subTest(field):
                ((value, count, sent),) = self.Statistics._read_group(
                    domain, [field], ["email_count:sum", "sent_count:sum"]
                )
                value = value.date() if field == "date:day" else value
                self.assertEqual((value, count, sent), (expected, 2, 2))

    def test_server_of_the_latest_attempt(self):
        tracking = self.trackings_of(self.post(self.alice))
        server = {"event_type": "sent", "source": "smtp", "server": "b.example.com"}
        tracking.attempt = 2
        tracking._add_events(server)
        # What a report tells of is another server.
        report = {
            "event_type": "delivered",
            "source": "dsn",
            "server": "mx.example.net",
        }
        tracking._add_events(report)
        row = self.Statistics.browse(tracking.id)
        self.assertEqual(row.server, "b.example.com")

    def test_cell_opens_its_emails(self):
        tracking = self.trackings_of(self.post(self.alice))
        row = self.Statistics.search([("id", "=", tracking.id)])
        action = row.action_open_email()
        self.assertEqual(action["res_model"], "mail.tracking.email")
        self.assertEqual(action["res_id"], tracking.id)
        self.assertEqual((row.recipient, row.state), (tracking.recipient, "sent"))

    def test_administrators_of_their_companies_only(self):
        with self.assertRaises(AccessError):
            self.Statistics.with_user(self.employee).search([])
        other = self.env["res.company"].create({"name": "Other"})
        tracking = self.trackings_of(self.post(self.alice))
        tracking.company_id = other
        domain = [("id", "=", tracking.id)]
        self.assertFalse(self.Statistics.search(domain))
        admin = new_test_user(
            self.env,
            "admin_of_other",
            groups="base.group_system",
            company_ids=other.ids,
            company_id=other.id,
        )
        self.assertTrue(self.Statistics.with_user(admin).search(domain))

    def test_menu(self):
        menu = self.env.ref("mail_activity_tracking.mail_tracking_statistics_menu")
        self.assertEqual(menu.parent_id, self.env.ref("mail.menu_configuration"))
        Menu = self.env["ir.ui.menu"]
        self.assertIn(
            menu.id, Menu.with_user(self.Statistics.env.user)._visible_menu_ids()
        )
        self.assertNotIn(menu.id, Menu.with_user(self.employee)._visible_menu_ids())
