"""Several processes share the live tests: each runs what no other has begun."""

import unittest


class Shared(unittest.TestSuite):
    """Runs a class of tests unless another process has begun it."""

    begun = None  # folder with a file for each that has

    def mark(self):
        """Return the file that says that one class has begun, None for several."""
        first = next(iter(self), None)
        is_class = self.begun and isinstance(first, unittest.TestCase)
        return self.begun / first.id() if is_class else None

    def is_begun(self):
        """Return whether all of it has begun elsewhere."""
        if mark := self.mark():
            return mark.exists()
        return all(isinstance(part, Shared) and part.is_begun() for part in self)

    def run(self, result, debug=False):
        if mark := self.mark():
            try:
                mark.touch(exist_ok=False)
            except FileExistsError:
                return result
        return super().run(result, debug)
