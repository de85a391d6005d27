import base64
import json

from odoo import Command
from odoo.tests import TransactionCase, tagged

from ...hooks import uninstall_hook

DOMAIN = "[('mail_tracking_state', '=', 'error')]"
LOGGER = "odoo.addons.mail_activity_tracking.tools.leftovers"


class LeftoversCase(TransactionCase):
    """Somebody has made things with the addon's fields and models."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_model = cls.env["ir.model"]._get("res.partner")

    def new(self, model, /, **values):
        return self.env[model].create({"name": f"Of a user: {model}", **values})

    def new_field(self, **values):
        return self.env["ir.model.fields"].create(
            {"model_id": self.partner_model.id, "state": "manual", **values}
        )

    def new_action(self, **values):
        return self.new(
            "ir.actions.server", model_id=self.partner_model.id, state="code", **values
        )

    def new_view(self, name):
        return self.new(
            "ir.ui.view",
            model="res.partner",
            inherit_id=self.env.ref("base.view_partner_form").id,
            arch=f"""<field name="email" position="after"><field name="{name}"/>
                </field>""",
        )


@tagged("post_install", "-at_install")
class TestLeftoversBehind(LeftoversCase):
    """What uses our fields by way of something else works, or is away, afterwards."""

    def test_fields_of_users(self):
        """Core would remove them, and leave views that fail."""
        related = self.new_field(
            name="x_state",
            ttype="char",
            related="parent_id.mail_tracking_total",
            store=False,
        )
        computed = self.new_field(
            name="x_failed",
            ttype="boolean",
            store=False,
            compute="for r in self: r['x_failed'] = r.mail_tracking_bounces",
        )
        to_ours = self.new_field(
            name="x_last", ttype="many2one", relation="mail.tracking.email"
        )
        other = self.new_field(name="x_last_one", ttype="char")
        views = {f: self.new_view(f.name) for f in (related, computed, to_ours, other)}
        uninstall_hook(self.env)
        self.assertFalse(related.related)
        self.assertFalse(computed.compute)
        self.assertFalse(views[to_ours].active)
        for field in (related, computed, other):
            self.assertTrue(views[field].active, field.name)
        contact = self.env["res.partner"].create({"name": "Ada"})
        self.assertFalse(contact.x_failed)
        self.assertFalse(contact.x_state)

    def test_menus(self):
        ours = self.env.ref("mail_activity_tracking.mail_tracking_email_action")
        window = self.new("ir.actions.act_window", res_model="mail.tracking.event")
        theirs = self.env.ref("base.action_partner_form")
        menus = [
            self.new("ir.ui.menu", action=f"ir.actions.act_window,{action.id}")
            for action in (ours, window, theirs)
        ]
        uninstall_hook(self.env)
        self.assertEqual([bool(m.exists()) for m in menus], [False, False, True])

    def test_views_of_our_models(self):
        view = self.new("ir.ui.view", model="mail.tracking.email", arch="<list/>")
        uninstall_hook(self.env)
        self.assertFalse(view.exists())

    def test_actions_within_actions(self):
        """A job runs an action that runs another one, which names a field."""
        inner = self.new_action(code="record.mail_tracking_state")
        middle = self.new_action(child_ids=[Command.link(inner.id)])
        middle.state = "multi"
        outer = self.new_action(child_ids=[Command.link(middle.id)])
        outer.write({"state": "multi", "binding_model_id": self.partner_model.id})
        cron = self.env["ir.cron"].create({"ir_actions_server_id": outer.id})
        uninstall_hook(self.env)
        self.assertFalse(cron.active)
        self.assertFalse(outer.binding_model_id)

    def test_action_that_writes_our_field(self):
        """The job would fail, and the action name a field that is gone."""
        path = "mail_tracking_consent"
        action = self.new_action()
        action.write({"state": "object_write", "update_path": path})
        cron = self.env["ir.cron"].create({"ir_actions_server_id": action.id})
        computing = self.new_action()
        computing.write(
            {
                "state": "object_write",
                "update_path": "name",
                "evaluation_type": "equation",
                "value": "record.mail_tracking_state",
            }
        )
        job = self.env["ir.cron"].create({"ir_actions_server_id": computing.id})
        self.assertEqual(action.update_field_id.name, path)
        uninstall_hook(self.env)
        self.assertFalse(cron.active)
        self.assertFalse(action.update_field_id)
        self.assertFalse(job.active)

    def test_templates_and_reports(self):
        state = "{{ object.mail_tracking_state }}"
        templates = self.env["mail.template"].create(
            [
                {"name": name, "model_id": self.partner_model.id, name: state}
                for name in (
                    *("email_from", "email_cc", "reply_to", "lang", "scheduled_date"),
                )
            ]
        )
        report = self.new(
            "ir.actions.report",
            model="res.partner",
            report_name="base.report_irmodeloverview",
            print_report_name="object.mail_tracking_state",
            binding_model_id=self.partner_model.id,
        )
        uninstall_hook(self.env)
        for template in templates:
            self.assertFalse(template.active, template.name)
        self.assertFalse(report.binding_model_id)

    def test_imports(self):
        """A column that somebody has once imported into a field of ours."""
        mapping = self.env.get("base_import.mapping")
        if mapping is None:
            self.skipTest("base_import is not installed")
        made = mapping.create(
            {
                "res_model": "res.partner",
                "column_name": "Opens",
                "field_name": "mail_tracking_consent",
            }
        )
        uninstall_hook(self.env)
        self.assertFalse(made.exists())

    def test_fields_of_others_with_longer_names(self):
        domain = "[('shipping_tracking_provider', '=', 'post')]"
        other = self.new("ir.filters", model_id="res.partner", domain=domain)
        uninstall_hook(self.env)
        self.assertTrue(other.exists(), "it names no field of ours")


@tagged("post_install", "-at_install", "-standard", "mat_modules")
class TestLeftoversOfModules(LeftoversCase):
    """Conditions and texts that other modules keep."""

    def test_mailings(self):
        """A mailing must neither go to all nor stop the queue of all others."""
        common = {"mailing_model_id": self.partner_model.id, "subject": "Of a user"}
        domain = "[('mail_tracking_bounces', '=', False)]"
        saved = self.new(
            "mailing.filter",
            mailing_domain=domain,
            mailing_model_id=common["mailing_model_id"],
        )
        mailings = self.env["mailing.mailing"].create(
            [
                {**common, "mailing_domain": domain, "state": "in_queue"},
                {**common, "mailing_domain": domain, "state": "done"},
                {**common, "mailing_filter_id": saved.id, "mailing_domain": domain},
                {**common, "mailing_domain": "[('name', '=', 'Ada')]"},
            ]
        )
        uninstall_hook(self.env)
        self.env.flush_all()
        self.assertFalse(saved.exists())
        nobody = "[(0, '=', 1)]"
        self.assertEqual(mailings[:3].mapped("mailing_domain"), [nobody] * 3)
        self.assertEqual(mailings[:2].mapped("state"), ["draft", "done"])
        self.assertEqual(mailings[3].mailing_domain, "[('name', '=', 'Ada')]")
        self.assertFalse(mailings[0]._get_remaining_recipients())

    def test_teams(self):
        team = self.new("crm.team")
        team.assignment_domain = DOMAIN
        uninstall_hook(self.env)
        self.assertEqual(team.assignment_domain, "[(0, '=', 1)]")

    def test_pages_of_records(self):
        """Their domain decides what strangers see of a website."""
        view = self.new("ir.ui.view", type="qweb", arch="<div/>")
        page = self.env["website.controller.page"].create(
            {
                "view_id": view.id,
                "model_id": self.partner_model.id,
                "record_domain": DOMAIN,
            }
        )
        uninstall_hook(self.env)
        self.assertEqual(page.record_domain, "[(0, '=', 1)]")

    def test_texts(self):
        self.new(
            "sms.template",
            model_id=self.partner_model.id,
            body="{{ object.mail_tracking_state }}",
        )
        with self.assertLogs(LOGGER) as log:
            uninstall_hook(self.env)
        self.assertIn("Of a user: sms.template", "\n".join(log.output))

    def sheet(self, model):
        listed = {"model": model, "columns": ["id"], "domain": [], "orderBy": []}
        return json.dumps({"version": 1, "lists": {"1": listed}}).encode()

    def test_spreadsheets(self):
        if "spreadsheet.dashboard" not in self.env:
            self.skipTest("spreadsheet_dashboard is not installed")
        group = self.new("spreadsheet.dashboard.group")
        ours, theirs = (
            self.new(
                "spreadsheet.dashboard",
                dashboard_group_id=group.id,
                spreadsheet_binary_data=base64.b64encode(self.sheet(model)),
            )
            for model in ("mail.tracking.email", "res.partner")
        )
        uninstall_hook(self.env)
        self.assertFalse(ours.is_published)
        self.assertTrue(theirs.is_published)
