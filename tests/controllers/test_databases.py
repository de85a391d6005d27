import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from unittest.mock import patch

from odoo import http
from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools import file_open, mute_logger

from ...controllers import databases
from ...controllers.databases import (
    DatabaseDirectory,
    DatabaseGone,
    registry_cursor,
)
from ...tools import database_key
from ...tools.database_key import EARLIER_KEYS, KEY, KEY_OF, name_key, read_keys

THREADS = 8


@tagged("post_install", "-at_install")
class TestDatabases(BaseCase):
    def setUp(self):
        super().setUp()
        self.lists = []
        self.may_answer = threading.Event()
        self.keys = {"one": ("11" * 5, []), "two": ("22" * 5, ["aa" * 5])}
        self.enterContext(
            patch.multiple(
                databases,
                request=SimpleNamespace(db=None),
                http=SimpleNamespace(db_list=self.db_list, db_filter=list),
                _read_keys=lambda name: self.keys[name],
            )
        )
        self.directory = DatabaseDirectory()

    def db_list(self, force):
        self.may_answer.wait(10)
        self.lists.append(force)
        return list(self.keys)

    def test_everybody_waits_for_the_first_list(self):
        """Parallel first requests after the start of a server."""
        with ThreadPoolExecutor(THREADS) as pool:
            asked = [
                pool.submit(self.directory.find, "22" * 5) for _thread in range(THREADS)
            ]
            self.may_answer.set()
            names = [future.result(10) for future in asked]
        self.assertEqual(names, ["two"] * THREADS)
        self.assertEqual(len(self.lists), 1)

    def test_unknown_ones_do_not_list_again_and_again(self):
        self.may_answer.set()
        for _time in range(3):
            self.assertIsNone(self.directory.find("0" * 10))
        self.assertEqual(len(self.lists), 1)

    def test_earlier_keys(self):
        """A current key wins over earlier ones; a key of two databases means none."""
        self.may_answer.set()
        for earlier_of_one, expected in (
            ([], "two"),
            (["aa" * 5], None),
            (["22" * 5], "two"),
        ):
            self.keys["one"] = ("11" * 5, earlier_of_one)
            key = "22" * 5 if earlier_of_one == ["22" * 5] else "aa" * 5
            with self.subTest(earlier_of_one=earlier_of_one):
                self.assertEqual(DatabaseDirectory().find(key), expected)

    def test_two_present_keys_mean_none(self):
        self.may_answer.set()
        self.keys["one"] = self.keys["two"]
        self.assertIsNone(self.directory.find("22" * 5))

    def test_database_without_a_key_takes_nothing_away(self):
        """A new database with the former name has the key of that name as well."""
        self.may_answer.set()
        self.keys = {"new": (None, ["bb" * 5]), "two": ("22" * 5, ["bb" * 5])}
        self.assertIsNone(self.directory.find("bb" * 5), "two candidates")
        self.assertEqual(self.directory.find("22" * 5), "two")

    def test_one_database_needs_no_key(self):
        self.may_answer.set()
        del self.keys["one"]
        self.assertEqual(self.directory.find("0" * 10), "two")

    def test_renamed_database_is_found(self):
        self.may_answer.set()
        self.assertEqual(self.directory.find("22" * 5), "two")
        self.keys["new"] = ("33" * 5, ["22" * 5])
        del self.keys["two"]
        self.assertIsNone(self.directory.find("33" * 5), "listed a moment ago")
        with patch.object(databases, "SECONDS_BETWEEN_LISTS", 0):
            self.assertEqual(self.directory.find("33" * 5), "new")
        self.assertEqual(self.directory.find("22" * 5), "new")

    def test_key_of_a_database_that_is_gone(self):
        """Its key is looked up again: a copy or the renamed database may have it."""
        self.may_answer.set()
        self.assertEqual(self.directory.find("22" * 5), "two")
        self.keys = {"copy": ("33" * 5, ["22" * 5]), "one": self.keys["one"]}
        self.assertEqual(self.directory.find("22" * 5), "two", "nobody knows yet")
        self.directory.forget("two")
        self.assertEqual(self.directory.find("22" * 5), "copy")

    def test_database_that_cannot_be_opened_is_forgotten(self):
        self.may_answer.set()
        directory = self.enterContext(patch.object(databases, "databases"))
        name = "mail_activity_tracking_no_such_database"
        with (
            mute_logger("odoo.sql_db", "odoo.registry", "odoo.modules.registry"),
            self.assertRaises(DatabaseGone),
            registry_cursor(name),
        ):
            self.fail("there is no such database")
        directory.forget.assert_called_once_with(name)


