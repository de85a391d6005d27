"""Run a script of Playwright in the browser that Odoo's tests use."""

import json
import shutil
import subprocess

from .browser import NAMES, browser_path
from .common import DevError, last_line
from .node_env import modules, node


def look(interpreter, script, **parameters):
    """Run a script in Chromium.

    :param interpreter: of an environment that has Node
    :param Path script: the file
    :param parameters: `url`, `database`, `login` and `password`, and what the script
        wants to know
    :return: what the script has printed
    :raise DevError: when it fails
    """
    path = browser_path()
    paths = (shutil.which(name, path=path) for name in NAMES)
    parameters["chromium"] = next(filter(None, paths))
    command = [node(interpreter) / "bin/node", script, json.dumps(parameters)]
    result = subprocess.run(
        [str(part) for part in command],
        cwd=modules(interpreter),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise DevError(
            f"{script.name} failed{last_line(result.stderr)}\n{result.stderr}"
        )
    return result.stdout
