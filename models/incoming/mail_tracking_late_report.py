import base64
import hashlib
import logging
from datetime import timedelta
from email import message_from_bytes, policy
from functools import partial

from odoo import api, fields, models, modules
from odoo.tools.constants import GC_UNLINK_LIMIT

from ...tools.late_reports import process_late_reports
from ...tools.params import retention_limit
from ...tools.smtp.envelope_id import Envelope

# sudo: incoming mail has no user; what a mail may do depends on what it proves.

_logger = logging.getLogger(__name__)

# No transaction that sends a mail is still open after this time.
PATIENCE = timedelta(days=1)
# The next run of the job takes the others.
MOST_REPORTS = 1000
# Limits of what others can make the database keep. The data of a report stand before
# the mail that it returns.
MOST_KEPT = 5000
# Whoever received one mail knows one ENVID, and must not use up the room of the others.
MOST_OF_ONE = 100
LONGEST = 256 * 1024  # bytes


class MailTrackingLateReport(models.Model):
    """A report that could not be processed on arrival, kept until it can be.

    Either the transaction that sent the mail was not committed yet, or another one
    wrote to the records of core's bounce logic. Fetching mail from a mailbox deletes
    a message after any exception: raising would lose the report.
    """

    _name = "mail.tracking.late.report"
    _description = "Late Delivery Report"
    _order = "id"

    raw = fields.Binary(attachment=False, required=True)
    tracking_id = fields.Integer(
        "Tracked Email", index=True, help="Tracked email it refers to, or 0"
    )
    report_key = fields.Char(
        index=True, help="The same if the report is received again"
    )

    @api.model
    def _keep(self, source, report):
        """Store a report once, and process it again right after the commit.

        :param bytes source: source of the message
        :param MailReport report: the report that was read from it
        :return: the stored record, empty when there is no room
        """
        kept_sudo = self.sudo()
        names = (report.envelope_id, report.report_id)
        text = repr(names).encode() if any(names) else source
        key = hashlib.sha256(text).hexdigest()
        if same := kept_sudo.search([("report_key", "=", key)], limit=1):
            return same
        envelope = Envelope.parse(self.env, report.envelope_id)
        if not kept_sudo._has_room(envelope):
            _logger.warning("No room for one more late report")
            return kept_sudo.browse()
        kept = kept_sudo.create(
            {
                "raw": base64.b64encode(source[:LONGEST]),
                "tracking_id": envelope.tracking_id if envelope else 0,
                "report_key": key,
            }
        )
        if not modules.module.current_test:
            self.env.cr.postcommit.add(
                partial(process_late_reports, self.env.cr.dbname, kept.ids)
            )
        return kept

    def _has_room(self, envelope):
        """Return whether one more report may be kept.

        :param Envelope envelope: envelope that the report names, or None
        """
        if self.search_count([], limit=MOST_KEPT) >= MOST_KEPT:
            return False
        if not envelope:
            return True
        of_one = [("tracking_id", "=", envelope.tracking_id)]
        return self.search_count(of_one, limit=MOST_OF_ONE) < MOST_OF_ONE

    @api.autovacuum
    def _gc_late_reports(self):
        """Delete reports that failed to be processed for days: something is wrong."""
        limit = retention_limit(self.env, "reports", least=PATIENCE.days + 1)
        if not limit:
            return 0, False
        hopeless = self.search([("create_date", "<", limit)], limit=GC_UNLINK_LIMIT)
        if hopeless:
            _logger.warning("Reports given up: %s", hopeless.ids)
        hopeless.unlink()
        return len(hopeless), len(hopeless) == GC_UNLINK_LIMIT

    def _process(self):
        """Process the report as if it arrived now.

        A report that is still too early stays.
        """
        self.ensure_one()
        message = message_from_bytes(base64.b64decode(self.raw), policy=policy.SMTP)
        thread = self.env["mail.thread"]
        message_dict = thread.message_parse(message)
        report = thread._mail_tracking_read(message, message_dict)
        is_over = self.create_date < fields.Datetime.now() - PATIENCE
        if not is_over and self.env["mail.tracking.email"].sudo()._is_early(report):
            return
        self.unlink()
        is_done = thread._mail_tracking_process(report, message, message_dict)
        if not is_done and message_dict["is_bounce"]:
            thread._routing_handle_bounce(message, message_dict)

    @api.model
    def _waiting_for(self, tracking_ids):
        """Return the ids of the reports that name one of the trackings."""
        return self.sudo().search([("tracking_id", "in", list(tracking_ids))]).ids

    @api.model
    def _process_late(self):
        """Process the reports that nobody else has locked, the oldest first."""
        process_late_reports(
            self.env.cr.dbname, self.search([], limit=MOST_REPORTS).ids
        )
