"""Lock, ports, programs in the background, and the mail server's refusals."""

import os
import socket
import sys
import tempfile
import unittest
from pathlib import Path
from unittest.mock import patch

from .. import browser, postgres, processes
from ..common import DevError, process_group
from ..lock import lock
from ..ports import Ports, check_free, chosen


class TestRunning(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_second_run_is_told_to_wait(self):
        with (
            lock(self.folder),
            self.assertRaisesRegex(DevError, "another ./dev is at work"),
            lock(self.folder),
        ):
            pass
        with lock(self.folder):
            pass

    def test_cache_that_cannot_be_made(self):
        (self.folder / "file").touch()
        with (
            self.assertRaisesRegex(DevError, "XDG_CACHE_HOME"),
            lock(self.folder / "file/cache"),
        ):
            pass

    def test_ports_by_flag_environment_and_default(self):
        environment = {"DEV_ODOO_PORT": "1001", "DEV_MAIL_PORT": "1002"}
        self.assertEqual(chosen({"odoo": 2001}, environment), Ports(2001, 1002, 8026))
        with self.assertRaisesRegex(DevError, "DEV_ODOO_PORT: many is no port"):
            chosen({}, {"DEV_ODOO_PORT": "many"})

    def test_odoo_and_mailbox_have_different_host_names(self):
        self.assertNotEqual(
            Ports(1, 2, 3).odoo_url.split(":")[1], Ports(1, 2, 3).mail_url.split(":")[1]
        )

    def test_busy_port(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            busy = server.getsockname()[1]
            with self.assertRaisesRegex(DevError, f"port {busy} .*--port or DEV_ODOO"):
                check_free(Ports(busy, 2, 3))

    def test_program_outlives_and_is_stopped(self):
        with patch.object(processes, "FOLDER", self.folder):
            processes.start("sleeper", ["sleep", "60"], self.folder / "log")
            self.assertEqual(list(processes.running()), ["sleeper"])
            self.assertEqual(processes.stop_all(), ["sleeper"])
            self.assertEqual(processes.running(), {})

    def test_number_of_a_dead_program_is_not_trusted(self):
        (self.folder / "old.json").write_text(f'[{os.getpid()}, "1"]')
        with patch.object(processes, "FOLDER", self.folder):
            self.assertEqual(processes.running(), {})

    def test_process_group_is_gone_after_an_interruption(self):
        script = "import subprocess; subprocess.run(['sleep', '61'])"
        with (
            self.assertRaises(KeyboardInterrupt),
            process_group([sys.executable, "-c", script]) as process,
        ):
            raise KeyboardInterrupt
        self.assertIsNotNone(process.poll())
        with self.assertRaises(ProcessLookupError):
            os.killpg(process.pid, 0)

    def test_given_browser_comes_first(self):
        with (
            patch.dict(os.environ, {"CHROME_BIN": sys.executable}),
            patch.object(browser, "CACHE", self.folder),
        ):
            first = browser.browser_path().split(":")[0]
        self.assertTrue(os.access(Path(first) / "google-chrome", os.X_OK))
        with (
            patch.dict(os.environ, {"CHROME_BIN": "/no/such/program"}),
            self.assertRaisesRegex(DevError, "correct or unset"),
        ):
            browser.browser_path()

    def test_given_server_replaces_the_embedded_one(self):
        with patch.dict(os.environ, {"PGHOST": "db.example"}):
            self.assertTrue(postgres.external())
        with patch.dict(os.environ, clear=True):
            self.assertFalse(postgres.external())
