"""Reports that come by mail, as what they say of each recipient. Pure, without Odoo."""

from .reader import MailReport, read_report
from .reported import Reported
