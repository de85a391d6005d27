"""Limits on the work that strangers may cause, counted per process, without a query.

Each worker counts for itself, so several workers let through several times as much.
After a restart the count begins anew.
"""

import threading
import time
from functools import lru_cache
from ipaddress import IPv6Network

# Networks that are remembered; beyond that, the least recently used are forgotten.
MOST_NETWORKS = 10_000
SECONDS_BETWEEN_WARNINGS = 60


class Limiter:
    """A bucket of tokens for each network: some at once, then some each second."""

    def __init__(self, at_once, per_second, clock=time.monotonic):
        """
        :param int at_once: how often a network that was quiet may act at once
        :param float per_second: how often it may act after that
        :param clock: function that returns seconds
        """
        self._at_once = at_once
        self._per_second = per_second
        self._clock = clock
        self._spent = {}  # network to (tokens spent, when), least recently used first
        self._warned_at = None
        self._lock = threading.Lock()

    def is_over(self, address):
        """Return whether the network of an address has used up its tokens.

        :param str address: IP address of the client, as Odoo knows it
        """
        if not self._spent:  # nearly always
            return False
        return self._spent_now(network_of(address)) > self._at_once - 1

    def count(self, address):
        """Count one more action of the network of an address."""
        network = network_of(address)
        with self._lock:
            spent = self._spent_now(network)
            self._spent.pop(network, None)
            if len(self._spent) >= MOST_NETWORKS:
                self._spent.pop(next(iter(self._spent)))
            self._spent[network] = (spent + 1, self._clock())

    def _spent_now(self, network):
        spent, since = self._spent.get(network, (0, 0))
        return max(spent - (self._clock() - since) * self._per_second, 0)

    def is_worth_a_warning(self):
        """Return whether to log a warning now: at most one a minute."""
        now = self._clock()
        with self._lock:
            last = self._warned_at
            if last is not None and now - last < SECONDS_BETWEEN_WARNINGS:
                return False
            self._warned_at = now
            return True


@lru_cache(maxsize=1024)
def network_of(address):
    """Return the network whose addresses may all belong to one client: /24 or /64.

    :param str address: IPv4, IPv6, or IPv4 in IPv6; anything else is one network
    """
    if address and "." in address:
        return address.rpartition(".")[0].rpartition(":")[2]
    try:
        return str(IPv6Network((address.partition("%")[0], 64), strict=False))
    except (AttributeError, ValueError):
        return ""
