"""semgrep with the addon's own rules, and of its packages the program alone.

Its wheel asks for sixty others, for its service, telemetry and assistants: the program
reads rules and code without them and asks nobody.
"""

import shutil

from .common import CACHE, REPOSITORY, fresh_folder, need_space, say
from .progress import growth, watched
from .python_env import NETWORK

VERSION = "1.185.0"
SIZE = 278 << 20
RULES = REPOSITORY / ".semgrep.yml"
# What Odoo loads; tests and developer tools may do what they like.
FOLDERS = ["controllers", "models", "providers", "tools", "wizard", "migrations"]
PLACES = [*FOLDERS, "hooks.py"]


def semgrep(interpreter, *arguments):
    """Return the command that compares files with the rules.

    :param interpreter: interpreter whose pip fetches the program when it is not there
    :param arguments: files and folders, and further options
    """
    # Without these it compares what git knows alone, and asks whether it is the newest.
    options = ["--no-git-ignore", "--metrics=off", "--disable-version-check"]
    options += ["--experimental", "--error", "--strict", "--quiet"]
    return [_program(interpreter), "scan", *options, "--config", RULES, *arguments]


def _program(interpreter):
    home = CACHE / "semgrep" / VERSION
    # The name by which it is called tells it to be the command line.
    program = home / "osemgrep"
    if not program.exists():
        say("semgrep comes from PyPI: 72 MB to fetch, 280 MB installed")
        shutil.rmtree(home.parent, ignore_errors=True)
        home.parent.mkdir(parents=True)
        need_space(2 * SIZE)
        with fresh_folder(home) as work:
            pip = [interpreter, "-m", "pip", "install", "--no-input", "--no-deps"]
            pip += ["--disable-pip-version-check", "--target", work]
            pip.append(f"semgrep=={VERSION}")
            log = CACHE / "semgrep.log"
            watched("Installing semgrep", growth(work, SIZE), pip, log, NETWORK)
            (work / program.name).symlink_to("semgrep/bin/semgrep-core")
    return program
