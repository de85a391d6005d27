from markupsafe import Markup

from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from ..helpers.mail_state_case import (
    COLUMN,
    FAILED,
    FILTER,
    GROUP_BY,
    MailStateCase,
)
from ..helpers.smtp_server import sending


class ModelCase:
    """What the list of any model shows of a failed email; of a `MailStateCase`."""

    def check_model(self, document):
        """Send a mail that fails from a document, and look at it in the list."""
        self.smtp.refused["bob@example.com"] = "550 5.1.1 User unknown"
        with sending():
            document.message_post(
                body=Markup("<p>Hello</p>"),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.bob.ids,
            )
        listed = document.search([("id", "=", document.id), *FAILED])
        self.assertEqual(listed, document)
        self.assertEqual(listed.read(["mail_tracking_state"])[0]["id"], document.id)
        self.assertEqual(listed.mail_tracking_state, "error")
        groups = document._read_group(
            [("id", "=", document.id)], ["mail_tracking_state"], ["__count"]
        )
        self.assertEqual(groups, [("error", 1)])
        views = document.get_views([(False, "list"), (False, "search")])
        fields = views["models"][document._name]["fields"]
        self.assertIn("mail_tracking_state", fields)
        search = self.get_view(document._name, "search", user=self.env.user)
        self.assertEqual(len(search.findall(FILTER) + search.findall(GROUP_BY)), 2)


@tagged("post_install", "-at_install", "-standard", "mat_modules")
class TestMailStateModules(ModelCase, MailStateCase):
    """Run in the stage of `./dev test` that installs the modules."""

    def test_leads_show_the_column(self):
        self.check_model(self.env["crm.lead"].create({"name": "Lead"}))
        for view in self.env["ir.ui.view"].search(
            [
                ("model", "=", "crm.lead"),
                ("type", "=", "list"),
                ("mode", "=", "primary"),
            ]
        ):
            (column,) = self.get_view("crm.lead", "list", view.id).findall(COLUMN)
            self.assertEqual(column.get("optional"), "show")

    def test_tasks(self):
        self.check_model(self.env["project.task"].create({"name": "Task"}))
        (column,) = self.get_view("project.task", "list").findall(COLUMN)
        self.assertEqual(column.get("optional"), "hide")

    def test_employees_with_hr_rights(self):
        officer = mail_new_test_user(
            self.env,
            "mail_state_officer",
            "base.group_user,hr.group_hr_user",
            email="officer@example.com",
        )
        employee = self.env["hr.employee"].create({"name": "Employee"})
        self.check_model(employee.with_user(officer))
        arch = self.get_view("hr.employee", "list", user=officer)
        self.assertEqual(len(arch.findall(COLUMN)), 1)

    def test_employees_without_hr_rights(self):
        employee = self.env["hr.employee"].create({"name": "Employee"})
        self.add_message(employee, "bounced")
        Employee = self.env["hr.employee"].with_user(self.employee)
        self.assertNotIn("mail_tracking_state", Employee.fields_get())
        values = Employee.search([("id", "=", employee.id)]).read([])
        self.assertNotIn("mail_tracking_state", values[0])
        kinds = [(False, "list"), (False, "search")]
        with self.assertRaises(RedirectWarning):  # to the public list of employees
            Employee.get_views(kinds)
        Public = self.env["hr.employee.public"].with_user(self.employee)
        for view in Public.get_views(kinds)["views"].values():
            self.assertNotIn("mail_tracking_state", view["arch"])
        for forbidden in [
            lambda: Employee.search(FAILED),
            lambda: Employee._read_group([], ["mail_tracking_state"]),
            lambda: Employee.search([], order="mail_tracking_state"),
            lambda: Employee.browse(employee.id).read(["mail_tracking_state"]),
        ]:
            try:
                forbidden()
            except (AccessError, ValueError):
                # hr looks in the public employees instead, who have no such field
                continue
            self.fail("The field is read, searched or sorted by")


@tagged("post_install", "-at_install")
class TestMailStateOfAnyModel(ModelCase, MailStateCase):
    def test_model_that_the_addon_has_never_seen(self):
        self.env["ir.model"].create(
            {
                "name": "Crane",
                "model": "x_crane",
                "is_mail_thread": True,
                "access_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Cranes",
                            "group_id": self.env.ref("base.group_user").id,
                            "perm_read": True,
                            "perm_write": True,
                            "perm_create": True,
                        },
                    )
                ],
            }
        )
        self.addCleanup(self.registry.reset_changes)
        crane = self.env["x_crane"].create({"x_name": "Crane"})
        self.check_model(crane.with_user(self.employee))
        (column,) = self.get_view("x_crane", "list").findall(COLUMN)
        self.assertEqual(column.get("optional"), "hide")
