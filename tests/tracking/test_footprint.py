"""What the addon leaves in Odoo: menus and views for administrators, no column of its
own in the tables of others that grow with the mails."""

from odoo.tests import TransactionCase, new_test_user, tagged

MENUS = {
    "Tracking emails": "mail.tracking.email",
    "Tracking events": "mail.tracking.event",
}
GROWING = (
    *("mail.mail", "mail.message", "mail.notification", "mail.followers"),
    *("res.partner", "res.users"),
)

# What the author of a mail has chosen: NULL in nearly all, and mails are deleted soon.
ALLOWED = {"mail.mail": ["mail_tracking_opens"]}


@tagged("post_install", "-at_install")
class TestFootprint(TransactionCase):
    def menus_of(self, user):
        parent = self.env.ref("base.menu_email")
        visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids(debug=True)
        menus = parent.child_id.filtered(lambda menu: menu.id in visible)
        windows = menus.filtered(lambda m: m.action._name == "ir.actions.act_window")
        return {menu.name: menu.action.res_model for menu in windows}

    def test_menus_of_administrators(self):
        admin = new_test_user(self.env, "menu-admin", groups="base.group_system")
        self.assertLessEqual(MENUS.items(), self.menus_of(admin).items())
        employee = new_test_user(self.env, "menu-employee")
        self.assertFalse(MENUS.keys() & self.menus_of(employee).keys())

    def test_views_of_the_menus_open(self):
        for model in MENUS.values():
            views = [(False, kind) for kind in ("list", "form", "graph", "pivot")]
            arches = self.env[model].get_views([*views, (False, "search")])["views"]
            self.assertEqual(len(arches), 5)
            for kind, view in arches.items():
                self.assertIn("<field", view["arch"], f"{model} {kind}")

    def test_no_column_in_tables_that_grow(self):
        for model in GROWING:
            ours = [
                field.name
                for field in self.env[model]._fields.values()
                if "mail_activity_tracking" in field._modules and field.column_type
                if field.store
            ]
            self.assertEqual(ours, ALLOWED.get(model, []), model)
