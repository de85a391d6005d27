import os
import time
import unittest

from .side import seconds_of


class TestSeconds(unittest.TestCase):
    def test_finer_than_a_tick(self):
        before = seconds_of(os.getpid())
        until = time.process_time() + 0.003
        while time.process_time() < until:
            pass
        self.assertAlmostEqual(seconds_of(os.getpid()) - before, 0.003, delta=0.002)

    def test_a_process_that_is_elsewhere(self):
        self.assertEqual(seconds_of(2**22 + 1), 0)
