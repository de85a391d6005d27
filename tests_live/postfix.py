"""Postfix from Debian's package, unpacked and never installed, for the live tests.

Only root can run it. It lies outside of root's cache: its processes may not enter that.
"""

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

from devtools.apt import fetch, suite, unpack
from devtools.common import CACHE, DevError, last_line, run
from devtools.postgres import SYSTEM_HOME, is_root

PROGRAMS = SYSTEM_HOME / "postfix"
LIBRARIES = "usr/lib/postfix"
UNPACKED = 5 << 20
LEFT_OUT = "a real Postfix is left out: {why}"
# Users that every Debian has; Postfix wants them to be different ones.
SETTINGS = """
compatibility_level = 3.6
daemon_directory = {programs}/usr/lib/postfix/sbin
command_directory = {programs}/usr/sbin
shlib_directory = {programs}/usr/lib/postfix
meta_directory = {programs}/etc/postfix
queue_directory = {home}/queue
data_directory = {home}/data
mail_owner = games
setgid_group = man
default_privs = nobody
import_environment = MAIL_CONFIG LANG=C LD_LIBRARY_PATH={libraries}
maillog_file = {home}/log
maillog_file_prefixes = {home}
mydestination =
alias_maps =
local_recipient_maps =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
"""
SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def why_not(asked):
    """Return why the tests with Postfix are left out, "" when they are not.

    :param bool asked: whether the person has asked for them
    """
    if not asked:
        return LEFT_OUT.format(why="./dev test --postfix runs them")
    return "" if is_root() else LEFT_OUT.format(why="only root can run one")


def postfix_programs():
    """Return the folder with Postfix's programs, fetching them if needed.

    :raise DevError: when they cannot be fetched
    """
    if not PROGRAMS.exists():
        release = Path("/etc/os-release")
        own = suite(release.read_text() if release.exists() else "")
        files = _fetched({own: ["postfix"]})
        libraries = _missing_libraries(files)
        if libraries:
            files = _fetched({own: ["postfix", *libraries]})
        unpack(files, PROGRAMS, UNPACKED, "Postfix")
        shutil.rmtree(CACHE / "apt-postfix.part", ignore_errors=True)
    return PROGRAMS


def _fetched(packages):
    root = CACHE / "apt-postfix.part"
    shutil.rmtree(root, ignore_errors=True)
    return fetch(root, packages)


def _missing_libraries(files):
    """Return the names of the libraries of the package that the machine lacks."""
    depends = run(["dpkg-deb", "-f", files[0], "Depends"], capture_output=True)
    names = re.findall(r"\b(lib[\w.+-]+)", depends.stdout.decode())
    status = ["dpkg-query", "-W", "-f", "${Status}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return [name for name in names if subprocess.call([*status, name], **quiet)]


class Postfix:
    """One instance, with a configuration of its own below one folder."""

    def __init__(self, programs, home, port):
        """
        :param Path programs: of `postfix_programs`
        :param Path home: folder that other users may enter; emptied
        :param int port: free port of the loopback interface
        """
        self.programs, self.home, self.port = programs, home, port
        libraries = [programs / LIBRARIES]
        libraries += (programs / "usr/lib").glob("*-linux-*")
        self._libraries = ":".join(map(str, libraries))

    def start(self, settings, services="", **files):
        """Start it.

        :param str settings: more lines of main.cf, with `{home}` for its folder
        :param str services: more lines of master.cf
        :param files: name to content of more files beside them
        """
        self.stop()  # what a killed run has left
        configuration = self.home / "configuration"
        configuration.mkdir(parents=True)
        for folder, owner in (
            ("queue", "root"),
            ("data", "games"),
            ("mailboxes", "nobody"),
        ):
            (self.home / folder).mkdir()
            shutil.chown(self.home / folder, owner)
        places = {"programs": self.programs, "home": self.home}
        main = (SETTINGS + settings).format(**places, libraries=self._libraries)
        (configuration / "main.cf").write_text(main)
        master = SERVICES.format(port=self.port) + services
        (configuration / "master.cf").write_text(master)
        for name, content in files.items():
            (configuration / name).write_text(content)
        self._command("start")
        if not self._answers():
            detail = last_line((self.home / "log").read_bytes())
            self.stop()
            raise DevError(f"Postfix does not answer{detail}")
        return self

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 10) as connection:
                connection.settimeout(10)
                return connection.recv(3) == b"220"
        except OSError:
            return False

    def stop(self):
        """Stop it; stopped twice is stopped."""
        if (self.home / "configuration").exists():
            self._command("stop")
        shutil.rmtree(self.home, ignore_errors=True)

    def _command(self, command):
        program = self.programs / "usr/sbin/postfix"
        environment = {**os.environ, "LD_LIBRARY_PATH": self._libraries}
        subprocess.run(
            [program, "-c", self.home / "configuration", command],
            env=environment,
            check=command == "start",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )
