"""Process late reports, each in a transaction of its own."""

import logging
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying

_logger = logging.getLogger(__name__)


def process_late_reports(dbname, ids):
    """Process late reports; those that fail here are left to the job.

    :param str dbname: name of the database
    :param list ids: ids of `mail.tracking.late.report`; some may be gone
    """
    for report_id in ids:
        # `retrying` has retried; the job tries the report again.
        # nosemgrep: broad-except
        try:
            with Registry(dbname).cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                retrying(partial(_process_one, env, report_id), env)
        except Exception:
            _logger.exception("A delivery report is left to the job")


def _process_one(env, report_id):
    report = env["mail.tracking.late.report"].browse(report_id)
    if report.try_lock_for_update():
        report._process()
