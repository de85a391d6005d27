"""Odoo on an empty database of the test server, for the time of a block."""

import contextlib
import shutil

from .common import CACHE, CACHE_KEY, MODULE
from .database import check_server, drop_database
from .export import export
from .odoo_run import Odoo
from .postgres import external, test_server


@contextlib.contextmanager
def prepared_odoo(interpreter, source, path):
    """Return an `Odoo` on an empty database of the test server, removed afterwards."""
    database = f"{MODULE}_test_{CACHE_KEY}"
    # In the cache, where the next run finds and removes what a killed one has left.
    folder = CACHE / "test"
    shutil.rmtree(folder, ignore_errors=True)
    with test_server(interpreter) as postgres:
        export(folder / "addons")
        environment = {**postgres, "PATH": path}
        if external():
            check_server(interpreter)
            drop_database(interpreter, database)
        try:
            yield Odoo(interpreter, source, environment, folder, database)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            if external():
                drop_database(interpreter, database)