@tagged("post_install", "-at_install")
class TestDatabaseKey(TransactionCase):
    """A random key, renewed with the name or the uuid of the database."""

    def setUp(self):
        super().setUp()
        cr = self.env.cr
        cr.execute(
            "DELETE FROM ir_config_parameter WHERE key = ANY(%s)",
            [list(database_key.NAMES)],
        )

    def renew(self):
        self.env.flush_all()
        is_new = database_key.renew_key(self.env.cr)
        self.env.registry.clear_all_caches()
        return is_new

    def test_first_key(self):
        legacy = name_key(self.env.cr.dbname)
        self.env.registry.clear_all_caches()
        self.assertEqual(database_key.database_key(self.env), legacy)
        self.assertTrue(self.renew())
        values = read_keys(self.env.cr)
        self.assertRegex(values[KEY], r"^[0-9a-f]{10}$")
        self.assertEqual(values[EARLIER_KEYS], legacy, "links of the last release")
        self.assertEqual(database_key.database_key(self.env), values[KEY])
        self.assertFalse(self.renew(), "it stays")

    def test_made_when_the_modules_are_loaded(self):
        """Loading modules locks tables that the key is written beside."""
        opens = "odoo.addons.mail_activity_tracking.models.opens.mail_tracking_email"
        trackings = self.env["mail.tracking.email"]
        with (
            patch(f"{opens}.modules.module.current_test", None),
            patch(f"{opens}.renew_key_safely", return_value=True) as renew,
            patch.object(type(self.registry), "clear_all_caches") as clear,
        ):
            trackings._register_hook()
            renew.assert_not_called()
            trackings.env.cr.postcommit.run()
            renew.assert_called_once()
            self.assertTrue(renew.call_args[0][0].closed, "committed before")
            clear.assert_called_once()

    def test_renewed_with_the_uuid(self):
        self.renew()
        first = database_key.database_key(self.env)
        self.env["ir.config_parameter"].set_param("database.uuid", "another")
        self.assertTrue(self.renew())
        second = database_key.database_key(self.env)
        self.assertNotEqual(first, second)
        self.assertIn(first, database_key.known_keys(self.env))
        self.assertEqual(database_key.known_keys(self.env)[0], second)

    def test_diagnosis_tells_that_it_has_changed(self):
        check = self.env["mail.tracking.check"]
        self.enterContext(patch.object(http, "db_list", lambda **_kw: ["a"]))
        self.renew()
        for key in ("database.uuid", KEY_OF):  # its uuid, and its name
            self.env["ir.config_parameter"].set_param(EARLIER_KEYS, False)
            self.renew()
            ((_what, result, finding, _advice),) = check._check_database()
            self.assertNotIn("was renamed or copied", finding)
            self.env["ir.config_parameter"].set_param(key, "another")
            self.assertTrue(self.renew())
            ((_what, result, finding, advice),) = check._check_database()
            self.assertEqual(result, "ok")
            self.assertIn("was renamed or copied", finding)
            self.assertIn("webhook URLs", advice)

    def test_read_beside_the_connections_of_requests(self):
        """Committed keys are read; no connection stays open or is taken away."""
        present, earlier = databases._read_keys(self.env.cr.dbname)
        with self.registry.cursor() as committed:
            values = read_keys(committed)
        self.assertIn(values.get(KEY), (present, None))
        self.assertTrue(present or earlier)
        self.env.cr.execute("SELECT 1")
        self.assertTrue(self.env.cr.fetchone())
        nobody = databases._read_keys("mail_activity_tracking_no_such_database")
        self.assertEqual(nobody[0], None)

    def test_neutralized_copies_keep_no_earlier_keys(self):
        self.renew()
        with file_open("mail_activity_tracking/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.assertNotIn(KEY_OF, read_keys(self.env.cr))
        self.assertFalse(read_keys(self.env.cr))
