import random
from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ...tools.states import STORED_STATES
from ..helpers.report_case import ReportCase


@tagged("post_install", "-at_install")
class TestBounces(ReportCase):
    """The flag "Email Bounces" of a contact, fed by real reports."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Partner = cls.env["res.partner"]
        cls.Tracking.search([("state", "=", "bounced")]).unlink()  # of the demo data

    def send_back(self, partner):
        """Send a mail to a partner and let it come back."""
        message = self.post(partner)
        self.receive(self.dsn(partner.email))
        self.assertEqual(self.trackings_of(message).state, "bounced")
        return message

    def event(self, message, event_type, **values):
        """Report an event about the only mail of a message."""
        tracking = self.trackings_of(message)
        tracking._add_events({"event_type": event_type, "source": "dsn", **values})
        tracking._update_state()

    def age(self, message):
        """Move the events of a message one day back."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE mail_tracking_email SET state_time = state_time - interval"
                " '1 day' WHERE mail_message_id = %s RETURNING id",
                message.id,
            )
        )
        self.trackings_of(message).invalidate_recordset()

    def assertBouncing(self, *expected):
        """Check who has the flag, and that the filter and its opposite agree."""
        everybody = self.Partner.search([])
        everybody.invalidate_recordset(["mail_tracking_bounces"])
        flagged = everybody.filtered("mail_tracking_bounces")
        self.assertEqual(flagged, self.Partner.union(*expected).sorted(key=None))
        for domain, contacts in (
            ([("mail_tracking_bounces", "=", True)], flagged),
            ([("mail_tracking_bounces", "!=", False)], flagged),
            ([("mail_tracking_bounces", "=", False)], everybody - flagged),
            ([("mail_tracking_bounces", "!=", True)], everybody - flagged),
            ([("mail_tracking_bounces", "in", [True, False])], everybody),
            ([("child_ids.mail_tracking_bounces", "=", True)], flagged.parent_id),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self.Partner.search(domain), contacts)

    def test_hard_bounce_of_that_very_address(self):
        wild = self.Partner.create({"name": "Wild", "email": "a_b@example.com"})
        company = self.Partner.create({"name": "Company", "child_ids": wild.ids})
        self.Partner.create(
            [
                {"name": "Like", "email": "axb@example.com"},
                {"name": "Ends alike", "email": "xa_b@example.com"},
                {"name": "Begins alike", "email": "a_b@example.com.org"},
                {"name": "No address"},
            ]
        )
        self.assertBouncing()
        self.send_back(wild)
        same = self.Partner.create({"name": "Same", "email": '"S" <A_B@Example.com>'})
        self.assertBouncing(wild, same)
        self.assertFalse(company.mail_tracking_bounces)

    def test_no_other_failure(self):
        """Failures of our own server, policies and temporary failures do not count."""
        tracking = self.trackings_of(self.post(self.alice))
        for state, _label in STORED_STATES:
            tracking.state = state
            with self.subTest(state=state):
                expected = self.alice if state == "bounced" else self.Partner
                self.assertBouncing(expected)

    def test_refused_by_our_own_server(self):
        self.smtp.refused["bob@example.com"] = "550 5.1.1 No such user"
        self.assertEqual(self.trackings_of(self.post(self.bob)).state, "error")
        self.assertBouncing()

    def test_cleared_when_the_address_changes(self):
        self.send_back(self.alice)
        self.assertBouncing(self.alice)
        self.alice.email = "alice.able@example.com"
        self.assertBouncing()
        self.alice.email = "alice@example.com"
        self.assertBouncing(self.alice)

    def test_cleared_when_mail_gets_through(self):
        for event_type in ("delivered", "read", "reply", "click", "unsub", "spam"):
            with self.subTest(event_type=event_type):
                self.age(self.send_back(self.alice))
                message = self.post(self.alice)
                self.assertBouncing(self.alice)  # sent is not arrived
                self.event(message, event_type)
                self.assertBouncing()
                self.trackings_of(message).unlink()
                self.assertBouncing(self.alice)

    def test_not_cleared_by_an_older_mail(self):
        read, arrived = self.post(self.alice), self.post(self.alice)
        self.event(arrived, "delivered")
        self.age(arrived)
        self.send_back(self.alice)
        self.event(read, "read")
        self.assertBouncing(self.alice)

    def test_retry_puts_it_behind(self):
        first, second = self.send_back(self.alice), self.send_back(self.alice)
        self.age(second)
        self.age(first)
        self.trackings_of(first)._next_attempt()
        self.assertBouncing(self.alice)
        self.event(first, "read")
        self.assertBouncing()

    def test_many_bounces_of_few_addresses(self):
        """Each bounce counts by itself: whether a later one is looked at or not."""
        # With these numbers, all bounces of two addresses are followed, each by another
        # email, and the last one in time with the highest id is not.
        chance, start = random.Random(14), fields.Datetime.now()  # noqa: S311
        states = ("bounced", "bounced", "opened", "delivered", "sent")
        rows = self.Tracking.create(
            [
                {
                    "recipient_address": f"r{chance.randrange(25)}@example.com",
                    "state": chance.choice(states),
                    "state_time": start + timedelta(hours=chance.randrange(9)),
                    "attempt": chance.choice((1, 1, 1, 2)),
                }
                for _number in range(150)
            ]
        )

        def is_later(later, bounce):
            return (
                later.recipient_address == bounce.recipient_address
                and later.state in ("opened", "delivered")
                and later.state_time >= bounce.state_time
                and (
                    later.id > bounce.id
                    or later.attempt > 1
                    or later.state == "delivered"
                )
            )

        expected = {
            bounce.recipient_address
            for bounce in rows.filtered(lambda row: row.state == "bounced")
            if not any(is_later(later, bounce) for later in rows)
        }
        addresses = self.env.execute_query(self.Tracking._bouncing_addresses_sql())
        self.assertEqual({row[0] for row in addresses}, expected)
        self.assertTrue(0 < len(expected) < 25)

    def test_click_leads_to_the_email_that_bounced(self):
        """The email is shown only to users who may read it."""
        self.send_back(self.alice)
        latest = self.trackings_of(self.send_back(self.alice))
        self.post(self.alice)
        action = self.alice.action_open_mail_bounce()
        self.assertEqual(action["res_model"], "mail.tracking.email")
        self.assertEqual(action["res_id"], latest.id)
        latest.mail_message_id.sudo().write({"model": "mail.tracking.webhook"})
        latest.mail_message_id.sudo().res_id = 1
        employee = new_test_user(self.env, "bounce_employee")
        action = self.alice.with_user(employee).action_open_mail_bounce()
        self.assertNotEqual(action.get("res_id"), latest.id)
        self.trackings_of(latest.mail_message_id).search(
            [("state", "=", "bounced"), ("id", "!=", latest.id)]
        ).unlink()
        action = self.alice.with_user(employee).action_open_mail_bounce()
        self.assertIn("not allowed", action["params"]["message"])

    def test_one_query_and_an_index(self):
        self.send_back(self.alice)
        partners = self.Partner.search([], limit=80)
        partners.mapped("email_normalized")
        partners.invalidate_recordset(["mail_tracking_bounces"], flush=False)
        self.env.flush_all()
        with self.assertQueryCount(1):
            partners.mapped("mail_tracking_bounces")
        self.env.execute_query(SQL("SET LOCAL enable_seqscan = off; SELECT 1"))
        sql = self.Tracking._bouncing_addresses_sql()
        plan = str(self.env.execute_query(SQL("EXPLAIN %s", sql)))
        # With so few rows, the one of all failures costs the same.
        self.assertRegex(plan, "mail_tracking_email_(bounced|failed)")
        self.assertIn("mail_tracking_email_through", plan)
