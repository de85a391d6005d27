"""The name of a database, as it stands in public addresses."""

import hashlib

HASH_LENGTH = 10


def database_hash(dbname):
    """Return the short hash that stands for a database in the addresses of pixels.

    It tells databases of one server apart and hides their names; it is no secret.

    :param str dbname: name of the database
    :return: 10 hexadecimal digits
    """
    digest = hashlib.sha256(f"mail_activity_tracking:{dbname}".encode())
    return digest.hexdigest()[:HASH_LENGTH]
