"""The key of a database, as it stands in public URLs.

It tells the databases of one server apart and hides their names; it is no secret. It is
random, made when the registry is loaded. When the database is renamed or copied, a new
one is made and the old one kept as an earlier key, so that older addresses still work.
"""

import hashlib
import logging
import secrets

import psycopg2

from odoo.tools import SQL

from .params import PREFIX

# sudo: parameters of this addon only, none of which is shown.

_logger = logging.getLogger(__name__)

KEY = PREFIX + "database_key"
EARLIER_KEYS = PREFIX + "earlier_database_keys"  # comma separated
# The database that the key was made for.
KEY_OF = PREFIX + "database_key_of"
NAMES = (KEY, EARLIER_KEYS, KEY_OF)
KEY_LENGTH = 10
# Links made before the last twenty renewals no longer work.
MOST_EARLIER_KEYS = 20
LOCK = 7_316_283_101  # of the transaction that makes a key


def name_key(dbname):
    """Return the key that release 19.0.1.0.0 derived from the name of a database.

    :param str dbname: name of the database
    :return: 10 hexadecimal digits
    """
    digest = hashlib.sha256(f"mail_activity_tracking:{dbname}".encode())
    return digest.hexdigest()[:KEY_LENGTH]


def database_key(env):
    """Return the key for new addresses, without a query as parameters are cached.

    :return: 10 hexadecimal digits
    """
    key = env["ir.config_parameter"].sudo().get_param(KEY)
    return key or name_key(env.cr.dbname)


def known_keys(env):
    """Return the keys that addresses of this database may have, the current one first.

    :rtype: list
    """
    parameters = env["ir.config_parameter"].sudo()
    earlier = (parameters.get_param(EARLIER_KEYS) or "").split(",")
    own = [database_key(env), name_key(env.cr.dbname)]
    return list(dict.fromkeys(key for key in (*own, *earlier) if key))


def renew_key(cr):
    """Make a key when there is none, or when the database's name or uuid has changed.

    :param cr: cursor of a transaction that does nothing else
    :return: whether one was made
    """
    values = read_keys(cr)
    if values.get(KEY) and values.get(KEY_OF) == identity(cr):
        return False
    cr.execute(SQL("SELECT pg_advisory_xact_lock(%s)", LOCK))
    values = read_keys(cr)  # another process may have been faster
    if values.get(KEY) and values.get(KEY_OF) == identity(cr):
        return False
    earlier = [values.get(KEY), *values.get(EARLIER_KEYS, "").split(",")]
    if not values.get(KEY):
        earlier.append(name_key(cr.dbname))
    earlier = [key for key in dict.fromkeys(earlier) if key][:MOST_EARLIER_KEYS]
    new = {
        KEY: secrets.token_hex(KEY_LENGTH // 2),
        EARLIER_KEYS: ",".join(earlier),
        KEY_OF: identity(cr),
    }
    cr.execute(SQL("DELETE FROM ir_config_parameter WHERE key = ANY(%s)", list(new)))
    for name, value in new.items():
        cr.execute(
            SQL(
                "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)",
                name,
                value,
            )
        )
    return True


def renew_key_safely(cr):
    """Make a key as `renew_key` does; when it fails, leave it to the next start."""
    try:
        cr.execute("SET LOCAL lock_timeout = '3s'")
        return renew_key(cr)
    except psycopg2.Error:
        _logger.warning("The key of the database is not renewed", exc_info=True)
        cr.rollback()
        return False


def read_keys(cr):
    """Return the parameters of this module, without the ORM.

    :return: dict of those that exist
    """
    cr.execute(
        SQL(
            "SELECT key, value FROM ir_config_parameter WHERE key = ANY(%s)",
            list(NAMES),
        )
    )
    return dict(cr.fetchall())


def identity(cr):
    """Return a digest of name and uuid, which tell a database from its copies."""
    cr.execute("SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'")
    uuid = (cr.fetchone() or [""])[0]
    digest = hashlib.sha256(f"{cr.dbname}:{uuid}".encode())
    return digest.hexdigest()[:32]
