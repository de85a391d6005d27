"""Wait until a program that was started answers."""

import socket
import time
import urllib.error
import urllib.request

from .common import DevError, last_line
from .processes import running
from .progress import ticker

PATIENCE = 120


def wait_for(name, address, log):
    """Wait until a program answers.

    :param str name: name it was started under
    :param address: its web address, or the number of a port that speaks first
    :param log: file of its output, to quote from when it dies
    :raise DevError: when it dies or does not answer in time
    """
    deadline = time.monotonic() + PATIENCE
    with ticker(f"Starting {name}", lambda: "waiting for its answer"):
        while not _answers(address):
            if name not in running():
                detail = last_line(log.read_bytes())
                raise DevError(f"{name} did not start{detail} (log: {log})")
            if time.monotonic() > deadline:
                raise DevError(f"{name} does not answer at {address} (log: {log})")
            time.sleep(0.2)


def _answers(address):
    try:
        if isinstance(address, int):
            with socket.create_connection(("127.0.0.1", address), 5) as connection:
                return bool(connection.recv(1))
        # A proxy of the environment does not reach this machine's own addresses.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(address, timeout=20) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False
