import logging
import re
from email import policy

import psycopg2

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools.mail import email_normalize

from ...tools.database_key import known_keys
from ...tools.guard import never_break_mail
from ...tools.preferences_link import PREFERENCES_ROUTE, without_link
from ...tools.reports.automatic_mail import is_automatic
from ...tools.reports.reader import MESSAGE_ID, MOST_MESSAGE_IDS, read_report
from ..opens.mail_tracking_email import PIXEL_ROUTE
from .mail_tracking_email import SENDER

# sudo: incoming mail has no user; what a mail may do depends on what it proves.

_logger = logging.getLogger(__name__)

# Key under which the transaction keeps the source of the incoming mail.
SOURCE = "mail_activity_tracking.source"
# Stops at the next "<": in a text without ">" each image is scanned only once.
IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)


class MailThread(models.AbstractModel):
    """Read reports before core does, and record replies.

    Core takes each report for a bounce, so it gets only failures, each of them once.
    """

    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        # `message_route` gets the parsed mail, which cannot always be serialized again.
        self.env.cr.precommit.data[SOURCE] = message
        return super().message_process(
            model,
            message,
            custom_values=custom_values,
            save_original=save_original,
            strip_attachments=strip_attachments,
            thread_id=thread_id,
        )

    def _message_parse_extract_payload_postprocess(self, message, payload_dict):
        """Strip our own pixel from a reply that quotes the mail: Odoo would load it.

        A quoted preferences link is for its recipient only: it is replaced by one that
        leads readers to their own page.
        """
        result = super()._message_parse_extract_payload_postprocess(
            message, payload_dict
        )
        body = result["body"] or ""
        if PIXEL_ROUTE in body:
            own = [PIXEL_ROUTE + key for key in known_keys(self.env)]
            result["body"] = IMAGE.sub(
                lambda image: "" if any(p in image[0] for p in own) else image[0], body
            )
        if PREFERENCES_ROUTE in body:
            result["body"] = without_link(result["body"])
        return result

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        report = self._mail_tracking_read(message, message_dict)
        if report and self._mail_tracking_process_or_keep(
            report, message, message_dict
        ):
            return []
        try:
            return super().message_route(
                message,
                message_dict,
                model=model,
                thread_id=thread_id,
                custom_values=custom_values,
            )
        except ValueError:  # no document takes it
            if report and self._mail_tracking_is_known_auto_reply(report):
                return []  # raising would roll back what it proves
            raise

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        answered = MESSAGE_ID.findall(message_dict.get("in_reply_to") or "")
        references = MESSAGE_ID.findall(message_dict.get("references") or "")
        author_id = message_dict.get("author_id")
        sender = email_normalize(message_dict.get("email_from"), strict=False)
        result = super()._message_route_process(message, message_dict, routes)
        if routes and (answered or references) and not is_automatic(message):
            with never_break_mail("note a reply"):
                self.env["mail.tracking.email"].sudo()._note_reply(
                    answered, references[-MOST_MESSAGE_IDS:], author_id, sender
                )
        return result

    # === REPORTS ===#
    @api.model
    def _mail_tracking_read(self, message, message_dict):
        """Return the report that a mail contains, None when it is not a report.

        A bounce that marks no recipients is about those named in its text, who are
        known once the bounced mail is found.

        :rtype: tools.reports.MailReport
        """
        # Otherwise core would handle by itself whatever it takes for a bounce.
        to_bounce = bool(message_dict.get("is_bounce"))
        report = read_report(message, to_bounce=to_bounce)
        if not report or report.kind != "bounce":
            return report
        trackings = self.env["mail.tracking.email"].sudo()
        trackings = trackings._find_reported(report).trackings
        addresses = trackings.filtered("recipient_address").mapped("recipient_address")
        return read_report(message, sent_to=addresses, to_bounce=to_bounce)

    @api.model
    def _mail_tracking_is_known_auto_reply(self, report):
        """Return whether a recipient's mailbox has answered our mail automatically."""
        if report.kind != "auto_reply":
            return False
        about = self.env["mail.tracking.email"].sudo()._find_reported(report)
        return bool(about.trackings) and about.proof >= SENDER

    @api.model
    def _mail_tracking_process_or_keep(self, report, message, message_dict):
        """Process a report now, or keep it for later.

        :return: whether the mail is done, so that core does not route it
        """
        late = self.env["mail.tracking.late.report"]
        source = self._mail_tracking_source(message)
        is_early = self.env["mail.tracking.email"].sudo()._is_early(report)
        if is_early and late._keep(source, report):
            return True
        # Others may write to the same records as core's bounce logic: what conflicts is
        # left to the job.
        # nosemgrep: broad-except
        try:
            with self.env.cr.savepoint():
                return self._mail_tracking_process(report, message, message_dict)
        except psycopg2.Error as error:
            if not isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                raise
        except Exception:
            _logger.exception("A report could not be processed: it is left to the job")
        if not late._keep(source, report):
            return False
        # An automatic reply may be for the chatter, like any other mail.
        return report.kind != "auto_reply" or bool(message_dict.get("is_bounce"))

    @api.model
    def _mail_tracking_source(self, message):
        """Return the source of the message that is being processed, as bytes."""
        source = self.env.cr.precommit.data.pop(SOURCE, None)
        source = getattr(source, "data", source)  # of `xmlrpc.client.Binary`
        if source is None:
            return message.as_bytes(policy=policy.compat32)
        return source.encode() if isinstance(source, str) else bytes(source)

    @api.model
    def _mail_tracking_process(self, report, message, message_dict):
        """Record the events of a report, and pass its failures to core.

        :return: whether the mail is done, so that core does not route it
        """
        parts = self.env["mail.tracking.email"].sudo()._record_report(report)
        if report.kind == "auto_reply":
            return bool(message_dict.get("is_bounce"))
        failed = [part for part in parts if part.reported.action == "failed"]
        if not any(part.is_noted for part in parts):
            return self._mail_tracking_leave_to_core(
                parts, failed, message, message_dict
            )
        if report.kind == "broken" and all(part.is_news for part in parts):
            _logger.warning("Delivery report %s cannot be read", report.report_id)
        self._mail_tracking_tell_core(
            [part for part in failed if part.is_noted and part.is_news],
            message,
            message_dict,
        )
        return True

    @api.model
    def _mail_tracking_leave_to_core(self, parts, failed, message, message_dict):
        """Leave a report to core that is about no known mail or recipient.

        Core takes any report for a failure of the first recipient that it names, and
        counts a single one, however many there are. It gets the first that failed.

        :param list parts: `ReportPart` of the whole report
        :param list failed: `ReportPart` of the recipients that failed
        :return: whether the mail is done, so that core does not route it
        """
        if not message_dict.get("is_bounce") or (failed and failed[0] is parts[0]):
            return False
        self._mail_tracking_tell_core(failed[:1], message, message_dict)
        return True

    @api.model
    def _mail_tracking_tell_core(self, failed, message, message_dict):
        """Pass failed recipients to core's bounce logic, each address once.

        A report may name one address many times, and anybody can write a report.

        :param list failed: `ReportPart` of a report
        """
        told_addresses = set()
        for part in failed:
            values = self._mail_tracking_bounce(part, message_dict)
            if values["bounced_email"] not in told_addresses:
                told_addresses.add(values["bounced_email"])
                self._routing_handle_bounce(message, {**message_dict, **values})

    @api.model
    def _mail_tracking_no_bounce(self):
        """Return the values of a bounce in which core could read nothing."""
        return {
            "bounced_email": False,
            "bounced_partner": self.env["res.partner"].sudo(),
            "bounced_msg_ids": False,
            "bounced_message": self.env["mail.message"].sudo(),
        }

    @api.model
    def _mail_tracking_bounce(self, part, message_dict):
        """Return the values that core's bounce logic needs for one failed recipient.

        Core reads only the first recipient of a report, whatever happened to them.

        :param ReportPart part: one recipient's part of the report
        """
        read = {
            name: message_dict.get(name, nothing)
            for name, nothing in self._mail_tracking_no_bounce().items()
        }
        tracking = part.tracking
        email = part.address or tracking.recipient_address
        email = email or email_normalize(part.reported.final)
        if email and email != read["bounced_email"]:
            partners = self.env["res.partner"].sudo()
            partners = partners.search([("email_normalized", "=", email)])
            read.update(bounced_email=email, bounced_partner=partners)
        if tracking:
            read["bounced_partner"] |= tracking.partner_id
            read["bounced_msg_ids"] = read["bounced_msg_ids"] or [tracking.message_id]
            if tracking.mail_message_id:
                read["bounced_message"] = tracking.mail_message_id
        return read
