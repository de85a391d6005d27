"""What a log of Odoo tells about a run: pure functions, no file, no process.

checklog-odoo knows the warnings, and neither the tests nor what did not run.
"""

import re
from dataclasses import dataclass, field

from .must_run import not_run, tests_in_log

RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+): "
)
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
HOOT = re.compile(r"Passed (\d+) tests \(\d+ assertions")
HOOT_FAILED = re.compile(r"Failed (\d+) tests \((\d+) passed")
BAD_LEVELS = {"WARNING", "ERROR", "CRITICAL"}
# Said by Odoo or by the embedded PostgreSQL, whatever addon is installed.
EXPECTED = (
    "missing --http-interface",
    "Unable to create PostgreSQL extensions",
    "bad query: b'CREATE EXTENSION IF NOT EXISTS pg_trgm'",
)
# A failed tour logs every line of the browser's console.
LONGEST_COMPLAINT = 12000


@dataclass
class Verdict:
    """What one or several runs came to."""

    passed: int = 0
    failed: int = 0
    hoot: int = 0
    skipped: dict = field(default_factory=dict)  # name of a test -> reason
    ran: set = field(default_factory=set)  # names of tests
    problems: list = field(default_factory=list)

    def add(self, other):
        """Add what another run came to."""
        self.passed += other.passed
        self.failed += other.failed
        self.hoot += other.hoot
        self.skipped |= other.skipped
        self.ran |= other.ran
        self.problems += other.problems

    def fail(self, problem):
        """Note a problem that no test has counted."""
        self.problems.append(problem)
        self.failed += 1

    def require(self, expected, *allowed):
        """Fail unless all expected tests ran.

        :param set expected: names of tests
        :param allowed: the reasons for which a test may be skipped
        """
        excused = {name for name, reason in self.skipped.items() if reason in allowed}
        missing = not_run(expected - excused, self.ran, self.skipped)
        if missing:
            self.fail("\n".join(["these tests must run, and did not:", *missing]))

    def line(self):
        """Return the closing line; it never says 0 failed when there are problems."""
        failed = self.failed or bool(self.problems) * 1
        skipped = f", {len(self.skipped)} skipped" if self.skipped else ""
        # Any other reason is a problem, which is told of each test.
        if self.skipped and not self.problems:
            skipped += f" ({'; '.join(sorted(set(self.skipped.values())))})"
        return f"{self.passed + self.hoot} passed, {failed} failed{skipped}"


def records(log):
    """Split a log into (level, text) of its records, tracebacks included."""
    entries = []
    for line in log.splitlines():
        if match := RECORD.match(line):
            entries.append([match["level"], [line]])
        elif entries:
            entries[-1][1].append(line)
    return [(level, "\n".join(lines)) for level, lines in entries]


def complaints(log):
    """Return the records of an unexpected WARNING or worse, whole."""
    return [
        text[:LONGEST_COMPLAINT]
        for level, text in records(log)
        if level in BAD_LEVELS and not any(words in text for words in EXPECTED)
    ]


def judge(log, code, tested=False):
    """Judge a run of Odoo.

    :param str log: all that Odoo said
    :param int code: its exit code
    :param bool tested: whether tests must have run
    :return: the verdict
    :rtype: Verdict
    """
    verdict = Verdict(problems=complaints(log))
    if tested:
        _count(verdict, log)
    if code and not verdict.problems:
        tail = "\n".join(log.splitlines()[-40:])
        verdict.problems.append(f"{tail}\nOdoo ended with code {code}")
    return verdict


def _count(verdict, log):
    results = [[int(part) for part in groups] for groups in RESULT.findall(log)]
    failed, errors, total = map(sum, zip([0, 0, 0], *results, strict=True))
    verdict.failed = failed + errors
    verdict.ran, verdict.skipped = tests_in_log(log)
    verdict.passed = max(0, total - verdict.failed - len(verdict.skipped))
    verdict.hoot = sum(int(number) for number in HOOT.findall(log))
    for bad, good in HOOT_FAILED.findall(log):
        verdict.failed += int(bad)
        verdict.hoot += int(good)
    if not results:
        verdict.problems.append("no line with the result of the tests in the log")
    elif not total:
        verdict.problems.append("no test ran: do the tags name one?")
