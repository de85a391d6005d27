"""Odoo 19 from Debian's package, unpacked into the cache, never installed."""

import os
import subprocess
from pathlib import Path

from .common import CACHE, DevError, fresh_folder, run, say

# The links inside Odoo's package point into these; from the machine's own suite,
# because newer suites have renamed the font files.
LINKED = [
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
]
PRIVATE_APT = """Dir::State "{root}/state";
Dir::State::lists "{root}/lists";
Dir::State::status "{root}/status";
Dir::Cache "{root}/cache";
Dir::Etc::sourcelist "{root}/sources.list";
Dir::Etc::sourceparts "-";
Acquire::Languages "none";
APT::Sandbox::User "root";
"""


def odoo_path():
    """Give the folder that holds the Python package `odoo`, fetching it if needed."""
    if chosen := os.environ.get("ODOO_PATH"):
        path = Path(chosen).absolute()
    else:
        root = CACHE / "odoo"
        if not root.exists():
            _fetch(root)
        path = root / "usr/lib/python3/dist-packages"
        _stand_in(path)
    release = path / "odoo/release.py"
    if not release.exists() or "(19, 0" not in release.read_text():
        raise DevError(f"no Odoo 19.0 in {path}: set ODOO_PATH to a checkout of 19.0")
    return path


def _stand_in(path):
    """Put an empty class where Debian has removed a file that is not free.

    Without it the loader logs an error, and any error fails a run of Hoot.
    """
    file = path / "odoo/addons/mail/static/lib/selfie_segmentation"
    file /= "selfie_segmentation.js"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("window.SelfieSegmentation = class {};\n")


def _mirror():
    """Read the Debian mirror out of the machine's own apt configuration."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN)"]
    lines = run(command, capture_output=True, text=True).stdout.splitlines()
    uris = [line.split()[0] for line in lines if line.endswith(" Debian")]
    uris += [line.split()[0] for line in lines if line.rstrip("/ ").endswith("debian")]
    if not uris:
        raise DevError("apt knows no Debian mirror here: set ODOO_PATH instead")
    return uris[0]


def _fetch(root):
    say("Fetching Odoo 19 (about 120 MB, 1.2 GB unpacked) ...")
    with fresh_folder(CACHE / "apt") as apt:
        for name in ("state", "lists/partial", "cache/archives/partial"):
            (apt / name).mkdir(parents=True)
        (apt / "status").touch()
        (apt / "sources.list").write_text(f"deb {_mirror()} sid main\n")
        (apt / "apt.conf").write_text(PRIVATE_APT.format(root=apt))
        environment = {**os.environ, "APT_CONFIG": str(apt / "apt.conf")}
        run(["apt-get", "update"], env=environment)
        run(["apt-get", "download", "odoo-19"], env=environment, cwd=apt)
        run(["apt-get", "download", *LINKED], cwd=apt, stderr=subprocess.STDOUT)
        with fresh_folder(root) as unpacked:
            for package in sorted(apt.glob("*.deb")):
                say(f"Unpacking {package.name}")
                run(["dpkg-deb", "-x", package, unpacked])
                package.unlink()
