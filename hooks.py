from .models.switches import PREFIX

MODELS = ("mail.tracking.email", "mail.tracking.event", "mail.tracking.webhook")


def uninstall_hook(env):
    """Take away what Odoo would leave: parameters, and searches users have saved."""
    parameters = env["ir.config_parameter"].sudo()
    parameters.search([("key", "=like", f"{PREFIX}%")]).unlink()
    filters = env["ir.filters"].sudo().with_context(active_test=False)
    filters.search([("model_id", "in", MODELS)]).unlink()
