"""Reports that come by mail, as what they say of each recipient. Pure, without Odoo."""

from .reader import Report, Reported, read_report
