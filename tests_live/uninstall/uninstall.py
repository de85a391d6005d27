"""For `odoo shell`: use the addon as a person does, then uninstall it."""

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


module = env["ir.module.module"].search(  # noqa: F821 - given by the shell
    [("name", "=", "mail_activity_tracking")]
)
if module.state != "installed":
    raise SystemExit(f"the addon is {module.state}, not installed")
automation = env.ref("base.module_base_automation")  # noqa: F821
automation.button_immediate_install()
make_things(env)  # noqa: F821
module.button_immediate_uninstall()
