"""Run pylint-odoo on the addon, on its tests, and room by room.

One process: most of the time goes into reading Odoo's own code, once.
"""

import sys
from pathlib import Path

from pylint.lint import Run

# A core model is extended once per room: looked at room by room.
CHECK = "consider-merging-classes-inherited"
runs = [
    # Odoo loads neither the developer tools nor the live tests, and tests translate
    # nothing.
    ["--ignore=devtools,tests,tests_live", f"--disable={CHECK}", "."],
    ["--disable=translation-required", "tests"],
]
for room in sorted(path.parent for path in Path("models").glob("*/__init__.py")):
    runs.append(["--disable=all", f"--enable={CHECK}", str(room)])
statuses = [Run(run, exit=False).linter.msg_status for run in runs]
sys.exit(any(statuses))
