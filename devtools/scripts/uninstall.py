"""For `odoo shell`: uninstall the addon as a person would."""

module = env["ir.module.module"].search(  # noqa: F821 - given by the shell
    [("name", "=", "mail_activity_tracking")]
)
if module.state != "installed":
    raise SystemExit(f"the addon is {module.state}, not installed")
module.button_immediate_uninstall()
