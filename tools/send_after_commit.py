"""Send mails once a request is committed, each in a transaction of its own."""

import logging
import smtplib

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

_logger = logging.getLogger(__name__)

QUEUE = "mail.ir_cron_mail_scheduler_action"


def send_each(dbname, mail_ids):
    """Send mails one after the other; those that cannot be sent are left to the queue.

    Core sends them all in one transaction (`mail.mail.send_after_commit`): a conflict
    at the second undoes what is recorded of the first, which is sent, and the queue
    sends that one again. It also raises, and tells the user that nothing was sent.

    :param str dbname: name of the database
    :param list mail_ids: ids of `mail.mail`; one that is no longer in the queue, or is
        being sent elsewhere, is left alone
    """
    sent = [_send_one(dbname, mail_id) for mail_id in mail_ids]
    if not all(sent):
        _trigger_queue(dbname)


def _send_one(dbname, mail_id):
    """Send one mail.

    :return: whether there is nothing left to do for the queue
    :rtype: bool
    """
    # Errors of the database, too: the transaction is this mail's alone, and the queue
    # tries again.
    # nosemgrep: broad-except
    try:
        with Registry(dbname).cursor() as cr:
            mail = api.Environment(cr, SUPERUSER_ID, {})["mail.mail"].browse(mail_id)
            if mail._mail_tracking_lock_to_send():
                return _send_locked(mail)
    except Exception:
        _logger.warning("Mail %s is left to the queue", mail_id, exc_info=True)
        return False
    return True


def _send_locked(mail):
    """Send a mail, and keep what is recorded of it when the session breaks.

    The queue does the same; after a rollback the mail would be sent twice.
    """
    try:
        mail.send()
    except smtplib.SMTPServerDisconnected:
        _logger.info("Mail %s: the mail server has closed the connection", mail.id)
        return mail.state != "outgoing"
    return True


def _trigger_queue(dbname):
    # A transaction of its own, of which nothing is left.
    # nosemgrep: broad-except
    try:
        with Registry(dbname).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env.ref(QUEUE)._trigger()
    except Exception:
        _logger.warning("The mail queue runs at its own time", exc_info=True)
