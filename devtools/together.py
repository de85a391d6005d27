"""Work that is done at the same time: as many pieces at once as there are cores."""

import contextlib
import os
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

from .common import all_over, end_programs


@contextlib.contextmanager
def crew(size=None):
    """Return an executor, whose threads have ended when the block has.

    An error or Ctrl-C in the block ends the programs that they run.
    """
    try:
        with ThreadPoolExecutor(size or len(os.sched_getaffinity(0))) as pool:
            try:
                yield pool
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                end_programs()
                raise
    finally:
        all_over.clear()


def results(futures):
    """Return what pieces of work came to, in their order; raise the first error."""
    done, _others = wait(futures, return_when=FIRST_EXCEPTION)
    for future in done:
        future.result()
    return [future.result() for future in futures]


def together(*functions):
    """Call functions at the same time; return what they return, in their order."""
    with crew() as pool:
        return results([pool.submit(function) for function in functions])
