import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ...controllers import databases
from ...controllers.databases import DatabaseDirectory
from ...tools.database_key import database_hash

THREADS = 8


@tagged("post_install", "-at_install")
class TestDatabases(BaseCase):
    def setUp(self):
        super().setUp()
        self.lists = []
        self.may_answer = threading.Event()
        self.enterContext(
            patch.multiple(
                databases,
                request=SimpleNamespace(db=None),
                http=SimpleNamespace(db_list=self.db_list, db_filter=list),
            )
        )
        self.directory = DatabaseDirectory()

    def db_list(self, force):
        self.may_answer.wait(10)
        self.lists.append(force)
        return ["one", "two"]

    def test_everybody_waits_for_the_first_list(self):
        """The first requests after the start of a server come at once."""
        with ThreadPoolExecutor(THREADS) as pool:
            asked = [
                pool.submit(self.directory.find, database_hash("two"))
                for _thread in range(THREADS)
            ]
            self.may_answer.set()
            found = [future.result(10) for future in asked]
        self.assertEqual(found, ["two"] * THREADS)
        self.assertEqual(len(self.lists), 1)

    def test_unknown_ones_do_not_list_again_and_again(self):
        self.may_answer.set()
        for _time in range(3):
            self.assertIsNone(self.directory.find("0" * 10))
        self.assertEqual(len(self.lists), 1)
