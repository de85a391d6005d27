import contextlib
from concurrent.futures import ThreadPoolExecutor
from xmlrpc.client import Fault

from .retry_case import FAILURES, RetryCase
from .rpc import User
from .world import world

CLICKS = 3  # at once, on each of the servers


class TestRetries(RetryCase):
    """Two servers retry the same failures at once."""

    def run_other_queue(self, server):
        """Run the queue, unless another server does."""
        with contextlib.suppress(Fault):  # "already executing"
            self.run_queue(User(server.url, self.a.database))

    def test_clicks_on_two_servers(self):
        failures = self.new_failures(FAILURES)
        with ThreadPoolExecutor(CLICKS * len(world.servers())) as pool:
            clicks = [
                pool.submit(self.retry, server, [tracking_id])
                for tracking_id in failures.values()
                for server in world.servers()
            ]
            for click in clicks:
                click.result()
        self.settle(failures)
        self.assertOneCopy(failures)

    def test_bulk_retries_on_two_servers(self):
        failures = self.new_failures(FAILURES)
        tracking_ids = list(failures.values())
        with ThreadPoolExecutor(2 * len(world.servers())) as pool:
            for _round in range(2):
                work = [
                    pool.submit(self.retry, server, tracking_ids)
                    for server in world.servers()
                ]
                work += [
                    pool.submit(self.run_other_queue, server)
                    for server in world.servers()
                ]
                for done in work:
                    done.result()
        self.settle(failures)
        self.assertOneCopy(failures)
