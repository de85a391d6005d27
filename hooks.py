from .tools.leftovers import remove_leftovers
from .tools.params import PREFIX


def uninstall_hook(env):
    """Remove what Odoo would leave: parameters and records that users have created."""
    # sudo: the addon is being removed.
    parameters = env["ir.config_parameter"].sudo()
    parameters.search([("key", "=like", f"{PREFIX}%")]).unlink()
    remove_leftovers(env, "mail_activity_tracking")
