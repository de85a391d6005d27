"""Called by `devtools.live_tests`, with the Python that has the pinned packages."""

import argparse
import json
import unittest
from pathlib import Path

from ..common import REPOSITORY
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
    parser.add_argument("--only", help="substring of the names of the tests to run")
    arguments = parser.parse_args()
    place = Place(
        arguments.template,
        arguments.addons,
        arguments.folder,
        arguments.logs,
        arguments.postfix,
        arguments.without_postfix,
    )
    loader = unittest.TestLoader()
    if arguments.only:
        loader.testNamePatterns = [f"*{arguments.only}*"]
    with world.running(place):
        folder = str(Path(__file__).parent)
        suite = loader.discover(folder, top_level_dir=str(REPOSITORY))
        result = unittest.TextTestRunner(verbosity=2).run(suite)
    arguments.result.write_text(json.dumps(_summary(result, world.complaints())))


def _summary(result, complaints):
    """Give what `judge.Verdict` takes."""
    bad = result.failures + result.errors
    # A test may fail in several of its parts; what fails to load is a test too.
    failed = len({getattr(test, "test_case", test).id() for test, _text in bad})
    skipped = len(result.skipped)
    return {
        "passed": max(0, result.testsRun - failed - skipped),
        "failed": failed,
        "skipped": skipped,
        "problems": [f"{test}\n{text}" for test, text in bad] + complaints,
    }


main()
