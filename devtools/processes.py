"""Programs that go on running after ./dev has ended.

honcho stays in the foreground; `./dev up` returns when everything answers.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

from .common import CACHE

FOLDER = CACHE / "demo/run"


def start(name, command, log, **kwargs):
    """Start a program that outlives this one; its output goes to a log file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **kwargs,
        )
    born = birth(process.pid)
    (FOLDER / f"{name}.json").write_text(json.dumps([process.pid, born]))


def running():
    """Return {name: process id} of the programs that run."""
    pids = {}
    for file in FOLDER.glob("*.json"):
        with contextlib.suppress(ValueError):
            pid, born = json.loads(file.read_text())
            if born and birth(pid) == born:
                pids[file.stem] = pid
    return pids


def stop_all():
    """Stop them and return the names of those that ran."""
    programs = running()
    for number, patience in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
        for pid in running().values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, number)
        deadline = time.monotonic() + patience
        while running() and time.monotonic() < deadline:
            time.sleep(0.1)
    for file in FOLDER.glob("*.json"):
        file.unlink()
    return sorted(programs)


def birth(pid):
    """Return what tells a process from a later one of the same number, or None."""
    with contextlib.suppress(OSError):
        # The name, in parentheses, may hold anything; the state follows it.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        if fields[0] != "Z":
            return fields[19]
    return None
