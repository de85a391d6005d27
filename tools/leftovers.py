"""Remove the records of users that use the addon's models and fields, with the addon.

Odoo removes the records that the addon's own files have created. It keeps those of
users: a scheduled action on one of our models aborts the removal, and a domain that
names one of our fields fails for ever afterwards.
"""

import logging
import re

from odoo.fields import Domain

from .leftover_domains import NOTHING, without_fields
from .leftover_uses import (
    CLEANED,
    DRAFT,
    FINDS_NOTHING,
    HIDDEN,
    MODELS,
    NAMES,
    OF_ACTIONS,
    REMOVED,
    REPORTED,
    SWITCHED_OFF,
    TAKEN_OFF_MENUS,
    USES,
    USES_OF_MODELS,
    WITHOUT_VALUE,
)

# sudo: the addon is being removed.

_logger = logging.getLogger(__name__)
# Not `shipping_tracking_opens` of another module: it is no business of ours.
WHOLE_NAME = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, NAMES))})(?!\w)")


def remove_leftovers(env, module):
    """Remove or switch off the records of users that use our models and fields.

    :param env: of the superuser
    :param str module: name of the addon, whose own records core removes
    """
    _remove_menus(env, module)
    for model, path in USES_OF_MODELS:
        if model in env:
            records = _made_by_users(env, module, model, Domain(path, "in", MODELS))
            _deal_with(records, REMOVED)
    _deal_with_fields(env, module)
    _deal_with_actions(env, module)
    for model, paths, outcome in USES:
        if model in env:
            _deal_with(_naming(env, module, model, paths), outcome, paths)
    _deal_with_spreadsheets(env, module)


def _made_by_users(env, module, model, domain):
    """Return the records of a model that no file of the addon has created."""
    records = env[model].sudo().with_context(active_test=False).search(domain)
    own = env["ir.model.data"].sudo()
    own = own.search([("model", "=", model), ("module", "=", module)]).mapped("res_id")
    return records.filtered(lambda record: record.id not in own)


def _naming(env, module, model, paths):
    """Return the records of users that name one of our fields or models."""
    domain = Domain.OR(Domain(path, "like", name) for path in paths for name in NAMES)
    return _made_by_users(env, module, model, domain).filtered(
        lambda record: any(
            WHOLE_NAME.search(text or "")
            for path in paths
            for text in record.mapped(path)
        )
    )


def _remove_menus(env, module):
    """Remove the menus of users that open something of ours."""
    menus = _made_by_users(env, module, "ir.ui.menu", Domain("action", "!=", False))
    menus = menus.filtered(lambda menu: menu.action.exists())
    data = env["ir.model.data"].sudo().search([("module", "=", module)])
    own = set(data.mapped(lambda one: (one.model, one.res_id)))
    for menu in menus:
        is_own = (menu.action._name, menu.action.id) in own
        if is_own or _window_model(menu.action) in MODELS:
            _deal_with(menu, REMOVED)


def _window_model(action):
    return action._name == "ir.actions.act_window" and action.res_model


def _deal_with_fields(env, module):
    """Keep users' fields that are computed from ours, without a value.

    Core would remove them with ours, and leave the views that show them broken. Those
    that point to our models it removes in any case, so these views are switched off.
    """
    paths = ("related", "compute", "depends")
    made = Domain("state", "=", "manual")
    fields = _naming(env, module, "ir.model.fields", paths)
    _deal_with(fields.filtered_domain(made), WITHOUT_VALUE)
    to_ours = made & Domain("relation", "in", MODELS)
    for field in _made_by_users(env, module, "ir.model.fields", to_ours):
        shown = [("model", "=", field.model), ("arch_db", "like", field.name)]
        views = _made_by_users(env, module, "ir.ui.view", shown)
        name = re.compile(rf"\b{re.escape(field.name)}\b")
        views = views.filtered(lambda view, name=name: name.search(view.arch_db))
        _deal_with(views, SWITCHED_OFF)


def _deal_with_actions(env, module):
    """Switch off what runs server actions that name something of ours, at any depth."""
    named = _naming(env, module, "ir.actions.server", OF_ACTIONS)
    actions = named
    while parents := actions.parent_id - actions:
        actions |= parents
    for model, path in (
        ("ir.cron", "ir_actions_server_id"),
        ("base.automation", "action_server_ids"),
    ):
        if model in env:
            users = _made_by_users(env, module, model, Domain(path, "in", actions.ids))
            _deal_with(users, SWITCHED_OFF)
    # Nobody finds them in a menu; what else may run them is left to an administrator.
    _deal_with(actions, TAKEN_OFF_MENUS)
    # They would keep the id of a field that is gone.
    named.filtered("update_path").write({"update_path": False})


def _deal_with_spreadsheets(env, module):
    """Hide the dashboards that read something of ours; report other spreadsheets."""
    attachments = env["ir.attachment"].sudo()
    attachments = attachments.search([("res_field", "=", "spreadsheet_binary_data")])
    for attachment in attachments:
        content = (attachment.raw or b"").decode(errors="replace")
        if attachment.res_model in env and WHOLE_NAME.search(content):
            of_id = Domain("id", "=", attachment.res_id)
            sheet = _made_by_users(env, module, attachment.res_model, of_id)
            hidden = "is_published" in sheet._fields
            _deal_with(sheet, HIDDEN if hidden else REPORTED)


def _deal_with(records, outcome, paths=()):
    if outcome == CLEANED:
        records = _clean_rules(records)
    for record in records:
        _logger.info("%s %s: %s", record._name, record.display_name, outcome)
    if outcome == REMOVED:
        records.unlink()
    elif outcome == WITHOUT_VALUE:
        records.write({"related": False, "compute": False, "depends": False})
    elif outcome in (DRAFT, FINDS_NOTHING):
        _let_find_nothing(records, outcome, paths)
    elif values := VALUES.get(outcome):
        records.write(values)


VALUES = {
    SWITCHED_OFF: {"active": False},
    HIDDEN: {"is_published": False},
    TAKEN_OFF_MENUS: {"binding_model_id": False},
}


def _let_find_nothing(records, outcome, paths):
    for record in records:
        named = [path for path in paths if WHOLE_NAME.search(record[path] or "")]
        record.write(dict.fromkeys(named, NOTHING))
        if outcome == DRAFT and record.state in ("in_queue", "sending"):
            record.action_cancel()


def _clean_rules(rules):
    """Take our fields out of rules, and return the rules that could be cleaned."""
    domains = {rule: without_fields(rule.domain_force, NAMES) for rule in rules}
    cleaned = rules.filtered(domains.get)
    for rule in cleaned:
        rule.domain_force = domains[rule]
    _deal_with(rules - cleaned, REPORTED)
    return cleaned
