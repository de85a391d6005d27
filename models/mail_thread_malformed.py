import logging
from email import policy
from email.message import EmailMessage

import psycopg2

from odoo import api, models

from ..tools.reports.parts import header
from ..tools.reports.reader import MESSAGE_ID, read_report
from .mail_tracking_email_report import SENDER

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    """Let reports through that core cannot parse, or has no place for.

    Core raises on an unknown charset or a broken header, and fetching mail from a
    mailbox deletes a message after any exception. What a report says is read from its
    source, not from what core makes of it.
    """

    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        try:
            parsed = super().message_parse(message, save_original=save_original)
        except psycopg2.Error:
            raise
        except Exception:
            if not _is_report(message):
                raise
            _logger.warning("A malformed report: core cannot parse it", exc_info=True)
            parsed = {
                **super().message_parse(_outline(message)),
                **self._mail_tracking_no_bounce(),
                "is_bounce": True,
            }
        # It is looked up next, in which PostgreSQL takes no NUL.
        return {**parsed, "message_id": parsed["message_id"].replace("\x00", "")}

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        try:
            return super().message_route(
                message,
                message_dict,
                model=model,
                thread_id=thread_id,
                custom_values=custom_values,
            )
        except ValueError:  # nobody waits for it: what it proves would be taken back
            report = read_report(message)
            if not report or report.kind != "auto_reply":
                raise
            found = self.env["mail.tracking.email"].sudo()._find_reported(report)
            if not found.trackings or found.proof < SENDER:
                raise
            return []

    @api.model
    def _message_parse_extract_payload(
        self, message, message_dict, save_original=False
    ):
        try:
            return super()._message_parse_extract_payload(
                message, message_dict, save_original=save_original
            )
        except psycopg2.Error:
            raise
        except Exception:
            if not _is_report(message):
                raise
            _logger.warning("A malformed report: core cannot parse it", exc_info=True)
            return {"body": "", "attachments": []}


def _is_report(message):
    """Tell whether a mail that core cannot parse is a report; an answer is a mail."""
    report = read_report(message)
    return bool(report and report.recipients and report.kind != "auto_reply")


def _outline(message):
    """Give a mail with nothing in it that core could trip over."""
    outline = EmailMessage(policy=policy.SMTP)
    outline.set_content("")
    if found := MESSAGE_ID.fullmatch(header(message, "Message-Id")):
        outline["Message-Id"] = found[0]
    return outline
