"""The developer tools' own tests, run by the Python that runs ./dev.

pytest is not there yet when they run, and nothing else would need it.
"""

import sys
import unittest

from .common import REPOSITORY, say
from .judge import Verdict


def run_own_tests():
    """Run them and return the verdict."""
    folder = REPOSITORY / "devtools/tests"
    suite = unittest.defaultTestLoader.discover(
        str(folder), pattern="test_*.py", top_level_dir=str(REPOSITORY)
    )
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0).run(suite)
    sys.stdout.flush()
    failed = len(result.failures) + len(result.errors)
    verdict = Verdict(passed=result.testsRun - failed, failed=failed)
    say(f"developer tools: {verdict.passed} of {result.testsRun} tests passed")
    if failed:
        verdict.problems.append("tests of the developer tools failed: see above")
    return verdict
