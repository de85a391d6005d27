"""What is done at the same time: in order in the end, and ended together."""

import os
import threading
import time
import unittest

from ..common import DevError, process_group
from ..together import crew, results


class TestTogether(unittest.TestCase):
    def setUp(self):
        self.begun = []

    def sleep(self):
        with process_group(["sleep", "60"]) as process:
            self.begun.append(process)
            process.wait()

    def wait_for_program(self):
        while not self.begun:
            time.sleep(0.01)

    def assertGone(self):
        (process,) = self.begun
        with self.assertRaises(ProcessLookupError):
            os.killpg(process.pid, 0)

    def test_results_are_in_order_whoever_is_first(self):
        done = threading.Event()
        with crew(2) as pool:
            work = [pool.submit(done.wait, 10), pool.submit(done.set)]
            self.assertEqual(results(work), [True, None])

    def test_failure_ends_the_others(self):
        def fail():
            self.wait_for_program()
            raise DevError("it")

        with self.assertRaisesRegex(DevError, "it"), crew(2) as pool:
            results([pool.submit(self.sleep), pool.submit(fail)])
        self.assertGone()

    def test_interruption_ends_all_and_begins_nothing(self):
        def sleep_twice():
            self.sleep()
            self.sleep()

        with self.assertRaises(KeyboardInterrupt), crew(1) as pool:
            work = [pool.submit(sleep_twice), pool.submit(self.sleep)]
            self.wait_for_program()
            raise KeyboardInterrupt
        self.assertGone()
        self.assertRegex(str(work[0].exception()), "sleep was stopped")
        self.assertEqual(len(self.begun), 1)
        self.assertTrue(work[1].cancelled())
        with process_group(["true"]) as process:
            self.assertEqual(process.wait(), 0)
