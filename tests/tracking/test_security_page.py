import re
import time
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ...models.incoming.mail_thread import IMAGE
from ...models.tracking.mail_tracking_event import clean_text

ROOT = Path(__file__).parents[2]


@tagged("post_install", "-at_install")
class TestSecurityPage(BaseCase):
    def test_what_the_page_names_is_there(self):
        page = (ROOT / "docs/security.rst").read_text()
        sources = [path.read_text() for path in ROOT.glob("tests*/**/*.py")]
        classes = set(re.findall(r"^class (Test\w+)", "\n".join(sources), re.MULTILINE))
        named = set(re.findall(r"``(Test\w+)``", page))
        self.assertGreater(len(named), 10)
        self.assertFalse(named - classes)
        for path in re.findall(r"``((?:\w+/)+\w+\.\w+)``", page):
            self.assertTrue((ROOT / path).exists(), path)

    def test_size_of_the_flood(self):
        page = " ".join((ROOT / "docs/security.rst").read_text().split())
        flood = (ROOT / "tests_live/test_flood.py").read_text()
        (hits,) = re.findall(r'"LIVE_FLOOD", "(\d+)"', flood)
        self.assertIn(f"runs it with {int(hits):,} images", page)


@tagged("post_install", "-at_install")
class TestStrangeTexts(BaseCase):
    def test_images_are_found_in_linear_time(self):
        """Ten times the length takes about ten times as long, not a hundred times."""
        for part in ("<img", "<img ", "<img x='", "<IMG\n"):
            seconds = []
            for size in (80_000, 800_000):
                text = part * (size // len(part))
                seconds.append(min(self.seconds_of(text) for _try in range(3)))
            self.assertLess(seconds[1], 40 * max(seconds[0], 0.005), part)

    def seconds_of(self, text):
        """Return the CPU time of one search: others use the machine, too."""
        start = time.thread_time()
        IMAGE.sub("", text)
        return time.thread_time() - start

    def test_stored_texts(self):
        for value, size, expected in (
            ("plain", 10, "plain"),
            ("a\x00b", 10, "ab"),
            ("a\ud800b", 10, "a?b"),
            ("é" * 20, 10, "é" * 10),
            ("x" * 10**6, 10, "x" * 10),
            (None, 10, None),
            (7, None, 7),
        ):
            cleaned = clean_text(value, size)
            self.assertEqual(cleaned, expected)
            if isinstance(cleaned, str):
                cleaned.encode()
