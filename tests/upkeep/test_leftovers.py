from odoo import Command
from odoo.tests import TransactionCase, tagged

from ...hooks import uninstall_hook
from ...tools.leftover_domains import without_fields
from ...tools.leftover_uses import FIELDS, MODELS

DOMAIN = "[('mail_tracking_state', '=', 'error')]"


@tagged("post_install", "-at_install")
class TestLeftovers(TransactionCase):
    """Records that users created for the addon are removed with it."""

    def new(self, model, /, **values):
        return self.env[model].create({"name": f"Of a user: {model}", **values})

    def test_lists_are_complete(self):
        own = {
            model._name
            for model in self.env.values()
            if model._original_module == "mail_activity_tracking"
            if not model._abstract
        }
        self.assertEqual(own, set(MODELS))
        added = {
            field.name
            for model in self.env.values()
            if model._name not in MODELS and not model._transient
            for field in model._fields.values()
            if field._modules == ("mail_activity_tracking",)
            if model._original_module != "mail_activity_tracking"
        }
        self.assertLessEqual(added, set(FIELDS))

    def test_uses_of_our_models(self):
        model = self.env["ir.model"]._get("mail.tracking.email")
        cron = self.new("ir.cron", model_id=model.id, code="pass")
        made = [
            cron,
            cron.ir_actions_server_id,
            self.new("ir.actions.server", model_id=model.id, state="code"),
            self.new("ir.actions.act_window", res_model=model.model),
            self.new("mail.template", model_id=model.id),
            self.new("ir.exports", resource=model.model),
            self.new("ir.filters", model_id=model.model),
            # A favorite of the pivot, which is no table of its own.
            self.new("ir.filters", model_id="mail.tracking.statistics"),
        ]
        own = self.env.ref("mail_activity_tracking.mail_tracking_email_action")
        uninstall_hook(self.env)
        for record in made:
            self.assertFalse(record.exists(), record._name)
        self.assertTrue(own.exists(), "core removes it with the addon")

    def test_uses_of_our_fields(self):
        partner = self.env["ir.model"]._get("res.partner")
        window = self.new(
            "ir.actions.act_window", res_model="res.partner", domain=DOMAIN
        )
        cron = self.new("ir.cron", model_id=partner.id, code=f"model.search({DOMAIN})")
        view = self.new(
            "ir.ui.view",
            model="res.partner",
            inherit_id=self.env.ref("base.view_partner_form").id,
            arch="""<field name="email" position="after">
                <field name="mail_tracking_bounces"/></field>""",
        )
        dashboard = self.env["ir.ui.view.custom"].create(
            {
                "user_id": self.env.uid,
                "ref_id": self.env.ref("base.view_partner_form").id,
                "arch": f"""<form><action domain="{DOMAIN}"/></form>""",
            }
        )
        rule = self.new(
            "ir.rule", model_id=partner.id, domain_force=f"['!', *{DOMAIN}]"
        )
        strange = self.new(
            "ir.rule",
            model_id=partner.id,
            domain_force="[('id', '=', user.env['mail.tracking.email'].id)]",
            active=False,
        )
        action = self.new(
            "ir.actions.server",
            model_id=partner.id,
            binding_model_id=partner.id,
            state="code",
            code="records.mail_tracking_state",
        )
        template = self.new(
            "mail.template",
            model_id=partner.id,
            subject="{{ object.mail_tracking_state }}",
        )
        model_in_code = self.new(
            "ir.cron",
            model_id=partner.id,
            state="code",
            code="env['mail.tracking.email'].search([])",
        )
        other = self.new("ir.actions.act_window", res_model="res.partner")
        with self.assertLogs(
            "odoo.addons.mail_activity_tracking.tools.leftovers"
        ) as log:
            uninstall_hook(self.env)
        self.assertFalse(window.exists())
        self.assertFalse(dashboard.exists())
        self.assertFalse(cron.active)
        self.assertFalse(view.active)
        self.assertEqual(rule.domain_force, "['!', *[(0, '=', 1)]]")
        self.assertTrue(rule.active, "without it everybody is let in")
        self.assertFalse(action.binding_model_id)
        self.assertFalse(template.active)
        self.assertFalse(model_in_code.active)
        logged = "\n".join(log.output)
        for left, words in (
            (strange, "still names our fields or models\n"),
            (action, "is in no menu any more"),
        ):
            line = f"{left._name} {left.display_name}: "
            self.assertTrue(
                any(line in entry and words.strip() in entry for entry in log.output),
                logged,
            )
        self.assertTrue(other.exists())

    def test_rules_without_our_fields(self):
        """Each condition becomes what it says of an empty field."""
        for domain, expected in (
            ("[('mail_tracking_state', '=', 'error')]", "[(0, '=', 1)]"),
            ("[('mail_tracking_state', '!=', 'error')]", "[(1, '=', 1)]"),
            ("[('mail_tracking_state', '=', False)]", "[(1, '=', 1)]"),
            ("[('mail_tracking_state', '!=', False)]", "[(0, '=', 1)]"),
            ("[('a.mail_tracking_state', 'in', ['error'])]", "[(0, '=', 1)]"),
            ("[('mail_tracking_state', 'in', ['x', False])]", "[(1, '=', 1)]"),
            ("[('mail_tracking_state', 'not in', ('x',))]", "[(1, '=', 1)]"),
            ("[('mail_tracking_state', '=', user.name)]", "[(0, '=', 1)]"),
            ("[('mail_tracking_total', '>', 3)]", "[(0, '=', 1)]"),
            (
                "[('a', 'any', [('mail_tracking_bounces', '=', True)])]",
                "[('a', 'any', [(0, '=', 1)])]",
            ),
            (
                "['|', ('user_id', '=', user.id), ['direct_mx', '=', True]]",
                "['|', ('user_id', '=', user.id), (0, '=', 1)]",
            ),
            (
                "[('a', '=', 1)] if company_id else [('direct_mx', '!=', True)]",
                "[('a', '=', 1)] if company_id else [(1, '=', 1)]",
            ),
            ("[(user.name + 'mail_tracking_state', '=', 1)]", None),
            ("[('mail_tracking_state', '=', ", None),
        ):
            with self.subTest(domain):
                self.assertEqual(without_fields(domain, FIELDS), expected)


