"""Every linter, on a copy of the repository that lies in the cache."""

import os
import shutil
import subprocess

from .common import MODULE, REPOSITORY, process_group, say
from .export import export, tracked_files
from .node_env import modules, node
from .python_env import python
from .semgrep import PLACES, semgrep

# What prettier looks after: the rest is Python, reStructuredText or generated.
PRETTY_FOLDERS = ("static", "views", "data", "security", "demo", "wizard")
PRETTY_ENDINGS = (".js", ".scss", ".xml")


def lint(fix=False):
    """Run every linter.

    :param bool fix: let ruff, prettier and eslint mend what they can
    :return: names of the linters that complained
    """
    interpreter = python()
    home = modules(interpreter)
    # Below the folder that holds node_modules, so that the configuration files find
    # their packages; named after the module, so that pylint-odoo knows the module.
    copy = export(home)
    exported = {name: (copy / name).read_bytes() for name in tracked_files()}
    commands = {**_python_linters(interpreter, fix), **_node_linters(interpreter, fix)}
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    complaints = []
    for name, command in commands.items():
        with process_group(
            command,
            cwd=copy,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            said, _nothing = process.communicate()
        if said:
            say(said.rstrip())
        if process.returncode:
            complaints.append(name)
            say(f"lint: {name} complains")
    if fix:
        _copy_back(copy, exported)
    say(f"lint: {len(commands)} linters, {len(complaints)} with complaints")
    return complaints


def _python_linters(interpreter, fix):
    folder = interpreter.parent
    ruff = [interpreter, "-m", "ruff"]
    return {
        "ruff check": [*ruff, "check", "--no-cache", "-q", *(["--fix"] * fix), "."],
        "ruff format": [*ruff, "format", "--no-cache", "-q", *_unless(fix, "--check")],
        "pylint-odoo": [interpreter, "devtools/scripts/lint_python.py"],
        "semgrep": semgrep(interpreter, *PLACES),
        # Prettier and this check disagree on a space in the XML declaration.
        "oca-checks-odoo-module": [
            *(interpreter, folder / "oca-checks-odoo-module"),
            *("--disable=xml-header-wrong", "."),
        ],
    }


def _node_linters(interpreter, fix):
    names = [
        name
        for name in tracked_files()
        if name.split("/")[0] in PRETTY_FOLDERS and name.endswith(PRETTY_ENDINGS)
    ]
    scripts = [name for name in names if name.endswith(".js")]
    program = node(interpreter) / "bin/node"
    eslint = ["../node_modules/eslint/bin/eslint.js", "--max-warnings", "0"]
    prettier = ["../node_modules/prettier/bin/prettier.cjs", "--log-level", "warn"]
    commands = {}
    if scripts:
        commands["eslint"] = [program, *eslint, *(["--fix"] * fix), *scripts]
    if names:
        mode = "--write" if fix else "--check"
        commands["prettier"] = [program, *prettier, mode, *names]
    return commands


def _unless(condition, *arguments):
    return [] if condition else list(arguments)


def _copy_back(copy, exported):
    """Take over what was mended, except in files that were edited meanwhile."""
    for name, content in exported.items():
        target = REPOSITORY / name
        if (copy / name).read_bytes() == content:
            continue
        if target.read_bytes() == content:
            say(f"lint: mended {MODULE}/{name}")
            shutil.copyfile(copy / name, target)
        else:
            say(f"lint: {MODULE}/{name} was edited meanwhile: once more, please")
