import shutil
import subprocess
import sys

import psycopg2

from devtools.common import MODULE

from .case import LiveCase, load, wait_until
from .databases import execute, new_database, query
from .rpc import User, call_json
from .webhook_case import MAIL
from .world import prepare, world

PARAMETERS = "SELECT key, value FROM ir_config_parameter WHERE key LIKE %s"
SECRETS = {"webhook_key_mailgun": "secret", "webhook_key_generic": "whsec_c2VjcmV0"}
# A process looks for unknown keys at most every 10 seconds.
PATIENCE = 25


class TestCopies(LiveCase):
    """A database is copied, neutralized or renamed: see docs/moving.rst."""

    def setUp(self):
        super().setUp()
        # Odoo ends all connections to what it copies: no database of other tests.
        self.source = self.named(self._testMethodName)
        new_database(self.source, world.place.template, world.place.data / "filestore")
        self.user = User(self.server.url, self.source)
        prepare(self.user, self.server.url, self.smtp.port)
        self.set_parameters(**SECRETS, base_url=self.server.url)
        self.server.expected += ["terminating connection", "does not exist"]

    def named(self, role):
        """Return the name of a database that is gone after the test."""
        name = f"{world.place.template}_live_{role}"
        self.addCleanup(self.drop, name)
        self.drop(name)
        return name

    def drop(self, name):
        execute("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(world.place.data / "filestore" / name, ignore_errors=True)

    def set_parameters(self, **values):
        for name, value in values.items():
            key = f"{MODULE}.{name}"
            self.user("ir.config_parameter", "set_param", key, value)

    def parameters(self, database):
        """Return our parameters as they are stored, without the addon's name."""
        rows = query(database, PARAMETERS, f"{MODULE}.%")
        return {row["key"].partition(".")[2]: row["value"] for row in rows}

    def odoo_db(self, *arguments):
        """Run `odoo db`, as an administrator does."""
        place = world.place
        command = [sys.executable, "-m", "odoo", "db"]
        command += ["--addons-path", place.addons, "--data-dir", place.data, *arguments]
        log = place.logs / "live-copies.log"
        with log.open("ab") as output:
            code = subprocess.call(command, stdout=output, stderr=output)
        self.assertEqual(code, 0, f"see {log}")

    def key_of(self, url):
        """Return the key of the database in the address of an image."""
        return url.rpartition("/")[2][:10]

    def state(self, database, token):
        return self.tracking(database, token=token)["state"]

    def assertReaches(self, url, database, token):
        """Check that loading an image opens a mail of a database."""

        def opened():
            self.assertPixel(load(url))
            return self.state(database, token) == "opened"

        self.assertTrue(wait_until(opened, PATIENCE), "not opened")

    def test_duplicate(self):
        """It has a key of its own; what was sent before counts in the original."""
        url, _path, token = self.sent_pixel(self.user)
        copy = self.named("copy")
        self.odoo_db("duplicate", self.source, copy)
        user = User(self.server.url, copy)
        new_url, _path, new_token = self.sent_pixel(user)
        self.assertNotEqual(self.key_of(url), self.key_of(new_url))
        kept = self.parameters(copy)
        self.assertIn(self.key_of(url), kept["earlier_database_keys"])
        self.assertLessEqual(SECRETS.items(), kept.items())
        self.assertReaches(url, self.source, token)
        self.assertEqual(self.state(copy, token), "sent")
        self.assertReaches(new_url, copy, new_token)
        # Where the original is not on this server, they reach the copy.
        self.drop(self.source)
        self.assertReaches(url, copy, token)

    def test_neutralized(self):
        """It sends nothing, holds no secrets, and nothing for the original gets in."""
        url, _path, token = self.sent_pixel(self.user)
        (server_id,) = self.user("ir.mail_server", "search", [])
        asks = {"dsn_request": "all", "direct_mx": True, "tracking_provider": "mailgun"}
        self.user("ir.mail_server", "write", [server_id], asks)
        address = self.new_address()
        mail_ids = self.user("mail.mail", "create", [{**MAIL, "email_to": address}])
        self.set_parameters(retention_days="90")
        copy = self.named("neutral")
        self.odoo_db("duplicate", "--neutralize", self.source, copy)
        kept = self.parameters(copy)
        self.assertEqual(kept["retention_days"], "90")
        self.assertFalse({*SECRETS, "base_url"} & kept.keys())
        self.assertNotIn(self.key_of(url), ",".join(kept.values()))
        for row in query(copy, "SELECT * FROM ir_mail_server WHERE active"):
            self.assertFalse(row["direct_mx"] or row["tracking_provider"])
            self.assertIn(row["dsn_request"], ("no", None))
        user = User(self.server.url, copy)
        self.server.expected.append("failed sending mail")
        # By XML-RPC nothing can be returned.
        call = {"model": "mail.mail", "method": "send", "args": [mail_ids]}
        url_of_call = f"{self.server.url}/web/dataset/call_kw"
        call_json(user.browser(), url_of_call, kwargs={}, **call)
        self.assertFalse(self.smtp.copies(address))
        row = self.tracking(copy, recipient_address=address)
        self.assertNotEqual(row["state"], "sent")
        self.drop(self.source)
        for _hit in range(3):
            self.assertPixel(load(url))
        self.assertEqual(self.state(copy, token), "sent")

    def test_renamed(self):
        """Links of before go on working."""
        url, _path, token = self.sent_pixel(self.user)
        name = self.named("renamed")
        self.odoo_db("rename", self.source, name)
        new_url, _path, new_token = self.sent_pixel(User(self.server.url, name))
        self.assertNotEqual(self.key_of(url), self.key_of(new_url))
        self.assertReaches(url, name, token)
        self.assertReaches(new_url, name, new_token)
        with self.assertRaises(psycopg2.OperationalError):
            query(self.source, "SELECT 1")
