"""A database on a server that is not ours: gone before and after each run."""

from .common import run

DROP = """
import sys, psycopg2
from psycopg2 import sql
connection = psycopg2.connect(dbname="postgres")
connection.autocommit = True
drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(sys.argv[1]))
connection.cursor().execute(drop)
"""


def drop_database(interpreter, name):
    """Drop a database of the server that the PG* variables lead to, if it is there.

    :raise DevError: when the server does not answer or does not allow it
    """
    run([interpreter, "-c", DROP, name], capture_output=True)
