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
    env["mail.template"].create({"name": "Of a user", "model_id": tracking.id})
    env["ir.cron"].create(
        {"name": "Of a user", "model_id": partner.id, "code": f"model.search({DOMAIN})"}
    ).active = False
    env["ir.rule"].create(
        {"name": "Of a user", "model_id": tracking.id, "domain_force": "[]"}
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
make_things(env)  # noqa: F821
module.button_immediate_uninstall()
