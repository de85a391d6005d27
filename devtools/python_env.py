"""The virtual environment with Odoo's pinned dependencies and the linters.

pip and not uv, which a bare Debian lacks and which does not read pip's settings.
"""

import hashlib
import importlib.util
import re
import shutil
import sys

from .common import CACHE, REPOSITORY, DevError, need_space, say
from .processes import running
from .progress import watched
from .system import install

REQUIREMENTS = REPOSITORY / "devtools/requirements.txt"
VERSIONS = ((3, 10), (3, 13))
NETWORK = "is the network up, and PyPI reachable?"


def python():
    """Return the interpreter of the environment, made anew when the pins change.

    :raise DevError: when this Python will not do, or the packages cannot be had
    """
    key = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    home = CACHE / "python"
    # Last to be written: without it the environment is not whole.
    mark = home / key
    if not mark.exists():
        check_version(sys.version_info)
        if running():
            raise DevError("the pinned packages have changed: ./dev down first")
        _create(home)
        mark.touch()
    return home / "bin/python"


def check_version(version):
    """Raise DevError unless the pinned packages exist for a version of Python."""
    if not VERSIONS[0] <= tuple(version[:2]) <= VERSIONS[1]:
        raise DevError(
            f"Python {version[0]}.{version[1]} will not do: run ./dev with one from"
            " 3.10 to 3.13, e.g. python3.11 ./dev test"
        )


def _create(home):
    need_space(2 << 30)
    if not importlib.util.find_spec("ensurepip"):
        install(["python3-venv"], "Python's virtual environments (3 MB)")
    say("Python packages come from PyPI: about 150 MB to fetch, 600 MB installed")
    shutil.rmtree(home, ignore_errors=True)
    log = CACHE / "pip.log"
    create = [sys.executable, "-m", "venv", home]
    what = "Making the Python environment"
    watched(what, lambda: "working", create, log, "see its log")
    names = re.findall(r"^[\w.-]+==", REQUIREMENTS.read_text(), re.MULTILINE)
    pip = [home / "bin/python", "-m", "pip", "install", "--no-input"]
    # Python compiles what it imports, which is a fraction of them.
    pip += ["--disable-pip-version-check", "--no-compile", "-r", REQUIREMENTS]

    def how_far():
        text = log.read_text(errors="replace")
        count = len(re.findall(r"^(?:Collecting|Processing) ", text, re.MULTILINE))
        stage = ", installing" if "\nInstalling collected" in text else ""
        return f"{count} of {len(names)} packages{stage}"

    watched("Installing Python packages", how_far, pip, log, NETWORK)
