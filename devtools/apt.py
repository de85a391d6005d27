"""Debian packages by apt in a state of its own: no root, nothing installed.

Odoo 19 is in sid only, and a bare Debian has no other tool to fetch and verify it.
"""

import os
import re
import shutil
from pathlib import Path

from .common import DevError, fresh_folder, run
from .progress import growth, ticker, watched

# Nothing of the machine's own lists is read or written; its proxies and keys are.
CONFIGURATION = """Dir::State "{root}/state";
Dir::State::lists "{root}/lists";
Dir::State::status "{root}/status";
Dir::Cache "{root}/cache";
Dir::Etc::sourcelist "{root}/sources.list";
Dir::Etc::sourceparts "-";
Acquire::Languages "none";
Acquire::Retries "2";
APT::Sandbox::User "root";
"""
SUITES = ("bookworm", "trixie", "forky", "sid", "stable", "testing", "unstable")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
NETWORK = "is the network up? A copy of Odoo 19.0 named by ODOO_PATH needs none"


def find_mirror(output):
    """Find a Debian mirror in the machine's own apt configuration.

    :param str output: what `apt-get update --print-uris` says, which needs no right
        and, unlike `indextargets`, no downloaded lists
    :return: the address
    :raise DevError: when there is none, as on other systems than Debian
    """
    found = re.findall(r"^'(\S+)/dists/([^/']+)/InRelease'", output, re.MULTILINE)
    # A repository of somebody else may have a suite of the same name.
    plain = [uri for uri, name in found if name in SUITES and uri.endswith("/debian")]
    other = [uri for uri, name in found if name in SUITES]
    if not plain + other:
        raise DevError("apt knows no Debian mirror here: set ODOO_PATH to Odoo 19.0")
    return (plain + other)[0]


def suite(os_release):
    """Return the suite that matches the machine, for packages that go with Odoo's.

    Newer suites than these have renamed the font files that Odoo links to.

    :param str os_release: content of /etc/os-release
    """
    return "bookworm" if "VERSION_CODENAME=bookworm" in os_release else "trixie"


def fetch(root, packages):
    """Fetch packages and unpack them.

    :param root: folder for the private apt state, removed in the end
    :param packages: dictionary {suite: list of packages}
    :return: list of .deb files below `root`
    :raise DevError: when a package is missing or nothing can be fetched
    """
    if not shutil.which("apt-get"):
        raise DevError("no apt here to fetch Odoo with: set ODOO_PATH to Odoo 19.0")
    environment = _prepare(root, packages)
    log = root.with_name("apt.log")
    lists = growth(root / "lists", 90 << 20)
    update = ["apt-get", "update", "-q", "--error-on=any"]
    watched("Reading Debian's lists", lists, update, log, NETWORK, env=environment)
    names = [f"{name}/{where}" for where in packages for name in packages[where]]
    get = ["apt-get", "download", "-q"]
    options = {"env": environment, "cwd": root}
    uris = run([*get, "--print-uris", *names], capture_output=True, **options)
    size = sum(int(line.split()[-2]) for line in uris.stdout.splitlines())
    watched(
        "Fetching",
        growth(root / "debs", size),
        [*get, *names],
        log,
        NETWORK,
        env=environment,
        cwd=root / "debs",
    )
    return sorted((root / "debs").glob("*.deb"))


def unpack(files, root, size, what="Odoo"):
    """Unpack .deb files into a folder that appears only when it is whole."""
    with fresh_folder(root) as work, ticker(f"Unpacking {what}", growth(work, size)):
        for file in files:
            run(["dpkg-deb", "-x", file, work], start_new_session=True)


def _prepare(root, packages):
    for name in ("state", "lists/partial", "cache/archives/partial", "debs"):
        (root / name).mkdir(parents=True)
    (root / "status").touch()
    uris = run(["apt-get", "update", "--print-uris"], capture_output=True, text=True)
    mirror = find_mirror(uris.stdout)
    signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    sources = [f"deb {signed}{mirror} {name} main\n" for name in packages]
    (root / "sources.list").write_text("".join(sources))
    (root / "apt.conf").write_text(CONFIGURATION.format(root=root))
    return {**os.environ, "APT_CONFIG": str(root / "apt.conf"), "LC_ALL": "C"}
