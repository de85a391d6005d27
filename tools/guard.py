"""Tracking must never touch the mail."""

import logging
from contextlib import contextmanager

import psycopg2

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

_logger = logging.getLogger(__name__)


def is_being_removed(env):
    """Return whether core is removing modules: tables may have lost their columns."""
    return bool(env.context.get(MODULE_UNINSTALL_FLAG))


@contextmanager
def never_break_mail(step):
    """Log any error of the block and go on, so that the mail is not touched.

    An error of the database is raised again: the transaction is lost by then, and a
    serialization failure is Odoo's to retry.

    :param str step: what the block does, for the log
    :raise psycopg2.Error: any error of the database
    """
    try:
        yield
    except psycopg2.Error:
        raise
    except Exception:
        _logger.exception("Mail tracking failed to %s; the mail is not affected", step)
