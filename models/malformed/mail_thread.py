import logging
from email import policy
from email.message import EmailMessage

import psycopg2

from odoo import api, models

from ...tools.reports.parts import header
from ...tools.reports.reader import MESSAGE_ID, read_report

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    """Accept reports that core cannot parse.

    Core raises on an unknown charset or a broken header, and fetching mail from a
    mailbox deletes a message after any exception. Such reports are read from source.
    """

    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        core = super().message_parse
        parsed = _read(
            lambda: core(message, save_original=save_original),
            lambda: _is_report(message),
            lambda: {
                **core(_outline(message)),
                **self._mail_tracking_no_bounce(),
                "is_bounce": True,
            },
        )
        # Core looks the id up next, and PostgreSQL accepts no NUL.
        return {**parsed, "message_id": parsed["message_id"].replace("\x00", "")}

    @api.model
    def _message_parse_extract_payload(
        self, message, message_dict, save_original=False
    ):
        core = super()._message_parse_extract_payload
        return _read(
            lambda: core(message, message_dict, save_original=save_original),
            lambda: _is_report(message),
            lambda: {"body": "", "attachments": []},
        )

    @api.model
    def _message_parse_extract_bounce(self, email_message, message_dict):
        core = super()._message_parse_extract_bounce
        return _read(
            lambda: core(email_message, message_dict),
            # Core trusts the declared types of the parts.
            lambda: read_report(email_message),
            lambda: {"is_bounce": True, **self._mail_tracking_no_bounce()},
        )


def _read(core, is_report, otherwise):
    """Return what core reads from an email, or else from a malformed report.

    All parameters are functions without parameters.

    :param core: what core does
    :param is_report: called when that fails, whether the email is a report; if not,
        the error stands
    :param otherwise: what is returned for a report that core cannot read
    """
    try:
        return core()
    except psycopg2.Error:
        raise
    except Exception:
        if not is_report():
            raise
        _logger.warning("A malformed report: core cannot parse it", exc_info=True)
        return otherwise()


def _is_report(message):
    """Return whether an unparsable mail is a report; an automatic reply is not."""
    report = read_report(message)
    return bool(report and report.recipients and report.kind != "auto_reply")


def _outline(message):
    """Return an empty mail with the same Message-Id, which core can parse."""
    outline = EmailMessage(policy=policy.SMTP)
    outline.set_content("")
    if match := MESSAGE_ID.fullmatch(header(message, "Message-Id")):
        outline["Message-Id"] = match[0]
    return outline
