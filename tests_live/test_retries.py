import contextlib
from concurrent.futures import ThreadPoolExecutor
from xmlrpc.client import Fault

from .case import POST
from .retry_case import FAILURES, RetryCase
from .rpc import User, call_json
from .world import world

CLICKS = 3  # at once, on each of the servers
ROUNDS = 3


class TestRetries(RetryCase):
    """Two servers retry the same failures at once."""

    is_long = True

    def run_other_queue(self, server):
        """Run the queue, unless another server does."""
        with contextlib.suppress(Fault):  # "already executing"
            self.run_queue(User(server.url, self.a.database))

    def test_clicks_on_two_servers(self):
        failures = self.new_failures(FAILURES // 10)
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

    def test_two_people_send_the_same_mail_now(self):
        """At once, each on a server of their own, while the queue sends it, too."""
        self.smtp.delay = 0.3
        groups = ("base.group_user", "base.group_partner_manager")
        people = [self.new_user(self.a, *groups) for _server in world.servers()]
        for _round in range(ROUNDS):
            address = self.new_address()
            partner_id = self.new_partner(self.a, address)
            post = {**POST, "partner_ids": [partner_id]}
            context = {"mail_notify_force_send": False}
            self.a("res.partner", "message_post", [partner_id], **post, context=context)
            tracking = self.tracking(self.a.database, recipient_address=address)
            self.assertEqual(tracking["state"], "waiting")
            with ThreadPoolExecutor(2 * len(people)) as pool:
                work = [
                    pool.submit(self.send_now, server, person, tracking["id"])
                    for server, person in zip(world.servers(), people, strict=True)
                ]
                work += [
                    pool.submit(self.run_other_queue, server)
                    for server in world.servers()
                ]
                for done in work:
                    done.result()
            self.settle({address: tracking["id"]})
            self.assertOneCopy({address: tracking["id"]})

    def send_now(self, server, person, tracking_id):
        """Click on "Send now" as a person whose browser talks to a server."""
        user = User(server.url, self.a.database, person.login)
        path = f"{server.url}/mail/tracking/send_now"
        call_json(user.browser(), path, tracking_id=tracking_id)
