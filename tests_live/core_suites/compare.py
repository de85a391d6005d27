"""Core's suites with and without the addon: pure functions over what they said."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field

from devtools.judge import Verdict

COUNT = re.compile(r"AssertionError: Query count more than expected .*?(\d+) > (\d+) ")
BODY = "body"  # in the place of the number of statements
NO_BROWSER = "needs a browser"  # as `runner.py` says it


@dataclass
class Outcomes:
    """What the suites came to on one side."""

    listed: set = field(default_factory=set)
    started: set = field(default_factory=set)
    skipped: dict = field(default_factory=dict)
    failed: dict = field(default_factory=lambda: defaultdict(list))
    modules: set = field(default_factory=set)


def read(lines):
    """Collect the lines of `runner.py`."""
    outcomes = Outcomes()
    for case, outcome, text in map(json.loads, lines):
        if outcome == "skipped":
            outcomes.skipped[case] = text
        elif outcome == "failed":
            outcomes.failed[case].append(text)
        elif outcome == "finished":
            outcomes.modules = set(text.split(","))
        else:
            getattr(outcomes, outcome).add(case)
    return outcomes


def class_of(case):
    """Return the class of a test, also of what its `setUpClass` said."""
    if module := re.search(r"\((.*)\)", case):
        return module[1].replace("odoo.addons.", "")
    return case.rpartition(".")[0]


def in_question(tracked):
    """Return the classes in which something failed or was skipped with the addon.

    What passes with the addon needs no comparison, and takes most of the time. A run
    that broke off puts in question what has failed by then.
    """
    skipped = {case for case, text in tracked.skipped.items() if text != NO_BROWSER}
    return sorted({class_of(case) for case in skipped | tracked.failed.keys()})


def compare(plain, tracked, accepted, addon):
    """Judge what the addon changes in core's suites.

    :param Outcomes plain: of core alone, the classes of `in_question`
    :param Outcomes tracked: of core with the addon
    :param dict accepted: see `accepted.json` and `docs/core_suites.rst`
    :param str addon: name of the addon
    :return: tuple (verdict, list of notices)
    """
    skipped = {
        case: reason
        for case, reason in tracked.skipped.items()
        if case in tracked.started
    }
    passed = tracked.started - skipped.keys() - tracked.failed.keys()
    verdict = Verdict(passed=len(passed), skipped=skipped)
    for problem in _not_the_same(plain, tracked, addon):
        verdict.fail(problem)
    for case in sorted(tracked.failed.keys() - plain.failed.keys()):
        texts = tracked.failed[case]
        if not _is_accepted(case, texts, accepted.get(class_of(case))):
            verdict.fail("\n    ".join([f"{case} fails with the addon only", *texts]))
    return verdict, list(_notices(plain, tracked, accepted))


def _is_accepted(case, texts, entry):
    """Return whether a failure is in the list, and of the kind that the list says."""
    bound = entry and entry["tests"].get(case.rpartition(".")[2])
    if bound == BODY:
        return all(text.startswith("AssertionError: ") for text in texts)
    counts = [COUNT.match(text) for text in texts]
    return bound and all(c and int(c[1]) - int(c[2]) <= bound for c in counts)


def _not_the_same(plain, tracked, addon):
    """Tell what makes the two sides incomparable."""
    if not (plain.modules and tracked.modules):
        yield "a suite has not come to its end: see the logs"
        return
    if tracked.modules - plain.modules != {addon} or plain.modules - tracked.modules:
        modules = ", ".join(sorted(tracked.modules ^ plain.modules))
        yield f"the sides differ in more than {addon}: {modules}"
    not_set_up = {class_of(c) for c in plain.failed if c.startswith("setUpClass")}
    for case in sorted(plain.listed ^ tracked.started):
        if class_of(case) not in not_set_up:
            yield f"{case} has not run with the addon, or is none of core's"
    for case in sorted(tracked.skipped.keys() - plain.skipped.keys()):
        if tracked.skipped[case] != NO_BROWSER:
            yield f"{case} is skipped with the addon only: {tracked.skipped[case]}"


def _notices(plain, tracked, accepted):
    for name, entry in accepted.items():
        for case in (f"{name}.{test}" for test in entry["tests"]):
            if case not in tracked.failed:
                yield f"{case} is in the list and passes: it may leave the list"
    for case in sorted(plain.failed.keys() & tracked.failed.keys()):
        without, with_it = plain.failed[case], tracked.failed[case]
        # Record ids differ, and the order of what a set holds.
        if len(without) != len(with_it):
            texts = ["without:", *without, "with:", *with_it]
            yield "\n    ".join([f"{case} fails on both sides, not alike", *texts])
    for case in sorted(plain.failed.keys() - tracked.failed.keys()):
        yield f"{case} fails without the addon only: {plain.failed[case][0]}"
