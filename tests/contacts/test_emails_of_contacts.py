from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...hooks import uninstall_hook
from ..helpers.tracking_case import TrackingCase


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
