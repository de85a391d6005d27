"""Remove the records of users that use the addon's models and fields, with the addon.

Odoo removes the records that the addon's own files have created. It keeps those of
users: a scheduled action on one of our models aborts the removal, and a domain that
names one of our fields fails for ever afterwards.
"""

import logging

from odoo.fields import Domain

from .leftover_domains import without_fields

# sudo: the addon is being removed.

_logger = logging.getLogger(__name__)

MODELS = (
    "mail.tracking.email",
    "mail.tracking.event",
    "mail.tracking.webhook",
    "mail.tracking.late.report",
    "mail.tracking.viewer",
    "mail.tracking.consent",
    "mail.tracking.consent.log",
    "mail.tracking.statistics",
    "mail.tracking.personal",
    "mail.tracking.provider",
    "mail.tracking.check",
    "mail.tracking.test.mail",
)
# Fields that the addon adds to models of others.
FIELDS = (
    "mail_tracking_state",
    "mail_tracking_summary",
    "mail_tracking_bounces",
    "mail_tracking_total",
    "mail_tracking_consent",
    "mail_tracking_preset",
    "mail_tracking_opens",
    "mail_tracking_tells",
    "tracking_opens",
    "tracking_provider",
    "dsn_request",
    "direct_mx",
)
NAMES = FIELDS + MODELS
# Models of records that may use one of our models, and the field that names it.
# Scheduled actions and automations go before the server actions that they consist of.
USES_OF_MODELS = (
    ("ir.cron", "model_id.model"),
    ("base.automation", "model_id.model"),
    ("ir.actions.server", "model_id.model"),
    ("ir.actions.act_window", "res_model"),
    ("ir.actions.report", "model"),
    ("ir.embedded.actions", "parent_res_model"),
    ("mail.template", "model_id.model"),
    ("ir.exports", "resource"),
    ("ir.filters", "model_id"),
)
REMOVED, SWITCHED_OFF = "removed", "switched off"
CLEANED = "works without our fields"
TAKEN_OFF_MENUS = "still names our fields or models, is in no menu any more"
REPORTED = "still names our fields or models"
# Models of records that may name one of our fields or models, where, and what becomes
# of them. An automation whose action fails lets nobody change the records that it is
# for; one whose fields are gone would be for all changes.
USES = (
    ("ir.filters", ("domain", "context", "sort"), REMOVED),
    ("mailing.filter", ("mailing_domain",), REMOVED),  # of mass_mailing
    ("ir.exports.line", ("name",), REMOVED),
    ("ir.actions.act_window", ("domain", "context"), REMOVED),
    ("ir.embedded.actions", ("domain", "context"), REMOVED),
    ("ir.ui.view.custom", ("arch",), REMOVED),  # dashboards of users
    ("ir.ui.view", ("arch_db",), SWITCHED_OFF),
    ("ir.cron", ("code", "child_ids.code"), SWITCHED_OFF),
    (
        "base.automation",
        (
            *("filter_domain", "filter_pre_domain", "record_getter"),
            *("trigger_field_ids.name", "on_change_field_ids.name", "trg_date_id.name"),
            *("action_server_ids.code", "action_server_ids.child_ids.code"),
            *("action_server_ids.update_path",),
        ),
        SWITCHED_OFF,
    ),
    ("ir.rule", ("domain_force",), CLEANED),
    # Nobody finds it in a menu; whatever else may run it is for an administrator.
    ("ir.actions.server", ("code", "child_ids.code"), TAKEN_OFF_MENUS),
    ("mail.template", ("subject", "body_html", "email_to", "partner_to"), SWITCHED_OFF),
)


def remove_leftovers(env, module):
    """Remove or switch off the records of users that use our models and fields.

    :param env: of the superuser
    :param str module: name of the addon, whose own records core removes
    """
    for model, path in USES_OF_MODELS:
        if model in env:
            records = _made_by_users(env, module, model, Domain(path, "in", MODELS))
            _deal_with(records, REMOVED)
    for model, paths, outcome in USES:
        if model in env:
            domain = Domain.OR(
                Domain(path, "like", name) for path in paths for name in NAMES
            )
            _deal_with(_made_by_users(env, module, model, domain), outcome)


def _made_by_users(env, module, model, domain):
    """Return the records of a model that no file of the addon has created."""
    records = env[model].sudo().with_context(active_test=False).search(domain)
    own = env["ir.model.data"].sudo()
    own = own.search([("model", "=", model), ("module", "=", module)]).mapped("res_id")
    return records.filtered(lambda record: record.id not in own)


def _deal_with(records, outcome):
    if outcome == CLEANED:
        records = _clean_rules(records)
    for record in records:
        _logger.info("%s %s: %s", record._name, record.display_name, outcome)
    if outcome == REMOVED:
        records.unlink()
    elif outcome == SWITCHED_OFF:
        records.write({"active": False})
    elif outcome == TAKEN_OFF_MENUS:
        records.write({"binding_model_id": False})


def _clean_rules(rules):
    """Take our fields out of rules; return those that it was possible with."""
    domains = {rule: without_fields(rule.domain_force, NAMES) for rule in rules}
    cleaned = rules.filtered(domains.get)
    for rule in cleaned:
        rule.domain_force = domains[rule]
    _deal_with(rules - cleaned, REPORTED)
    return cleaned
