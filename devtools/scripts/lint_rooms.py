"""Run pylint-odoo's consider-merging-classes-inherited on each room of models/.

The check looks at a whole addon, in which each room may extend a core model once.
One process, since most of its time is the start.
"""

import sys
from pathlib import Path

from pylint.lint import Run

CHECK = ["--disable=all", "--enable=consider-merging-classes-inherited"]
rooms = sorted(path.parent for path in Path("models").glob("*/__init__.py"))
statuses = [Run([*CHECK, str(room)], exit=False).linter.msg_status for room in rooms]
sys.exit(any(statuses))
