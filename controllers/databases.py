"""Find the database of an address, on a server that may have several."""

import threading
import time
from collections import defaultdict
from contextlib import closing, contextmanager

import psycopg2

from odoo import SUPERUSER_ID, api, http, modules, release
from odoo.http import request
from odoo.modules.registry import Registry
from odoo.sql_db import (
    Connection,
    ConnectionPool,
    connection_info_for,
    db_connect,
)

from ..tools.after_commit import read_committed
from ..tools.database_key import (
    EARLIER_KEYS,
    KEY,
    KEY_OF,
    identity,
    name_key,
    read_keys,
)

# For an unknown key a process lists the databases of the server at most this often, and
# reads the keys of the databases that it knows already at most this often.
SECONDS_BETWEEN_LISTS = 10
SECONDS_BETWEEN_READS = 600

INSTALLED = """
    SELECT FROM ir_module_module
     WHERE name = 'mail_activity_tracking'
       AND state IN ('installed', 'to upgrade', 'to remove')
       AND latest_version LIKE %s
"""


class DatabaseGone(Exception):
    """A database was dropped or renamed since its keys were read."""


class DatabaseDirectory:
    """Names of the databases by their keys, read again when a key is unknown."""

    def __init__(self):
        self._keys_of = {}  # name to tuple (current key, earlier keys)
        self._names = {}
        self._listed_at = None
        self._read_at = None
        self._listing = threading.Lock()

    def find(self, key):
        """Return the name of the database with a key.

        Where the server has one database only, a wrong key does not matter.

        :param str key: of `tools.database_key`
        :return: a name that the server serves at the host of the request, or None
        """
        if key not in self._names:
            with self._listing:  # other requests wait: their key may be in the list
                self._list_for(key)
        name = self._names.get(key)
        if name:
            # The filter may depend on the host, and costs no query.
            return name if http.db_filter([name]) else None
        served = http.db_filter(list(self._keys_of))
        return served[0] if len(served) == 1 else None

    def forget(self, name):
        """Forget a database that is gone: its keys may belong to another one now.

        The next request lists the databases at once: strangers cannot cause this.
        """
        self._listed_at = None
        self._keys_of = {n: keys for n, keys in self._keys_of.items() if n != name}
        self._names = self._names_by_key()

    def _list_for(self, key):
        """List the databases, unless another thread has just found this one."""
        if key in self._names or not _is_over(self._listed_at, SECONDS_BETWEEN_LISTS):
            return
        self._listed_at = time.monotonic()
        # A key changes with the name of its database: the known ones are read rarely.
        if _is_over(self._read_at, SECONDS_BETWEEN_READS):
            self._read_at, self._keys_of = self._listed_at, {}
        names = http.db_list(force=True)
        self._keys_of = {
            name: self._keys_of.get(name) or _read_keys(name) for name in names
        }
        self._names = self._names_by_key()

    def _names_by_key(self):
        """Return the name of the database by key.

        A current key wins over earlier ones. A key of two databases means neither.
        """
        present, earlier = defaultdict(set), defaultdict(set)
        for name, (key, earlier_keys) in self._keys_of.items():
            present[key].add(name)
            for earlier_key in earlier_keys:
                earlier[earlier_key].add(name)
        return {
            key: min(names)
            for key, names in {**earlier, **present}.items()
            if key and len(names) == 1
        }


def _is_over(since, seconds):
    return since is None or time.monotonic() - since >= seconds


def _read_keys(dbname):
    """Return the keys of a database: tuple (current key, list of earlier ones).

    A database without a key of its own may have release 19.0.1.0.0 of the addon, or
    none: then the key of its name counts as an earlier one.
    """
    # A pool of its own, so that no connection to an unused database stays open.
    pool = ConnectionPool(1)
    try:
        connection = Connection(pool, *connection_info_for(dbname))
        with closing(connection.cursor()) as cr:
            cr.execute("SELECT to_regclass('ir_config_parameter')")
            values = read_keys(cr) if cr.fetchone()[0] else {}
            is_own = values.get(KEY_OF) == identity(cr) if values else False
    except psycopg2.OperationalError:  # dropped since it was listed
        return None, [name_key(dbname)]
    finally:
        pool.close_all()
    earlier = [key for key in values.get(EARLIER_KEYS, "").split(",") if key]
    if is_own:
        return values[KEY], earlier
    # A copy that nobody has loaded yet still has the key of its original.
    return None, [name_key(dbname), *filter(None, [values.get(KEY)]), *earlier]


def has_addon(dbname):
    """Return whether a database has the addon, without loading its registry.

    Anybody can request any database of the server. Loading its registry takes long,
    occupies memory, and logs an error if it is not a database of this Odoo.

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


def end_transaction():
    """End the transaction of the request before a long operation.

    A cursor that `superuser_environment` has opened is closed already.
    """
    if request.db and not modules.module.current_test:
        request.env.cr.rollback()


@contextmanager
def registry_cursor(dbname):
    """Open a cursor of the registry of a database that has the addon.

    :param str dbname: of `DatabaseDirectory.find`
    :return: tuple (cursor, registry)
    :raise DatabaseGone: when there is no such database any more
    """
    try:
        registry = Registry(dbname)
        cr = registry.cursor()
    except psycopg2.OperationalError as error:
        databases.forget(dbname)
        raise DatabaseGone(dbname) from error
    with cr:
        yield cr, registry


@contextmanager
def superuser_environment(dbname):
    """Open a READ COMMITTED environment of the superuser in a database.

    :param str dbname: of `DatabaseDirectory.find`
    :return: environment, None when the database has no addon
    """
    if dbname != request.db:
        if not has_addon(dbname):
            yield None
            return
        with registry_cursor(dbname) as (cr, registry):
            read_committed(cr)
            # Changes by other processes, e.g. of a key, count at once.
            registry.check_signaling(cr)
            yield api.Environment(cr, SUPERUSER_ID, {})
        return
    if not modules.module.current_test:  # a test's cursor has no isolation level
        # The transaction that has read the session must end first.
        request.env.cr.rollback()
        read_committed(request.env.cr)
    yield request.env(user=SUPERUSER_ID)


databases = DatabaseDirectory()
