"""Mails that are sent once a request is committed, each in a transaction of its own."""

import logging
import smtplib

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

_logger = logging.getLogger(__name__)

QUEUE = "mail.ir_cron_mail_scheduler_action"


def send_each(dbname, mail_ids):
    """Send mails one after the other; what cannot be sent now is left to the queue.

    Core sends them all in one transaction (`mail.mail.send_after_commit`): a conflict
    at the second takes back what it has noted of the first, which is out, and the queue
    sends that once more. And it raises, to a user who is told that nothing was sent.

    :param str dbname: name of the database
    :param list mail_ids: ids of `mail.mail`; who is no longer in the queue, or is being
        sent by somebody else, is left alone
    """
    sent = [_send_one(dbname, mail_id) for mail_id in mail_ids]
    if not all(sent):
        _trigger_queue(dbname)


def _send_one(dbname, mail_id):
    """Send one mail.

    :return: whether there is nothing left to do for the queue
    :rtype: bool
    """
    try:
        with Registry(dbname).cursor() as cr:
            mail = api.Environment(cr, SUPERUSER_ID, {})["mail.mail"].browse(mail_id)
            if mail._mail_tracking_lock_to_send():
                return _send_locked(mail)
    # safe: nobody else's transaction is lost
    except Exception:
        # Of the database, too: its transaction was this mail's alone, and the queue is
        # who tries again.
        _logger.warning("Mail %s is left to the queue", mail_id, exc_info=True)
        return False
    return True


def _send_locked(mail):
    """Send a mail, and keep what is noted of it when the session breaks.

    As the queue does; a rollback would send it to those again who have it.
    """
    try:
        mail.send()
    except smtplib.SMTPServerDisconnected:
        _logger.info("Mail %s: the mail server has closed the connection", mail.id)
        return mail.state != "outgoing"
    return True


def _trigger_queue(dbname):
    try:
        with Registry(dbname).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env.ref(QUEUE)._trigger()
    except Exception:  # safe: a transaction of its own, of which nothing is left
        _logger.warning("The mail queue runs at its own time", exc_info=True)
