"""The virtual environment with Odoo's pinned dependencies and the linters."""

import hashlib
import sys
import venv

from .common import CACHE, REPOSITORY, fresh_folder, run, say

REQUIREMENTS = REPOSITORY / "devtools/requirements.txt"


def python():
    """Give the interpreter of the environment, made anew when the pins change."""
    key = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    home = CACHE / "python"
    interpreter = home / "bin/python"
    mark = home / key
    if not mark.exists():
        say("Installing the Python packages (about 150 MB) ...")
        with fresh_folder(home):
            pass
        venv.create(home, with_pip=True)
        run([interpreter, "-m", "pip", "install", "-r", REQUIREMENTS])
        mark.touch()
    return interpreter
