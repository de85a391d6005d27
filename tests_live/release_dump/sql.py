"""For `odoo shell`: write the tables of the addon, and its rows in core's, as SQL.

Rows in core's tables have ids from FIRST on. What they refer to in core is named by its
external id, since the numbers differ from one database to the next.
"""

import os
import subprocess
from pathlib import Path

FIRST = 900001
MODULE = "mail_activity_tracking"
# Core's tables that have rows of the addon or rows that ours refer to, in the order in
# which they are filled: which rows, and the columns that matter.
CORE = {
    "ir_model": ("true", "model name order state transient"),
    "ir_model_fields": (
        """store AND (model LIKE 'mail.tracking.%' OR model = 'ir.mail_server')
           AND name NOT IN ('id', 'create_uid', 'write_uid')
           AND name NOT IN ('create_date', 'write_date')""",
        "model model_id name ttype relation field_description state store",
    ),
    "ir_act_server": ("true", "name type usage binding_type model_id state code"),
    "ir_cron": (
        "true",
        """ir_actions_server_id cron_name user_id interval_number interval_type nextcall
           priority active""",
    ),
    "ir_asset": ("true", "name bundle directive path sequence active"),
    "ir_model_access": (
        "true",
        "name model_id group_id active perm_read perm_write perm_create perm_unlink",
    ),
    "ir_model_data": (
        """res_id >= 900001 AND model IN ('ir.model', 'ir.cron', 'ir.actions.server',
           'ir.asset', 'ir.model.access')""",
        "module name model res_id noupdate",
    ),
    "ir_config_parameter": (f"key LIKE '{MODULE}.%'", "key value"),
    "ir_mail_server": (
        "true",
        """name smtp_host smtp_port smtp_encryption smtp_authentication sequence active
           dsn_request""",
    ),
    "res_partner": ("true", "name complete_name email email_normalized active type"),
    "mail_message": (
        "message_type = 'comment'",
        """model res_id message_type subtype_id message_id date subject body email_from
           author_id is_internal""",
    ),
    "mail_mail": (
        "true",
        "mail_message_id state email_to body_html auto_delete is_notification",
    ),
    "mail_mail_res_partner_rel": ("true", "mail_mail_id res_partner_id"),
    "mail_notification": (
        "true",
        """mail_message_id author_id res_partner_id mail_email_address mail_mail_id
           notification_type notification_status failure_type is_read""",
    ),
}
BEFORE = """\
CREATE FUNCTION pg_temp.ref(text) RETURNS integer LANGUAGE sql AS
'SELECT res_id FROM ir_model_data WHERE module || ''.'' || name = $1';"""
# The external ids of fields, named as Odoo names them, and the version.
AFTER = """\
INSERT INTO ir_model_data (module, model, res_id, name)
SELECT 'mail_activity_tracking', 'ir.model.fields', id,
       'field_' || replace(model, '.', '_') || '__' || name
  FROM ir_model_fields WHERE id >= 900001;
UPDATE ir_module_module SET state = 'installed', latest_version = '%s'
 WHERE name = 'mail_activity_tracking';"""
REFERENCES = """
    SELECT key.conrelid::regclass::text, part.attname, key.confrelid::regclass::text
      FROM pg_constraint key
      JOIN pg_attribute part ON part.attrelid = key.conrelid
                            AND part.attnum = key.conkey[1]
     WHERE key.contype = 'f'
"""
COLUMNS_OF_TABLE = """
    SELECT column_name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position
"""


class Writer:
    """Builds the statements."""

    def __init__(self, env):
        self.env = env
        self.cr = env.cr
        own = env["ir.model"].search([("id", ">=", FIRST)], order="id")
        models = [env[model] for model in own.mapped("model")]
        self.tables = [model._table for model in models if model._auto]
        self.cr.execute(REFERENCES)
        self.targets = {(table, name): to for table, name, to in self.cr.fetchall()}
        self.models = {model._table: name for name, model in env.registry.items()}

    def statements(self):
        """Return the statements of the dump: tables, rows, constraints."""
        schema = self.schema()
        late = [part for part in schema if "INDEX" in part or "FOREIGN" in part]
        yield BEFORE
        yield from (part for part in schema if part not in late)
        yield from self.added_columns()
        for table, (condition, columns) in CORE.items():
            names = columns.split()
            names = names if table.endswith("_rel") else ["id", *names]
            yield self.rows(table, names, f'"{names[0]}" >= {FIRST} AND ({condition})')
        for table in self.tables:
            self.cr.execute(COLUMNS_OF_TABLE, [table])
            yield self.rows(table, [name for (name,) in self.cr.fetchall()], "true")
            yield f"SELECT setval('{table}_id_seq', 1000);"
        yield from late
        version = self.env["ir.module.module"].search([("name", "=", MODULE)])
        yield AFTER % version.latest_version

    def schema(self):
        """Return the statements that make our tables, as PostgreSQL writes them."""
        options = ["--schema-only", "--no-owner", "--no-comments", "--no-privileges"]
        options += [f"--table={name}" for name in self.tables]
        text = subprocess.run(
            [os.environ["PG_DUMP"], *options, self.cr.dbname],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.replace("public.", "")
        lines = [x for x in text.splitlines() if not x.startswith(("--", "\\"))]
        parts = " ".join("\n".join(lines).split()).split("; ")
        return [f"{part};" for part in parts if part.startswith(("CREATE", "ALTER"))]

    def added_columns(self):
        """Return the columns that the addon has added to tables of core."""
        added = self.env["ir.model.fields"].search(
            [("store", "=", True), ("id", ">=", FIRST)], order="id"
        )
        for field in added:
            model = self.env[field.model]
            kind = model._fields[field.name].column_type
            is_table = model._auto and not model._transient
            if kind and is_table and model._table not in self.tables:
                yield f"ALTER TABLE {model._table} ADD {field.name} {kind[1]};"

    def rows(self, table, columns, condition):
        """Return the statement that inserts the rows of a table, "" without any."""
        chosen = ", ".join(f'"{name}"::text' for name in columns)
        self.cr.execute(
            f'SELECT {chosen} FROM "{table}" WHERE {condition}'  # noqa: S608
            f' ORDER BY "{table}"."{columns[0]}"'
        )
        rows = self.cr.fetchall()
        filled = [i for i in range(len(columns)) if any(row[i] for row in rows)]
        names = ", ".join(f'"{columns[i]}"' for i in filled)
        values = [
            ", ".join(self.value(table, columns[i], row[i]) for i in filled)
            for row in rows
        ]
        lines = ",\n".join(f"({line})" for line in values)
        return f'INSERT INTO "{table}" ({names}) VALUES\n{lines};' if rows else ""

    def value(self, table, column, text):
        """Return a value as SQL; a reference to core by its external id."""
        target = self.targets.get((table, column))
        if text and target and target not in self.tables and int(text) < FIRST:
            record = self.env[self.models[target]].browse(int(text))
            return f"pg_temp.ref('{record.get_external_id()[record.id]}')"
        if text and text.isdigit():
            return text
        return self.cr.mogrify("%s", [text]).decode()


statements = filter(None, Writer(env).statements())  # noqa: F821 - given by the shell
Path(os.environ["RELEASE_DUMP"]).write_text("\n".join(statements) + "\n")
