"""Odoo 19 from Debian's package, unpacked into the cache, never installed.

No index of Python packages has Odoo.
"""

import os
import shutil
from pathlib import Path

from .apt import fetch, suite, unpack
from .common import CACHE, DevError, need_space, say

# The links inside Odoo's package point into these.
LINKED = [
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
]
UNPACKED = 1230 << 20


def odoo_path():
    """Return the folder that holds the Python package `odoo`, fetching it if needed.

    :raise DevError: when it is not Odoo 19.0, or cannot be fetched
    """
    if chosen := os.environ.get("ODOO_PATH"):
        path = Path(chosen).absolute()
    else:
        root = CACHE / "odoo"
        if not root.exists():
            _fetch(root)
        path = root / "usr/lib/python3/dist-packages"
        _stand_in(path)
    check_release(path)
    return path


def check_release(path):
    """Raise DevError unless a folder holds Odoo 19.0."""
    release = path / "odoo/release.py"
    if not release.exists():
        raise DevError(f"no Odoo in {path}: set ODOO_PATH to a checkout of Odoo 19.0")
    if "(19, 0" not in release.read_text():
        raise DevError(f"{path} is not Odoo 19.0: set ODOO_PATH to a checkout of 19.0")


def _stand_in(path):
    """Put an empty class where Debian has removed a file that is not free.

    Without it the loader logs an error, and any error fails a run of Hoot.
    """
    file = path / "odoo/addons/mail/static/lib/selfie_segmentation"
    file /= "selfie_segmentation.js"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("window.SelfieSegmentation = class {};\n")


def _fetch(root):
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise DevError("no apt here: set ODOO_PATH to a checkout of Odoo 19.0")
    need_space(3 << 30)
    say("Odoo 19 comes from Debian: about 120 MB to fetch, 1.2 GB unpacked")
    release = Path("/etc/os-release")
    own = suite(release.read_text() if release.exists() else "")
    apt = CACHE / "apt.part"
    shutil.rmtree(apt, ignore_errors=True)
    try:
        unpack(fetch(apt, {"sid": ["odoo-19"], own: LINKED}), root, UNPACKED)
    finally:
        shutil.rmtree(apt, ignore_errors=True)
