"""Which database an address means, on a server that may have several."""

import time

from odoo import http
from odoo.http import request

from ..models.database_hash import database_hash

# An unknown hash lists the databases of the server at most this often, a process.
SECONDS_BETWEEN_LISTS = 10


class DatabaseDirectory:
    """Names of the databases by their hash, listed again when one is missing."""

    def __init__(self):
        self._names = {}
        self._listed_at = None

    def find(self, hashed):
        """Give the name of a database.

        :param str hashed: of `database_hash`
        :return: a name that the server serves at the host of the request, or None
        """
        if request.db and database_hash(request.db) == hashed:
            return request.db
        name = self._names.get(hashed)
        if name is None and self._may_list():
            names = http.db_list(force=True)
            self._names = {database_hash(name): name for name in names}
            name = self._names.get(hashed)
        # The filter may depend on the host, and costs no query.
        return name if name and http.db_filter([name]) else None

    def _may_list(self):
        now = time.monotonic()
        if self._listed_at and now - self._listed_at < SECONDS_BETWEEN_LISTS:
            return False
        self._listed_at = now
        return True


databases = DatabaseDirectory()
