"""What stands behind a request for the pixel.

Pure: headers in, class of the evidence out. Machines load pictures too, and a picture
that a machine has loaded was read by nobody.
"""

# Sent by browsers that load a page in advance: Fetch Standard and its forerunners.
PREFETCH_HEADERS = {
    "Sec-Purpose": ("prefetch", "prerender"),
    "Purpose": ("prefetch", "preview"),
    "X-Purpose": ("prefetch", "preview"),
    "X-Moz": ("prefetch",),
}

# User agents that fetch before, or without, anybody reading; exact.
MACHINES = {
    # Apple Mail Privacy Protection: all pictures, some time after the mail came in.
    "Mozilla/5.0",
    # Gmail's prefetch; its image proxy, which serves readers, has another name.
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like"
        " Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0"
    ),
}

# Proxies that fetch at the moment when a person opens the mail; parts of the name.
PROXIES = ("GoogleImageProxy", "YahooMailProxy")


def is_prefetch(headers):
    """Tell whether a browser loads the picture in advance, which proves nothing.

    :param headers: mapping of the request's headers
    :rtype: bool
    """
    return any(
        purpose in headers.get(name, "").lower()
        for name, purposes in PREFETCH_HEADERS.items()
        for purpose in purposes
    )


def evidence_of(headers):
    """Classify who has loaded the pixel.

    :param headers: mapping of the request's headers
    :return: ``"human"``, ``"proxy"`` or ``"machine"``
    :rtype: str
    """
    agent = headers.get("User-Agent", "")
    if agent in MACHINES:
        return "machine"
    if any(proxy in agent for proxy in PROXIES):
        return "proxy"
    return "human"
