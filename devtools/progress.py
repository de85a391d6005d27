"""How far something is, said while it lasts.

Runs before pip has brought anything, such as tqdm, which it would replace.
"""

import contextlib
import errno
import os
import sys
import threading
import time

from .common import DevError, last_line, process_group, say

# A terminal gets one line that changes, a log gets a line now and then.
PAUSE = {True: 1, False: 15}
# How programs say that the disk is full.
FULL = os.strerror(errno.ENOSPC).encode()


def folder_size(folder):
    """Return the bytes of the files below a folder, which may be changing."""
    total = 0
    for place, _folders, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size
    return total


def growth(folder, expected):
    """Describe how much of `expected` bytes has arrived in a folder."""

    def describe():
        return f"{folder_size(folder) >> 20} of about {expected >> 20} MB"

    return describe


@contextlib.contextmanager
def ticker(what, describe):
    """Say how far the work of the block is, and how long it took at its end.

    :param str what: the work
    :param describe: function that says how far it is
    """
    terminal = sys.stdout.isatty()
    start = time.monotonic()
    done = threading.Event()

    def tick():
        while not done.wait(PAUSE[terminal]):
            line = f"{what}: {describe()}, {time.monotonic() - start:.0f} s"
            if terminal:
                os.write(1, f"\r\033[K{line}".encode())
            else:
                say(line)

    say(f"{what} ...")
    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        if terminal:
            os.write(1, b"\r\033[K")
    say(f"{what}: done in {time.monotonic() - start:.0f} s")


def watched(what, describe, command, log, hint, **kwargs):
    """Run a command that takes a while, its output in a log, and say how far it is.

    :param str what: the work
    :param describe: function that says how far it is
    :param list command: the command
    :param Path log: file for its output
    :param str hint: what to do when it fails
    :raise DevError: when it fails
    """
    with (
        log.open("wb") as output,
        ticker(what, describe),
        process_group(command, stdout=output, stderr=output, **kwargs) as process,
    ):
        if process.wait():
            said = log.read_bytes()
            if FULL in said:
                hint = "free some space, or set XDG_CACHE_HOME to another disk"
            raise DevError(f"{what} failed{last_line(said)}; {hint} (log: {log})")
