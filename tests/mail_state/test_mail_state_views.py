from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from ...hooks import uninstall_hook
from ...models.mail_state.mail_thread import SHOWN_BY_DEFAULT
from ..helpers.mail_state_case import (
    COLUMN,
    FAILED,
    FILTER,
    GROUP_BY,
    MailStateCase,
)


@tagged("post_install", "-at_install")
class TestMailStateViews(MailStateCase):
    def test_every_model_with_a_chatter(self):
        for name, model in self.env.registry.items():
            if model._abstract or not issubclass(
                model, self.env.registry["mail.thread"]
            ):
                continue
            with self.subTest(model=name):
                (column,) = self.get_view(name, "list").findall(COLUMN)
                shown = name in SHOWN_BY_DEFAULT
                self.assertEqual(column.get("optional"), "show" if shown else "hide")
                search = self.get_view(name, "search")
                self.assertEqual(len(search.findall(FILTER)), 1)
                self.assertEqual(len(search.findall(GROUP_BY)), 1)

    def test_every_view_of_contacts(self):
        views = self.env["ir.ui.view"].search(
            [("model", "=", "res.partner"), ("type", "in", ["list", "search"])]
        )
        self.assertTrue(views)
        for view in views.filtered(lambda view: view.mode == "primary"):
            with self.subTest(view=view.name):
                arch = self.get_view("res.partner", view.type, view.id)
                path = COLUMN if view.type == "list" else FILTER
                self.assertEqual(len(arch.findall(path)), 1)

    def test_words(self):
        search = self.get_view("res.partner", "search")
        failed, group_by = search.find(FILTER), search.find(GROUP_BY)
        self.assertEqual(failed.get("string"), "Failed Emails")
        self.assertEqual(group_by.get("string"), "Mail State")
        document = self.new_document("bounced")
        domain = [("id", "=", document.id), *FAILED]
        self.assertEqual(self.Partner.search(domain), document)
        self.assertIn("'error', 'noemail'", failed.get("domain"))

    def test_own_filters_stand_together(self):
        search = self.get_view("res.partner", "search")
        names = [filter_.get("name") for filter_ in search.findall("filter")]
        own = [name.startswith("mail_tracking_") for name in names]
        first = own.index(True)
        count = sum(own)
        self.assertGreater(count, 1)
        self.assertEqual(own[first : first + count], [True] * count, names)

    def test_model_without_chatter_stays_as_it_is(self):
        self.assertFalse(self.get_view("res.users", "list").findall(COLUMN))
        self.assertFalse(self.get_view("res.country", "search").findall(FILTER))

    def test_own_column_and_filters_of_a_view_stay_alone(self):
        view = self.new_view(
            "res.partner",
            "<list><field name='mail_tracking_state' optional='show'/></list>",
        )
        (column,) = self.get_view("res.partner", "list", view.id).findall(COLUMN)
        self.assertEqual(column.get("optional"), "show")
        view = self.new_view(
            "res.partner",
            """<search>
                <filter name="f" domain="[('mail_tracking_state', '=', 'error')]"/>
                <filter name="g" context="{'group_by': 'mail_tracking_state'}"/>
            </search>""",
        )
        search = self.get_view("res.partner", "search", view.id)
        self.assertFalse(search.findall(FILTER) + search.findall(GROUP_BY))

    def test_put_in_once_and_not_for_each_request(self):
        self.get_view("res.partner", "search")
        with self.assertQueryCount(0):
            search = self.get_view("res.partner", "search")
        self.assertEqual(len(search.findall(FILTER)), 1)

    def test_lists_inside_forms_stay_as_they_are(self):
        view = self.new_view(
            "res.partner",
            """<form>
                <field name="child_ids" mode="list"/>
                <field name="bank_ids"><list><field name="acc_number"/></list></field>
            </form>""",
        )
        form = self.get_view("res.partner", "form", view.id)
        self.assertTrue(form.findall(".//list"))
        self.assertFalse(form.findall(COLUMN))
        self.assertTrue(self.get_view("res.partner", "list").findall(COLUMN))

    def test_generated_form_does_not_have_it(self):
        arch, _view = self.env["res.partner"]._get_view(
            self.new_view("res.partner", "<form/>").id, "form"
        )
        self.assertFalse(arch.findall(COLUMN))
        self.env["ir.ui.view"].search(
            [("model", "=", "res.partner"), ("type", "=", "form")]
        ).active = False
        form = self.get_view("res.partner", "form")
        self.assertTrue(form.findall(".//field[@name='email']"))
        self.assertFalse(form.findall(".//field[@name='mail_tracking_summary']"))
        self.assertFalse(form.findall(COLUMN))

    def test_outsiders_get_views_without_it(self):
        portal = mail_new_test_user(self.env, "mail_view_portal", "base.group_portal")
        arch = self.get_view("res.partner", "list", user=portal)
        self.assertFalse(arch.findall(COLUMN))
        search = self.get_view("res.partner", "search", user=portal)
        self.assertFalse(search.findall(FILTER) + search.findall(GROUP_BY))
        arch = self.get_view("res.partner", "list", user=self.employee)
        self.assertTrue(arch.findall(COLUMN))

    def test_nothing_is_stored(self):
        self.get_view("res.partner", "list")
        domain = [("arch_db", "like", "mail_tracking_state")]
        self.assertFalse(self.env["ir.ui.view"].search(domain))


@tagged("post_install", "-at_install")
class TestMailStateUninstall(MailStateCase):
    def test_saved_searches_that_name_it_go(self):
        values = {"model_id": "res.partner", "user_ids": self.employee.ids}
        gone = self.env["ir.filters"].create(
            [
                {**values, "name": "1", "domain": str(FAILED)},
                {
                    **values,
                    "name": "2",
                    "domain": "[('parent_id.mail_tracking_state', '!=', 'sent')]",
                },
                {
                    **values,
                    "name": "3",
                    "context": "{'group_by': ['mail_tracking_state']}",
                },
                {**values, "name": "4", "sort": '["mail_tracking_state desc"]'},
                {**values, "name": "5", "domain": str(FAILED), "active": False},
            ]
        )
        kept = self.env["ir.filters"].create({**values, "name": "6"})
        uninstall_hook(self.env)
        self.assertFalse(gone.exists())
        self.assertTrue(kept.exists())

    def test_saved_exports_lose_the_column(self):
        export = self.env["ir.exports"].create(
            {
                "name": "Contacts",
                "resource": "res.partner",
                "export_fields": [
                    (0, 0, {"name": name})
                    for name in (
                        "name",
                        "mail_tracking_state",
                        "parent_id/mail_tracking_state",
                    )
                ],
            }
        )
        uninstall_hook(self.env)
        self.assertEqual(export.export_fields.mapped("name"), ["name"])
