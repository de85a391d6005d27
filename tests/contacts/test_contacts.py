import random
from datetime import timedelta

from lxml import etree

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ...hooks import uninstall_hook
from ...tools.states import STORED_STATES
from ..helpers.report_case import ReportCase
from ..helpers.tracking_case import TrackingCase


@tagged("post_install", "-at_install")
class TestBounces(ReportCase):
    """The flag "Email bounces" of a contact, fed by real reports."""

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
        """Let something be reported of the one mail of a message."""
        tracking = self.trackings_of(message)
        tracking._add_events({"event_type": event_type, "source": "dsn", **values})
        tracking._update_state()

    def age(self, message):
        """Let what is known of a message be of yesterday."""
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
        for domain, found in (
            ([("mail_tracking_bounces", "=", True)], flagged),
            ([("mail_tracking_bounces", "!=", False)], flagged),
            ([("mail_tracking_bounces", "=", False)], everybody - flagged),
            ([("mail_tracking_bounces", "!=", True)], everybody - flagged),
            ([("mail_tracking_bounces", "in", [True, False])], everybody),
            ([("child_ids.mail_tracking_bounces", "=", True)], flagged.parent_id),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self.Partner.search(domain), found)

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
        """Not our own server's failure, no policy, nothing that passes."""
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
        chance, start = random.Random(7), fields.Datetime.now()  # noqa: S311
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
        found = self.env.execute_query(self.Tracking._bouncing_addresses_sql())
        self.assertEqual({row[0] for row in found}, expected)
        self.assertTrue(0 < len(expected) < 25)

    def test_click_leads_to_the_email_that_bounced(self):
        """Where the user may read it: the message is in somebody's document."""
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
        self.assertIn("mail_tracking_email_bounced", plan)
        self.assertIn("mail_tracking_email_through", plan)


@tagged("post_install", "-at_install")
class TestTrackedMails(TrackingCase):
    """The button on a contact that leads to its mails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = new_test_user(cls.env, "contacts-employee")

    def opened(self, partner, user=None):
        """Return what the button leads to."""
        action = partner.with_user(user or self.env.user).action_open_mail_trackings()
        Tracking = self.env[action["res_model"]].with_user(user or self.env.user)
        return Tracking.search(action["domain"]).with_env(self.env)

    def total(self, partner, user=None):
        partner.invalidate_recordset(["mail_tracking_total"])
        return partner.with_user(user or self.env.user).mail_tracking_total

    def test_nothing_to_say(self):
        self.assertFalse(self.total(self.alice))
        self.assertFalse(self.total(self.env["res.partner"].new({"name": "New"})))
        self.post(self.bob)
        self.assertFalse(self.total(self.alice))

    def test_mails_to_the_contact(self):
        mine = self.trackings_of(self.post(self.alice))
        self.post(self.bob)
        self.assertEqual(self.total(self.alice), "1")
        self.assertEqual(self.opened(self.alice), mine)
        self.alice.email = "new@example.com"
        self.assertEqual(self.opened(self.alice), mine)

    def test_mails_to_the_address_without_a_contact(self):
        mail = self.new_mail(email_to="later@example.com")
        later, like = self.env["res.partner"].create(
            [
                {"name": "Later", "email": "Later@example.com"},
                {"name": "Like", "email": "late_@example.com"},
            ]
        )
        self.assertEqual(self.opened(later), self.trackings_of(mail))
        self.assertEqual(self.total(later), "1")
        self.assertFalse(self.total(like))
        # a mail to a contact is not one to everybody who has the same address
        self.post(later)
        same = self.env["res.partner"].create({"name": "S", "email": later.email})
        self.assertEqual(self.total(same), "1")

    def test_many_are_not_counted(self):
        self.env["mail.mail"].create(
            [
                {"subject": str(number), "recipient_ids": self.alice.ids}
                for number in range(102)
            ]
        )
        self.assertEqual(self.total(self.alice), "100+")
        self.Tracking.search([("partner_id", "=", self.alice.id)], limit=2).unlink()
        self.assertEqual(self.total(self.alice), "100")

    def test_employee_counts_what_is_readable(self):
        readable = self.post(self.alice)
        self.new_mail(recipient_ids=self.alice.ids)  # of a message nobody else reads
        self.assertEqual(self.total(self.alice), "2")
        self.assertEqual(self.total(self.alice, self.employee), "1")
        self.assertEqual(
            self.opened(self.alice, self.employee), self.trackings_of(readable)
        )

    def test_users_inherit_it_with_its_rules(self):
        user = new_test_user(self.env, "tracked-user", email="tracked@example.com")
        self.new_mail(recipient_ids=[Command.link(user.partner_id.id)])
        self.assertEqual(user.mail_tracking_total, "1")
        user.invalidate_recordset()
        as_employee = user.with_user(self.employee)
        self.assertFalse(as_employee.mail_tracking_total)

    def test_nothing_for_outsiders(self):
        portal = new_test_user(self.env, "contacts-portal", groups="base.group_portal")
        mail = self.new_mail(recipient_ids=portal.partner_id.ids)
        self.trackings_of(mail).state = "bounced"
        self.assertTrue(portal.partner_id.mail_tracking_bounces)
        names = ["mail_tracking_bounces", "mail_tracking_total"]
        for record in (portal.partner_id, portal, self.env.ref("base.public_user")):
            outsider = record.with_user(portal)
            self.assertFalse(set(names) & outsider.fields_get().keys())
            for name in names:
                with (
                    self.subTest(record=record, name=name),
                    self.assertRaises(AccessError),
                ):
                    outsider.read([name])
            with self.subTest("no difference to be found", record=record):
                bouncing = [("mail_tracking_bounces", "=", True)]
                self.assertFalse(outsider.search(bouncing))
                everybody = outsider.search([])
                self.assertEqual(outsider.search(["!", *bouncing]), everybody)
        with self.assertRaises(AccessError):
            self.alice.with_user(portal).action_open_mail_trackings()

    def test_views(self):
        Partner = self.env["res.partner"].with_user(self.employee)
        form = self.env.ref("base.view_partner_form").id
        arch = etree.fromstring(Partner.get_view(form, "form")["arch"])
        (button,) = arch.xpath("//button[@name='action_open_mail_trackings']")
        self.assertEqual(button.get("invisible"), "not mail_tracking_total")
        (flag,) = arch.xpath("//div[@name='mail_tracking_bounces']")
        self.assertEqual(flag.get("invisible"), "not mail_tracking_bounces")
        search = self.env.ref("base.view_res_partner_filter").id
        arch = etree.fromstring(Partner.get_view(search, "search")["arch"])
        self.assertTrue(arch.xpath("//filter[@name='mail_tracking_bounces']"))

    def test_uninstall_forgets_saved_filters(self):
        ours, other = self.env["ir.filters"].create(
            [
                {"name": name, "model_id": model, "domain": domain}
                for name, model, domain in (
                    (
                        "Ours",
                        "res.users",
                        "[('partner_id.mail_tracking_bounces', '=', True)]",
                    ),
                    ("Other", "res.partner", "[('email', '=', 'a@example.com')]"),
                )
            ]
        )
        uninstall_hook(self.env)
        self.assertFalse(ours.exists())
        self.assertTrue(other.exists())
