"""What every developer command shares: where things are, and how to run them."""

import contextlib
import fcntl
import os
import shutil
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
MODULE = "mail_activity_tracking"
CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / MODULE
)


class DevError(Exception):
    """Something the reader can mend; the message says how."""


def say(text):
    """Print one line for the person at the terminal."""
    os.write(1, f"{text}\n".encode())


def run(command, **kwargs):
    """Run a command; its failure becomes one clear line.

    :param command: list of arguments
    :raise DevError: when the command is missing or does not return 0
    """
    command = [str(part) for part in command]
    try:
        return subprocess.run(command, check=True, **kwargs)
    except FileNotFoundError as error:
        raise DevError(f"{command[0]} is missing: install it first") from error
    except subprocess.CalledProcessError as error:
        raise DevError(
            f"{command[0]} failed with code {error.returncode}: {' '.join(command[:6])}"
        ) from error


@contextlib.contextmanager
def lock():
    """Keep a second run of ./dev in the same cache away while this one installs."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DevError("another ./dev is at work here: wait for it") from error
        yield


@contextlib.contextmanager
def fresh_folder(target):
    """Fill a folder beside `target`, and move it there only when all went well."""
    work = target.with_name(target.name + ".part")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    yield work
    shutil.rmtree(target, ignore_errors=True)
    work.rename(target)
