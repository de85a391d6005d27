"""Look at the addon in a real browser: `screens/*.mjs`, by Node and Playwright."""

import json
import shutil
import subprocess

from .browser import NAMES, browser_path
from .common import REPOSITORY, DevError, last_line
from .node_env import modules, node

SCRIPTS = REPOSITORY / "devtools/screens"


def look(interpreter, script, **parameters):
    """Run a script in Chromium.

    :param interpreter: of an environment that has Node
    :param str script: name of a file of `screens`
    :param parameters: `url`, `database`, `login` and `password`, and what the script
        wants to know
    :return: what the script has printed
    :raise DevError: when it fails
    """
    path = browser_path()
    found = (shutil.which(name, path=path) for name in NAMES)
    parameters["chromium"] = next(filter(None, found))
    command = [node(interpreter) / "bin/node", SCRIPTS / script, json.dumps(parameters)]
    result = subprocess.run(
        [str(part) for part in command],
        cwd=modules(interpreter),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise DevError(f"{script} failed{last_line(result.stderr)}\n{result.stderr}")
    return result.stdout
