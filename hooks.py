from odoo.fields import Domain

from .models.contacts.res_partner import BOUNCES
from .models.mail_state.mail_thread import MAIL_STATE
from .tools.params import PREFIX

MODELS = ("mail.tracking.email", "mail.tracking.event", "mail.tracking.webhook")
FIELDS = (MAIL_STATE, BOUNCES)


def uninstall_hook(env):
    """Take away what Odoo would leave: parameters, and what users have saved."""
    parameters = env["ir.config_parameter"].sudo()
    parameters.search([("key", "=like", f"{PREFIX}%")]).unlink()
    filters = env["ir.filters"].sudo().with_context(active_test=False)
    filters.search(
        Domain("model_id", "in", MODELS)
        | Domain.OR(_names(column) for column in ("domain", "context", "sort"))
    ).unlink()
    if "mailing.filter" in env:  # mass_mailing
        mailings = env["mailing.filter"].sudo().with_context(active_test=False)
        mailings.search(_names("mailing_domain")).unlink()
    env["ir.exports.line"].sudo().search(_names("name")).unlink()


def _names(column):
    """Return the domain of the records that name one of our fields in a column."""
    return Domain.OR(Domain(column, "like", name) for name in FIELDS)
