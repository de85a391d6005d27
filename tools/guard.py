"""Tracking must never touch the mail."""

import logging

import psycopg2

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

_logger = logging.getLogger(__name__)


def is_being_removed(env):
    """Return whether core is removing modules: tables may have lost their columns."""
    return bool(env.context.get(MODULE_UNINSTALL_FLAG))


class never_break_mail:
    """Log any error of the block and go on, so that the mail is not touched.

    An error of the database is raised again: the transaction is lost by then, and a
    serialization failure is Odoo's to retry. A class, since a generator takes three
    times as long, several times for each message.

    :raise psycopg2.Error: any error of the database
    """

    __slots__ = ("_step",)

    def __init__(self, step):
        """:param str step: what the block does, for the log"""
        self._step = step

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _traceback):
        if not isinstance(error, Exception) or isinstance(error, psycopg2.Error):
            return False
        words = "Mail tracking failed to %s; the mail is not affected"
        _logger.error(words, self._step, exc_info=error)
        return True
