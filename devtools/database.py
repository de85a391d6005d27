"""What is done to databases from outside of Odoo, by the Python that has psycopg2.

`./dev` itself runs with the system's Python, which has no psycopg2.
"""

import contextlib
import os
import shutil
import subprocess

from .common import DevError
from .postgres import external

EXECUTE = """
import sys, psycopg2
connection = psycopg2.connect(dbname=sys.argv[1])
connection.autocommit = True
connection.cursor().execute(sys.argv[2])
"""
CHECK = """
import psycopg2
connection = psycopg2.connect(dbname="postgres")
cursor = connection.cursor()
cursor.execute("SELECT rolname, rolcreatedb OR rolsuper FROM pg_roles"
               " WHERE rolname = current_user")
name, may_create = cursor.fetchone()
if name == "postgres":
    raise SystemExit("Odoo refuses the role postgres: set PGUSER to another one")
if not may_create:
    raise SystemExit(f"the role {name} may not create databases: set PGUSER")
if connection.server_version < 130000:
    raise SystemExit("PostgreSQL is older than 13: lead the PG* variables elsewhere")
"""


def check_server(interpreter):
    """Raise DevError when the server of the PG* variables will not do."""
    _run(interpreter, CHECK)


def drop_database(interpreter, name, environment=os.environ):
    """Drop a database of the server that the PG* variables lead to, if it is there."""
    drop = f'DROP DATABASE IF EXISTS "{name}"'
    _run(interpreter, EXECUTE, "postgres", drop, environment=environment)


def copy_database(odoo, name):
    """Copy the database of an `Odoo` that does not use it now, with its files.

    :param str name: of the copy
    """
    copy = f'CREATE DATABASE "{name}" TEMPLATE "{odoo.database}"'
    _run(odoo.interpreter, EXECUTE, "postgres", copy, environment=odoo.environment)
    files = odoo.folder / "data/filestore"
    shutil.copytree(files / odoo.database, files / name)


@contextlib.contextmanager
def copied(odoo, role):
    """Return an `Odoo` on a copy of a database, which does not outlive the server.

    :param Odoo odoo: whose database nobody uses while the block begins
    :param str role: ends the name of the copy
    """
    copy = odoo.on(f"{odoo.database}_{role}")
    place = copy.interpreter, copy.database, copy.environment
    drop_database(*place)
    copy_database(odoo, copy.database)
    try:
        yield copy
    finally:
        if external():
            drop_database(*place)


def load_sql(odoo, file):
    """Run the statements of a file in the database of an `Odoo`, all or none."""
    place = odoo.database, file.read_text()
    _run(odoo.interpreter, EXECUTE, *place, environment=odoo.environment)


def _run(interpreter, script, *arguments, environment=os.environ):
    command = [interpreter, "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    if done.returncode:
        lines = done.stderr.decode(errors="replace").splitlines()
        # What libpq says comes first, a hint of its own after it.
        errors = [line for line in lines if line.startswith("psycopg2")] or lines[-1:]
        raise DevError(f"PostgreSQL: {''.join(errors)}")
