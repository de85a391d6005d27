"""Load small answers from other servers, in a short time and from known hosts only."""

import re
import threading
from queue import Empty, SimpleQueue
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

# Time for an answer to begin or go on, and for all of it.
SECONDS, SECONDS_IN_ALL = 5, 10
BYTES = 2**16
# A server that never stops sending holds a thread: with so many held, none is added.
_free = threading.BoundedSemaphore(8)


class Fetched(NamedTuple):
    """The parts of an answer that are needed."""

    status: int
    content_type: str
    body: bytes


def fetch(url, hosts):
    """Return the content at an address of a provider.

    For addresses that an adapter has checked; never for one that a stranger names.

    :param str url: its scheme and host are checked here once more
    :param hosts: patterns of hosts, with their port where they have one
    :rtype: bytes
    :raise OSError: when it cannot be loaded, or the address is not allowed
    """
    if not is_allowed(url, hosts):
        raise OSError("not an address of the provider")
    fetched = load(url)
    if fetched.status != 200:
        raise OSError(f"status {fetched.status}")
    return fetched.body


def is_allowed(url, hosts):
    """Return whether an address uses HTTPS and one of the hosts."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_host = any(re.fullmatch(pattern, parts.netloc) for pattern in hosts)
    return parts.scheme == "https" and is_host


def load(url):
    """Load an address, without following redirects.

    Runs in a thread, since a server that sends a byte now and then never exceeds the
    timeout of a socket. No transaction may be open meanwhile: the caller ensures that.

    :rtype: Fetched
    :raise OSError: when there is no answer in time
    """
    if not _free.acquire(blocking=False):
        raise OSError("too many addresses are being loaded")
    answers = SimpleQueue()
    threading.Thread(target=_load_into, args=(answers, url), daemon=True).start()
    try:
        answer = answers.get(timeout=SECONDS_IN_ALL)
    except Empty:
        raise TimeoutError(f"no answer in {SECONDS_IN_ALL} seconds") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _load_into(answers, url):
    try:
        answers.put(_load(url))
    except OSError as error:
        answers.put(error)
    except (HTTPError, ValueError) as error:  # of urllib3, and no `OSError`
        answers.put(OSError(str(error)))
    finally:
        _free.release()


def _load(url):
    with requests.get(
        url, timeout=SECONDS, allow_redirects=False, stream=True
    ) as answer:
        return Fetched(
            answer.status_code,
            answer.headers.get("Content-Type", ""),
            answer.raw.read(BYTES, decode_content=True),
        )
