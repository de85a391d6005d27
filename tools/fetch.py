"""What is fetched from providers: certificates, and confirmations of subscriptions."""

import requests
from urllib3.exceptions import HTTPError

SECONDS, BYTES = 5, 2**16


def fetch(url):
    """Return what an address holds: small, soon, and from there only.

    For addresses that an adapter has checked; never for one that a stranger names.

    :rtype: bytes
    :raise OSError: when that does not work
    """
    with requests.get(
        url, timeout=SECONDS, allow_redirects=False, stream=True
    ) as answer:
        if answer.status_code != 200:
            raise OSError(f"status {answer.status_code}")
        try:
            return answer.raw.read(BYTES, decode_content=True)
        except HTTPError as error:  # of urllib3, which is no OSError
            raise OSError(str(error)) from error
