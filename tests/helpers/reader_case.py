from odoo.tests import BaseCase

from ...tools.reports.reader import read_report
from .reports import parse


class ReaderCase(BaseCase):
    """The reader of reports, without a database."""

    def read(self, source):  # pylint: disable=method-required-super
        return read_report(parse(source))

    def single(self, source):
        """Return what a report about one recipient says."""
        (reported,) = self.read(source).recipients
        return reported

    def assertReported(self, source, action, address, code="5.1.1"):
        reported = self.single(source)
        self.assertEqual(reported.action, action)
        self.assertEqual(reported.addresses[0], address)
        self.assertEqual(reported.status, code)
