"""What the tests share that look at a page in a real browser."""

import json
import sys
import uuid
from pathlib import Path

from devtools.browser_script import look

from .case import LiveCase
from .rpc import ADMIN

SCREENS = Path(__file__).parent / "screens"


class ScreenCase(LiveCase):
    """Scripts of Playwright look at the server."""

    def look(self, script, login=ADMIN, database=None, **parameters):
        """Run a script of `screens` as a user; give what it prints."""
        printed = look(
            Path(sys.executable),
            SCREENS / script,
            url=self.server.url,
            database=database or self.a.database,
            login=login[0],
            password=login[1],
            **parameters,
        )
        return json.loads(printed)

    def new_colleague(self):
        """Create another employee; give login and password."""
        login = (uuid.uuid4().hex, uuid.uuid4().hex)
        values = {"name": "Colleague", "login": login[0], "password": login[1]}
        self.a("res.users", "create", values)
        return login
