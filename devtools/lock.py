"""Two runs of ./dev in one cache: the second is told to wait.

`flock` of util-linux cannot say what to do instead of waiting.
"""

import contextlib
import fcntl

from .common import CACHE, DevError


@contextlib.contextmanager
def lock(folder=CACHE):
    """Keep a second run of ./dev in the same cache away.

    :raise DevError: when another run holds the lock, or the folder cannot be made
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / "lock").open("w")
    except OSError as error:
        raise DevError(
            f"cannot write to {folder} ({error.strerror}): set XDG_CACHE_HOME"
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DevError(
                f"another ./dev is at work in {folder}: wait for it, or give this one"
                " a cache of its own with XDG_CACHE_HOME"
            ) from error
        yield
