"""A database on a server that is not ours: gone before and after each run."""

import subprocess

from .common import DevError

DROP = """
import sys, psycopg2
from psycopg2 import sql
connection = psycopg2.connect(dbname="postgres")
connection.autocommit = True
drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(sys.argv[1]))
connection.cursor().execute(drop)
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


def drop_database(interpreter, name):
    """Drop a database of the server that the PG* variables lead to, if it is there."""
    _run(interpreter, DROP, name)


def _run(interpreter, script, *arguments):
    command = [interpreter, "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        lines = done.stderr.decode(errors="replace").splitlines()
        # What libpq says comes first, a hint of its own after it.
        errors = [line for line in lines if line.startswith("psycopg2")] or lines[-1:]
        raise DevError(f"the server of the PG* variables: {''.join(errors)}")
