from .tools.leftovers import remove_leftovers
from .tools.params import PREFIX


def uninstall_hook(env):
    """Take away what Odoo would leave: parameters, and what users have made."""
    # sudo: the addon is being removed.
    parameters = env["ir.config_parameter"].sudo()
    parameters.search([("key", "=like", f"{PREFIX}%")]).unlink()
    remove_leftovers(env, "mail_activity_tracking")
