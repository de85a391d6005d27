"""Which tests must run: read from the files, so that nobody has to count them.

To Odoo a tag that matches nothing, a file that `tests/__init__.py` forgets and a
missing browser are all a success.
"""

import ast
import re

from .common import MODULE

STARTED = re.compile(
    rf" odoo\.addons\.{MODULE}\.(tests\.[\w.]+): Starting (\w+\.test\w*) \.\.\."
)
SKIPPED = re.compile(
    rf" odoo\.addons\.{MODULE}\.(tests\.[\w.]+): skipped (\w+\.test\w*) : (.*)"
)
# What Hoot says at the end of a file's tests, of which at least one has passed.
HOOT_ENDED = re.compile(rf'\[HOOT\] "@{MODULE}/(\S+)" ended \(passed: [1-9]')


def expected_tests(root):
    """Return the names of all tests below the root of a repository.

    A test of Python is named after its file, class and method, those of Hoot after
    their file. A class that only inherits its tests stands for them, and so does
    a file that makes its classes when it is loaded.
    """
    names = set()
    for folder in ("tests", "tests_live"):
        for file in sorted((root / folder).rglob("test_*.py")):
            module = ".".join(file.relative_to(root).with_suffix("").parts)
            own = {f"{module}.{name}" for name in _tests_in(file)}
            names |= own or {module}
    scripts = root / "static/tests"
    for file in scripts.rglob("*.test.js"):
        names.add(file.relative_to(root).as_posix())
    return names


def _tests_in(file):
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.ClassDef):
            own = [
                part.name
                for part in node.body
                if isinstance(part, ast.FunctionDef) and part.name.startswith("test")
            ]
            yield from (f"{node.name}.{name}" for name in own)
            if not own and node.name.startswith("Test"):
                yield node.name


def tests_in_log(log):
    """Return what a log of Odoo tells about single tests.

    :return: set of the names of tests that ran, dict of the skipped ones to the reason
    """
    skipped = {f"{file}.{test}": reason for file, test, reason in SKIPPED.findall(log)}
    ran = {f"{file}.{test}" for file, test in STARTED.findall(log)}
    ran |= {f"static/tests/{name}.test.js" for name in HOOT_ENDED.findall(log)}
    return ran - skipped.keys(), skipped


def not_run(expected, ran, skipped):
    """Return a line for each expected test that did not run, with the reason if known.

    :param set expected: names as of `expected_tests`
    :param set ran: names of the tests that ran
    :param dict skipped: names of the tests that were skipped, with the reason
    """
    classes = {name.rpartition(".")[0] for name in ran}
    files = {name.rpartition(".")[0] for name in classes}
    reasons = {name: f"skipped, {reason}" for name, reason in skipped.items()}
    return [
        f"{name}: {reasons.get(name, 'did not run')}"
        for name in sorted(expected - ran - classes - files)
    ]
