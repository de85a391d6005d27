"""What every developer command shares: where things are, and how to run them."""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
MODULE = "mail_activity_tracking"
CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / MODULE
)
# Tells the private parts of two caches of one machine apart.
CACHE_KEY = hashlib.sha256(str(CACHE).encode()).hexdigest()[:10]


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
        detail = last_line(error.stderr)
        raise DevError(
            f"{' '.join(command[:4])} failed with code {error.returncode}{detail}"
        ) from error


def last_line(output):
    """Return the last line of what a command said, to end a message with."""
    if isinstance(output, bytes):
        output = output.decode(errors="replace")
    lines = (output or "").strip().splitlines()
    return f": {lines[-1]}" if lines else ""


_programs = set()
# Set while no program may go on, nor begin: threads wait for them, unseen by signals.
all_over = threading.Event()


@contextlib.contextmanager
def process_group(command, **kwargs):
    """Run a command in a process group of its own, gone when the block ends.

    Odoo starts Chromium, npm starts node: a signal to the group reaches them all,
    whether the block ends by Ctrl-C, by an error or as it should.
    """
    command = [str(part) for part in command]
    process = subprocess.Popen(command, start_new_session=True, **kwargs)
    _programs.add(process)
    try:
        if not all_over.is_set():
            yield process
    finally:
        _end_group(process)
        _programs.discard(process)
    if all_over.is_set():
        raise DevError(f"{command[0]} was stopped")


def end_programs():
    """End the programs of all threads, and let none begin until `all_over` is clear."""
    all_over.set()
    ending = list(_programs)
    for process in ending:
        process.terminate()
    for process in ending:
        _end_group(process)


def _end_group(process):
    for number, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)


@contextlib.contextmanager
def fresh_folder(target):
    """Fill a folder beside `target`, and move it there only when all went well."""
    work = target.with_name(target.name + ".part")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        yield work
        shutil.rmtree(target, ignore_errors=True)
        work.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def need_space(size, folder=CACHE):
    """Raise DevError unless the disk of a folder has some bytes left."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise DevError(
            f"{free >> 20} MB are free in {folder}, {size >> 20} MB are needed: free"
            " some, or set XDG_CACHE_HOME to a folder on another disk"
        )
