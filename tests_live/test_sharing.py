import tempfile
import unittest
from pathlib import Path

from .sharing import Shared


def classes():
    """Return two suites of a class each, which are no tests of this file."""

    class Example(unittest.TestCase):
        def runTest(self):
            pass

    class Other(Example):
        pass

    return [Shared([Example()]), Shared([Other()])]


class TestSharing(unittest.TestCase):
    """What another process has begun is left out, the rest runs."""

    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.addCleanup(setattr, Shared, "begun", Shared.begun)
        Shared.begun = Path(folder)

    def run_both(self):
        suite = Shared(classes())
        was_begun, result = suite.is_begun(), unittest.TestResult()
        suite.run(result)
        return was_begun, result.testsRun

    def test_each_class_runs_once(self):
        classes()[0].run(unittest.TestResult())
        self.assertEqual(self.run_both(), (False, 1))
        self.assertEqual(self.run_both(), (True, 0))

    def test_alone(self):
        Shared.begun = None
        self.assertEqual(self.run_both(), (False, 2))
        self.assertEqual(self.run_both(), (False, 2))
