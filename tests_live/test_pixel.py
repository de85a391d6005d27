import requests

from .case import LiveCase, load
from .world import world


class TestParallelHits(LiveCase):
    """A gateway with many readers, or a proxy that asks again and again."""

    def test_sixteen_hits_of_one_pixel_at_once(self):
        """They are one opening, and none of them is tried again."""
        since = self.server.place_in_log()
        for _burst in range(3):
            url, _path, token = self.sent_pixel(self.b)
            self.assertOneOpening(url, self.b.database, token)
        self.assertNotIn("could not serialize", self.server.said(since))

    def test_sixteen_hits_by_a_visitor_of_the_database(self):
        """Odoo knows the database by his session, and begins a transaction itself."""
        since = self.server.place_in_log()
        visitor = requests.Session()
        page = f"{self.server.url}/web?db={self.b.database}"
        visitor.get(page, allow_redirects=False, timeout=30)
        self.assertTrue(visitor.cookies)
        for _burst in range(3):
            url, _path, token = self.sent_pixel(self.b)
            self.assertOneOpening(url, self.b.database, token, visitor.cookies)
        self.assertNotIn("could not serialize", self.server.said(since))


class TestWorkers(LiveCase):
    """The same with several processes, as most servers run."""

    def test_pixel_of_either_database(self):
        """Any process finds the database, the first time and later."""
        for user in (self.a, self.b) * 3:
            _url, path, token = self.sent_pixel(user)
            self.assertPixel(load(world.workers.url + path))
            self.assertOpened(user.database, token)

    def test_sixteen_hits_of_one_pixel_at_once(self):
        """Several processes, one opening."""
        since = world.workers.place_in_log()
        for _burst in range(3):
            _url, path, token = self.sent_pixel(self.b)
            self.assertOneOpening(world.workers.url + path, self.b.database, token)
        self.assertNotIn("could not serialize", world.workers.said(since))
