"""How far something is, said while it lasts.

Runs before pip has brought anything, such as tqdm, which it would replace.
"""

import contextlib
import errno
import os
import shutil
import sys
import threading
import time

from .common import DevError, last_line, process_group, say

# A terminal gets one line that changes, a log gets a line now and then.
PAUSE = {True: 1, False: 15}
# What is under way -> function that says how far it is.
_under_way = {}
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

    Several may be under way at once: a terminal's line tells of all of them.

    :param str what: the work
    :param describe: function that says how far it is
    """
    terminal = sys.stdout.isatty()
    start = time.monotonic()
    done = threading.Event()

    def line():
        return f"{what}: {describe()}, {time.monotonic() - start:.0f} s"

    def tick():
        while not done.wait(PAUSE[terminal]):
            if terminal:
                lines = "; ".join(tell() for tell in list(_under_way.values()))
                width = shutil.get_terminal_size().columns - 1
                os.write(1, f"\r\033[K{lines[:width]}".encode())
            else:
                say(line())

    say(f"{what} ...")
    _under_way[what] = line
    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        _under_way.pop(what, None)
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
