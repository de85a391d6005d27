"""Called by `stage`, with the Python that has the pinned packages."""

import argparse
import contextlib
import json
import time
import unittest
from pathlib import Path

from devtools.common import REPOSITORY

from .sharing import Shared
from .world import Place, world


def main():
    """Run the live tests; what they came to goes to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--template", required=True, help="database to copy")
    parser.add_argument("--addons", required=True, help="as Odoo's --addons-path")
    parser.add_argument("--folder", required=True, type=Path, help="has Odoo's data")
    parser.add_argument("--logs", required=True, type=Path)
    parser.add_argument("--result", required=True, type=Path, help="file to write")
    parser.add_argument("--postfix", type=Path, help="folder of its programs")
    parser.add_argument("--without-postfix", help="why it is left out")
    parser.add_argument("--without-long", default="", help="why they are left out")
    parser.add_argument("--only", help="substring of the names of the tests to run")
    parser.add_argument("--begun", type=Path, help="leave out what has begun elsewhere")
    arguments = parser.parse_args()
    place = Place(
        arguments.template,
        arguments.addons,
        arguments.folder,
        arguments.logs,
        arguments.postfix,
        arguments.without_postfix,
        arguments.without_long,
    )
    loader = unittest.TestLoader()
    loader.suiteClass = Shared
    Shared.begun = arguments.begun
    if arguments.only:
        loader.testNamePatterns = [f"*{arguments.only}*"]
    folder = str(Path(__file__).parent)
    suite = loader.discover(folder, top_level_dir=str(REPOSITORY))
    # Servers are started by whoever has something to run.
    with contextlib.nullcontext() if suite.is_begun() else world.running(place):
        runner = unittest.TextTestRunner(verbosity=2, resultclass=Result)
        result = runner.run(suite)
    arguments.result.write_text(json.dumps(result.summary(world.complaints())))


class Result(unittest.TextTestResult):
    """Also remembers the names of the tests that ran, and logs how long each took."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.started = []
        self._since = 0

    def startTest(self, test):
        self.started.append(test.id())
        self._since = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        super().stopTest(test)
        self.stream.writeln(f"    {time.monotonic() - self._since:.1f} s")

    def summary(self, complaints):
        """Return what `devtools.judge.Verdict` takes, sets as lists."""
        bad = self.failures + self.errors
        # A test may fail in several of its parts; what fails to load is a test too.
        failed = len({getattr(test, "test_case", test).id() for test, _text in bad})
        skipped = {test.id(): reason for test, reason in self.skipped}
        return {
            "passed": max(0, self.testsRun - failed - len(skipped)),
            "failed": failed,
            "skipped": skipped,
            "ran": [name for name in self.started if name not in skipped],
            "problems": [f"{test}\n{text}" for test, text in bad] + complaints,
        }


main()
