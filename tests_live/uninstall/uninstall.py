"""For `odoo shell`: use the addon as a person does, then uninstall it."""

import base64
import json

DOMAIN = "[('mail_tracking_state', '=', 'error')]"


def make_things(env):
    """Make what users make of the addon's models and fields: none of it may stay."""
    tracking = env["ir.model"]._get("mail.tracking.email")
    partner = env["ir.model"]._get("res.partner")
    env["ir.cron"].create(
        {"name": "Of a user", "model_id": tracking.id, "code": "model.search([])"}
    )
    env["ir.actions.server"].create(
        {"name": "Of a user", "model_id": tracking.id, "state": "code", "code": "pass"}
    )
    window = env["ir.actions.act_window"]
    window.create({"name": "Of a user", "res_model": "mail.tracking.event"})
    window.create({"name": "Of a user", "res_model": "res.partner", "domain": DOMAIN})
    env["ir.filters"].create(
        {"name": "Of a user", "model_id": "mail.tracking.statistics"}
    )
    view = env.ref("base.view_partner_form")
    arch = f"""<form><action domain="{DOMAIN}"/></form>"""
    env["ir.ui.view.custom"].create(
        {"user_id": env.uid, "ref_id": view.id, "arch": arch}
    )
    env["ir.exports"].create({"name": "Of a user", "resource": "mail.tracking.email"})
    line = [(0, 0, {"name": "mail_tracking_state"})]
    env["ir.exports"].create(
        {"name": "Of a user", "resource": "res.partner", "export_fields": line}
    )
    env["ir.ui.view"].create(
        {
            "name": "Of a user",
            "model": "res.partner",
            "inherit_id": view.id,
            "arch": """<field name="email" position="after">
                <field name="mail_tracking_bounces"/></field>""",
        }
    )
    env["mail.template"].create({"name": "Of a user", "model_id": tracking.id})
    env["ir.cron"].create(
        {"name": "Of a user", "model_id": partner.id, "code": f"model.search({DOMAIN})"}
    ).active = False
    rule = env["ir.rule"]
    rule.create({"name": "Of a user", "model_id": tracking.id, "domain_force": "[]"})
    not_failed = DOMAIN.replace("=", "!=")
    rule.create(
        {"name": "Of a user", "model_id": partner.id, "domain_force": not_failed}
    )
    for model, domain in ((tracking, "[]"), (partner, DOMAIN)):
        env["base.automation"].create(
            {
                "name": "Of a user",
                "model_id": model.id,
                "trigger": "on_create_or_write",
                "filter_domain": domain,
            }
        )
    code = {"state": "code", "code": "record.mail_tracking_state"}
    action = {"name": "Of a user", "model_id": partner.id, **code}
    env["base.automation"].create(
        {
            "name": "Of a user",
            "model_id": partner.id,
            "trigger": "on_create_or_write",
            "action_server_ids": [(0, 0, action)],
        }
    )
    contact = env["res.partner"].create({"name": "Sent to", "email": "s@example.com"})
    contact.message_post(
        body="Before", partner_ids=contact.ids, subtype_xmlid="mail.mt_comment"
    )
    env.cr.commit()


def make_things_of_modules(env):
    """Make what other modules let users make."""
    sheet = {"lists": {"1": {"model": "mail.tracking.email", "columns": ["id"]}}}
    sheet["lists"]["1"] |= {"domain": [], "orderBy": []}
    env["spreadsheet.dashboard"].create(
        {
            "name": "Of a user",
            "dashboard_group_id": env["spreadsheet.dashboard.group"]
            .create({"name": "Of a user"})
            .id,
            "spreadsheet_binary_data": base64.b64encode(json.dumps(sheet).encode()),
        }
    )
    env["data_recycle.model"].create(
        {
            "name": "Of a user",
            "res_model_id": env["ir.model"]._get("res.partner").id,
            "domain": DOMAIN,
        }
    )


def make_fields(env):
    """Make fields, views that show them, a job that writes ours, and a menu."""
    partner = env["ir.model"]._get("res.partner")
    for name, values in (
        ("x_total", {"ttype": "char", "related": "parent_id.mail_tracking_total"}),
        ("x_last", {"ttype": "many2one", "relation": "mail.tracking.email"}),
    ):
        env["ir.model.fields"].create(
            {"name": name, "model_id": partner.id, "store": name == "x_last", **values}
        )
        env["ir.ui.view"].create(
            {
                "name": "Of a user",
                "model": "res.partner",
                "inherit_id": env.ref("base.view_partner_form").id,
                "arch": f"""<field name="email" position="after">
                    <field name="{name}"/></field>""",
            }
        )
    action = env["ir.actions.server"].create(
        {"name": "Of a user", "model_id": partner.id, "state": "code"}
    )
    action.write({"state": "object_write", "update_path": "mail_tracking_consent"})
    env["ir.cron"].create({"ir_actions_server_id": action.id})
    ours = env.ref("mail_activity_tracking.mail_tracking_email_action")
    window = f"ir.actions.act_window,{ours.id}"
    env["ir.ui.menu"].create({"name": "Of a user", "action": window})
    view = {"name": "Of a user", "model": "mail.tracking.email", "arch": "<list/>"}
    env["ir.ui.view"].create(view)


module = env["ir.module.module"].search(  # noqa: F821 - given by the shell
    [("name", "=", "mail_activity_tracking")]
)
if module.state != "installed":
    raise SystemExit(f"the addon is {module.state}, not installed")
for name in ("base_automation", "data_recycle", "spreadsheet_dashboard"):
    env.ref(f"base.module_{name}").button_immediate_install()  # noqa: F821
make_fields(env)  # noqa: F821
make_things_of_modules(env)  # noqa: F821
make_things(env)  # noqa: F821
module.button_immediate_uninstall()
