from odoo.tests import TransactionCase, tagged

from ...hooks import uninstall_hook
from ...tools.leftovers import FIELDS, MODELS

DOMAIN = "[('mail_tracking_state', '=', 'error')]"


@tagged("post_install", "-at_install")
class TestLeftovers(TransactionCase):
    """What users have made of the addon does not outlive it."""

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
            for name in ("res.partner", "ir.mail_server")
            for field in self.env[name]._fields.values()
            if field._modules == ("mail_activity_tracking",)
            if not field.name.startswith(("tracking_webhook", "is_tracking", "dsn_off"))
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
            "ir.rule", model_id=partner.id, domain_force=DOMAIN, active=False
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
        self.assertEqual(rule.domain_force, DOMAIN, "without it everybody is let in")
        self.assertIn("still names one of our fields", "\n".join(log.output))
        self.assertTrue(other.exists())


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
        uninstall_hook(self.env)
        self.assertFalse(ours.exists())
        self.assertFalse(theirs.active)
        self.assertTrue(other.active)
