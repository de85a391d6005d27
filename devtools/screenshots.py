"""`./dev screenshots`: pictures of README and Apps page, from the running demo."""

import json

from .browser_script import look
from .common import CACHE, REPOSITORY, DevError, say
from .demo import STATE
from .demo_database import Demo
from .odoo_source import odoo_path
from .ports import Ports
from .processes import running
from .python_env import python


def screenshots():
    """Make the pictures anew and return True.

    :raise DevError: when the demo is not up
    """
    if "odoo" not in running():
        raise DevError("the demo is not up: run ./dev up first")
    images = REPOSITORY / "static/description"
    demo = Demo(CACHE / "python/bin/python", odoo_path())
    look(
        python(),
        REPOSITORY / "tests_live/screens/pictures.mjs",
        url=Ports(**json.loads(STATE.read_text())).odoo_url,
        database=demo.odoo.database,
        login="admin",
        password="admin",  # noqa: S106 - the demo's
        contact="Brightwater Hotel",
        images=str(images),
    )
    say(f"Look at what has changed in {images}")
    return True