@tagged("post_install", "-at_install", "-standard", "mat_modules")
class TestLeftoversOfAutomations(TransactionCase):
    """With base_automation: a domain that names a field of ours would fail for ever."""

    def new_automation(self, model, **values):
        return self.env["base.automation"].create(
            {
                "name": f"Of a user: {model}",
                "model_id": self.env["ir.model"]._get(model).id,
                "trigger": "on_create_or_write",
                **values,
            }
        )

    def test_automations(self):
        ours = self.new_automation("mail.tracking.email")
        theirs = self.new_automation("res.partner", filter_domain=DOMAIN)
        other = self.new_automation("res.partner", filter_domain="[('name', '=', 'A')]")
        field = self.env["ir.model.fields"]._get("res.partner", "mail_tracking_state")
        triggered = self.new_automation("res.partner", trigger_field_ids=field.ids)
        chosen = self.new_automation("res.partner")
        chosen.trg_selection_field_id = field.selection_ids[0]
        chosen.filter_domain = False
        acting = self.new_automation("res.partner")
        code = {"state": "code", "code": "record.mail_tracking_state"}
        code["model_id"] = acting.model_id.id
        acting.action_server_ids = [Command.create({"name": "Of a user", **code})]
        uninstall_hook(self.env)
        self.assertFalse(triggered.active, "it would be for all changes")
        self.assertFalse(chosen.active, "its trigger is gone")
        self.assertFalse(acting.active, "nobody could change a contact")
        self.assertFalse(ours.exists())
        self.assertFalse(theirs.active)
        self.assertTrue(other.active)
