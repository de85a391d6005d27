from odoo.tests import BaseCase, tagged

try:
    from ..helpers.fuzz_reports import FuzzReports
except ImportError:

    class FuzzReports:
        """In the place of the tests."""

        def test_fuzz(self):
            self.skipTest("fuzzing needs the package hypothesis")


@tagged("post_install", "-at_install")
class TestFuzzReports(FuzzReports, BaseCase):
    allow_inherited_tests_method = True
