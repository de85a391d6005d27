"""The databases of the live tests: copies of one that has the addon."""

import shutil

import psycopg2
import psycopg2.extras
from psycopg2 import sql

from .names import database_names


def copy_databases(template, filestore):
    """Copy a database under each of the names of the live tests.

    :param str template: name of the database, which nobody uses meanwhile
    :param Path filestore: folder that holds its files, below its name
    :return: dict from `names.ROLES` to the name of a database
    """
    names = database_names(template)
    with_files = [names[role] for role in ("a", "b", "without")]
    for name in with_files:
        new_database(name, template, filestore)
    # No databases of Odoo's at all, but Odoo lists them.
    for role in ("empty", "gone"):
        execute("postgres", _create(names[role], "template0"))
    return names


def new_database(name, template, filestore):
    """Copy a database with its files, but not its secrets."""
    execute("postgres", _create(name, template))
    if (filestore / template).is_dir():
        shutil.copytree(filestore / template, filestore / name)
    execute(
        name,
        "UPDATE ir_config_parameter SET value = gen_random_uuid()::text"
        " WHERE key IN ('database.uuid', 'database.secret')",
    )


def query(database, statement, *values):
    """Return the rows that are committed now, as dicts; without Odoo between."""
    return execute(database, statement, values)


def drop_database(name):
    """Drop a database."""
    execute(
        "postgres",
        sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)),
    )


def _create(name, template):
    return sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template)
    )


def execute(database, statement, values=None):
    """Execute a statement, or several as one transaction; return its rows, as dicts.

    :param values: a sequence, or a dict for values that have names
    """
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    try:
        with connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
