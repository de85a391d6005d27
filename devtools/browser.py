"""Chromium, found as Odoo finds it: by name in PATH.

Playwright's own download is of no use: Odoo looks for a browser in PATH.
"""

import os
import shutil

from .common import CACHE, DevError
from .system import install

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def browser_path():
    """Return a PATH in which Odoo finds a browser, installing one if there is none.

    :raise DevError: when CHROME_BIN is no program, or no browser can be installed
    """
    path = os.environ.get("PATH", os.defpath)
    if chosen := os.environ.get("CHROME_BIN"):
        if not shutil.which(chosen):
            raise DevError(f"CHROME_BIN={chosen} is no program: correct or unset it")
        folder = CACHE / "browser"
        folder.mkdir(parents=True, exist_ok=True)
        link = folder / NAMES[0]
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.abspath(shutil.which(chosen)))
        return f"{folder}:{path}"
    if not any(shutil.which(name) for name in NAMES):
        install(["chromium"], "a browser for the tests (about 100 MB)", "CHROME_BIN")
    return path
