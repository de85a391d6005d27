from odoo.tests import BaseCase, tagged

try:
    from ..helpers.fuzz_evidence import FuzzEvidence
except ImportError:

    class FuzzEvidence:
        """In the place of the tests."""

        def test_fuzz(self):
            self.skipTest("fuzzing needs the package hypothesis")


@tagged("post_install", "-at_install")
class TestFuzzEvidence(FuzzEvidence, BaseCase):
    allow_inherited_tests_method = True
