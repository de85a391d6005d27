"""A copy of the repository in a folder named after the module, as Odoo needs it."""

import os
import shutil

from .common import MODULE, REPOSITORY, run


def tracked_files():
    """Return the names of the files that git knows or would add."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    # The folder may belong to somebody else, e.g. root's clone run by a user.
    environment = {
        **os.environ,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": str(REPOSITORY),
    }
    listed = run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True
    )
    names = listed.stdout.split("\0")
    return [name for name in names if name and (REPOSITORY / name).is_file()]


def export(folder):
    """Copy the working tree below a folder and return the copy.

    A link to the repository would do for Odoo, but the linters write nothing into a
    copy, and an edit in the middle of a run changes nothing.
    """
    target = folder / MODULE
    shutil.rmtree(target, ignore_errors=True)
    for name in tracked_files():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / name, target / name)
    return target
