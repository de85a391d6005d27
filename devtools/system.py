"""What only the system's own packages bring: a browser, Python's venv.

The two things that no index of packages has.
"""

import os
import shutil
import subprocess
import sys
import threading

from .common import DevError, last_line, say

# apt lets nobody wait for the lists that another one is reading.
_APT = threading.Lock()
APT_OPTIONS = ["-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]


def install(packages, purpose, variable=None):
    """Install Debian packages into the system.

    :param packages: names of the packages
    :param str purpose: what they bring, for the person who waits
    :param str variable: environment variable that can name another one
    :raise DevError: when there is no apt or no right to use it; says what to do
    """
    names = " ".join(packages)
    instead = f", or set {variable}" if variable else ""
    if not shutil.which("apt-get"):
        raise DevError(f"{names} is missing and there is no apt: install it{instead}")
    command = [*_as_root(f"apt-get install {names}", instead), "apt-get"]
    say(f"Installing {purpose} with apt: {names}")
    with _APT:
        _apt([*command, "update", "-q"], names, instead)
        _apt([*command, "install", "-q", *APT_OPTIONS, *packages], names, instead)


def _as_root(what, instead):
    if os.geteuid() == 0:
        return []
    hint = f"as root run: {what}{instead}"
    if not shutil.which("sudo"):
        raise DevError(f"no right to install system packages here: {hint}")
    # Nobody could type a password when there is no terminal.
    sudo = ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
    if subprocess.call([*sudo, "true"], stderr=subprocess.DEVNULL):
        raise DevError(f"sudo is not allowed here: {hint}")
    return [*sudo, "env", "DEBIAN_FRONTEND=noninteractive"]


def _apt(command, names, instead):
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise DevError(
            f"apt could not install {names}{last_line(done.stderr)}"
            f" (is the network up?){instead}"
        )
