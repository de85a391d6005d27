"""What the installing steps decide before they fetch anything."""

import sys
import tempfile
import unittest
from pathlib import Path
from unittest.mock import patch

from .. import apt, system
from ..apt import find_mirror, suite
from ..common import DevError, fresh_folder, last_line, need_space
from ..odoo_source import check_release
from ..progress import watched
from ..python_env import check_version

LINE = "'http://{}/dists/{}/InRelease' x_InRelease 0 \n"


class TestInstall(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_mirror_is_not_somebody_elses_repository(self):
        output = LINE.format("other.example/node", "stable")
        output += LINE.format("m.example/debian-security", "bookworm-security")
        output += LINE.format("m.example/debian", "bookworm")
        self.assertEqual(find_mirror(output), "http://m.example/debian")

    def test_mirror_under_another_name(self):
        output = LINE.format("m.example/mirrors/deb", "trixie")
        self.assertEqual(find_mirror(output), "http://m.example/mirrors/deb")

    def test_no_mirror(self):
        for output in ("", LINE.format("m.example/ubuntu", "noble")):
            with self.assertRaisesRegex(DevError, "set ODOO_PATH"):
                find_mirror(output)

    def test_suite_with_the_files_that_odoo_links_to(self):
        self.assertEqual(suite("ID=debian\nVERSION_CODENAME=bookworm\n"), "bookworm")
        self.assertEqual(suite("VERSION_CODENAME=sid"), "trixie")

    def test_python_version(self):
        for good in ((3, 10, 0), (3, 13, 9)):
            check_version(good)
        for bad in ((3, 9, 2), (3, 14, 0)):
            with self.assertRaisesRegex(DevError, "Python 3.* will not do"):
                check_version(bad)

    def test_odoo_version(self):
        with self.assertRaisesRegex(DevError, "no Odoo in .*ODOO_PATH"):
            check_release(self.folder)
        (self.folder / "odoo").mkdir()
        release = self.folder / "odoo/release.py"
        release.write_text("version_info = (18, 0, 0, FINAL, 0, '')")
        with self.assertRaisesRegex(DevError, "is not Odoo 19.0.*ODOO_PATH"):
            check_release(self.folder)
        release.write_text("version_info = (19, 0, 0, FINAL, 0, '')")
        check_release(self.folder)

    def test_no_space(self):
        with self.assertRaisesRegex(DevError, "MB are needed: free some"):
            need_space(1 << 60, self.folder)

    def test_half_filled_folder_never_appears(self):
        target = self.folder / "odoo"
        with self.assertRaises(KeyboardInterrupt), fresh_folder(target) as work:
            (work / "half").touch()
            raise KeyboardInterrupt
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_no_apt_and_no_right(self):
        with (
            patch.object(system.shutil, "which", return_value=None),
            self.assertRaisesRegex(DevError, "no apt: install it, or set CHROME_BIN"),
        ):
            system.install(["chromium"], "a browser", "CHROME_BIN")
        with (
            patch.object(system.shutil, "which", lambda name: name != "sudo" or None),
            patch.object(system.os, "geteuid", return_value=1000),
            self.assertRaisesRegex(DevError, "as root run: apt-get install chromium"),
        ):
            system.install(["chromium"], "a browser", "CHROME_BIN")

    def test_no_apt_for_odoo(self):
        with (
            patch.object(apt.shutil, "which", return_value=None),
            self.assertRaisesRegex(DevError, "no apt here.*set ODOO_PATH"),
        ):
            apt.fetch(self.folder / "apt", {"sid": ["odoo-19"]})
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_what_failed_and_what_to_do(self):
        cases = {
            "could not resolve host": "failed: could not resolve.*; the network?",
            "OSError: No space left on device": "No space left.*; free some space",
        }
        for words, message in cases.items():
            command = [sys.executable, "-c", f"raise SystemExit({words!r})"]
            with self.assertRaisesRegex(DevError, message):
                watched("It", lambda: "", command, self.folder / "log", "the network?")

    def test_last_line(self):
        self.assertEqual(last_line(b"one\ntwo\n"), ": two")
        self.assertEqual(last_line(None), "")
