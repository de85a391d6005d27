"""Which database an address means, on a server that may have several."""

import threading
import time
from contextlib import closing, contextmanager

import psycopg2

from odoo import SUPERUSER_ID, api, http, modules, release
from odoo.http import request
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect

from ..tools.after_commit import READ_COMMITTED
from ..tools.database_key import database_hash

# An unknown hash lists the databases of the server at most this often, a process.
SECONDS_BETWEEN_LISTS = 10

INSTALLED = """
    SELECT FROM ir_module_module
     WHERE name = 'mail_activity_tracking'
       AND state IN ('installed', 'to upgrade', 'to remove')
       AND latest_version LIKE %s
"""


class DatabaseDirectory:
    """Names of the databases by their hash, listed again when one is missing."""

    def __init__(self):
        self._names = {}
        self._listed_at = None
        self._listing = threading.Lock()

    def find(self, hashed):
        """Return the name of a database.

        :param str hashed: of `database_hash`
        :return: a name that the server serves at the host of the request, or None
        """
        if request.db and database_hash(request.db) == hashed:
            return request.db
        if hashed not in self._names:
            with self._listing:  # who comes meanwhile waits: it may be in the list
                self._list_for(hashed)
        name = self._names.get(hashed)
        # The filter may depend on the host, and costs no query.
        return name if name and http.db_filter([name]) else None

    def _list_for(self, hashed):
        """List the databases, unless another thread has just found this one."""
        if hashed not in self._names and self._may_list():
            names = http.db_list(force=True)
            self._names = {database_hash(name): name for name in names}

    def _may_list(self):
        now = time.monotonic()
        if self._listed_at and now - self._listed_at < SECONDS_BETWEEN_LISTS:
            return False
        self._listed_at = now
        return True


def has_addon(dbname):
    """Return whether a database has the addon, without loading it for that.

    Anybody may ask for any database of the server. Loading one takes long, stays in
    memory, and is an error in the log for what is no database of this Odoo.

    :param str dbname: of `DatabaseDirectory.find`
    """
    if dbname in Registry.registries:
        return True
    try:
        with closing(db_connect(dbname).cursor()) as cr:
            cr.execute(INSTALLED, [f"{release.series}.%"], log_exceptions=False)
            return bool(cr.rowcount)
    except (psycopg2.OperationalError, psycopg2.errors.UndefinedTable):
        return False  # dropped since it was listed, or nothing of Odoo's


@contextmanager
def superuser_environment(dbname):
    """Return a READ COMMITTED environment of the superuser in a database.

    :param str dbname: of `DatabaseDirectory.find`
    :return: environment, None when the database has no addon
    """
    if dbname != request.db:
        if not has_addon(dbname):
            yield None
            return
        registry = Registry(dbname)
        with registry.cursor() as cr:
            cr.execute(READ_COMMITTED)
            # What another process has changed, a key for example, counts at once.
            registry.check_signaling(cr)
            yield api.Environment(cr, SUPERUSER_ID, {})
        return
    if not modules.module.current_test:  # a test's cursor has no isolation level
        # What reading the session has begun must end first.
        request.env.cr.rollback()
        request.env.cr.execute(READ_COMMITTED)
    yield request.env(user=SUPERUSER_ID)


databases = DatabaseDirectory()
