"""For `odoo shell`, in a process of its own: nothing of the addon is left.

A process that starts without the addon sees the database as its users would.
"""

NAME = "mail_activity_tracking"
WORDS = (NAME, "mail.tracking.", "mail_tracking_state")
PLACES = [
    ("ir.ui.view", "name"),
    ("ir.ui.view", "arch_db"),
    ("ir.ui.view", "model"),
    ("ir.ui.menu", "complete_name"),
    ("ir.actions.act_window", "res_model"),
    ("ir.config_parameter", "key"),
    ("ir.filters", "domain"),
    ("ir.filters", "model_id"),
    ("ir.ui.view.custom", "arch"),
    ("ir.exports", "resource"),
    ("ir.exports.line", "name"),
    ("base.automation", "model_name"),
    ("mail.template", "model"),
    ("ir.actions.server", "model_name"),
    ("ir.rule", "domain_force"),
    ("ir.asset", "path"),
    ("ir.actions.act_window", "domain"),
    ("ir.model", "model"),
    ("ir.model.fields", "modules"),
    ("ir.model.data", "module"),
]
# Core's own models of a like name.
CORE = ("mail.tracking.value", "mail.tracking.duration.mixin")
# What core makes by hand, without a stored field.
BY_HAND = ("orm_signaling_", "res_users_apikeys.", "auth_totp_device.")
WEB = "ir_module_module.web"
STORED_COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name NOT IN
           (SELECT viewname FROM pg_views)
"""


def leftovers(env):
    """Return what the addon has left behind, in words."""
    module = env["ir.module.module"].search([("name", "=", NAME)])
    if module.state != "uninstalled":
        yield f"the module, which is {module.state}"
    for model, field in PLACES:
        for record in env[model].with_context(active_test=False).search([]):
            text = record[field] or ""
            if any(word in text for word in WORDS) and not text.startswith(CORE):
                yield f"{model} {record.display_name} ({field})"
    yield from unknown_columns(env)


def unknown_columns(env):
    """Return the tables and columns that no installed model has."""
    models = [model for model in env.registry.values() if model._auto]
    columns = {model._table: set(model._fields) for model in models}
    for model in models:
        for field in model._fields.values():
            if field.type == "many2many" and field.store:
                columns.setdefault(field.relation, {field.column1, field.column2})
    env.cr.execute(STORED_COLUMNS)
    for table, column in env.cr.fetchall():
        name = f"{table}.{column}"
        if column in columns.get(table, ()) or name.startswith(BY_HAND) or name == WEB:
            continue
        yield name


def dangling(env):
    """Return the menus and dashboards of the user that open nothing any more."""
    menus = env["ir.ui.menu"].with_context(**{"ir.ui.menu.full_list": True})
    for menu in menus.search([("name", "=", "Of a user")]):
        yield f"menu {menu.display_name}"
    of_user = [("name", "=", "Of a user")]
    for sheet in env["spreadsheet.dashboard"].search(of_user):
        if sheet.is_published:
            yield f"dashboard {sheet.display_name}"


def still_works(env):
    """Use what the addon extends; Odoo raises if something is broken."""
    partner = env["res.partner"].create({"name": "Ada", "email": "ada@example.com"})
    partner.write({"name": "Ada L."})
    # Rules do not hold for the superuser.
    partner.with_user(env.ref("base.user_admin")).name = "Ada"
    visible = env["res.partner"].with_user(env.ref("base.user_admin")).search([])
    if partner not in visible:
        raise SystemExit("a rule hides contacts that it has shown before")
    partner.message_post(
        body="After", partner_ids=partner.ids, subtype_xmlid="mail.mt_comment"
    )
    env["mail.mail"].create({"body_html": "After", "recipient_ids": partner.ids})
    env["data_recycle.model"]._cron_recycle_records()
    for view_type in ("form", "list", "kanban", "search"):
        partner.get_view(view_type=view_type)


still_works(env)  # noqa: F821 - given by the shell
left = [*leftovers(env), *dangling(env)]  # noqa: F821
env.cr.rollback()  # noqa: F821
if left:
    raise SystemExit("left behind by the addon: " + "; ".join(left))
