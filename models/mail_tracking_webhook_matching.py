from odoo import models
from odoo.tools import SQL, email_normalize_all

from ..providers.contract import REFERENCE

# Longer is no address (RFC 5321 section 4.5.3.1), and may be made to be hard to read.
LONGEST = 320


class MailTrackingWebhook(models.Model):
    """Which mails the reports in requests are about."""

    _inherit = "mail.tracking.webhook"

    def _find_trackings(self, reports):
        """Find the trackings that reports are about, by token and recipient.

        :param dict reports: request to its reports
        :return: tuple (dict from (reference, recipient) to a row of the tracking, which
            is a dict; tokens that are known)
        """
        wanted = {
            (report.reference, report.recipient)
            for some in reports.values()
            for report in filter(None, some)
        }
        tokens = {
            matched["token"]
            for reference, _recipient in wanted
            if (matched := REFERENCE.fullmatch(reference))
        }
        self.env.cr.execute(
            SQL(
                """SELECT id, token, attempt, recipient, recipient_address, create_date
                     FROM mail_tracking_email WHERE token = ANY(%s)""",
                list(tokens),
            )
        )
        rows = {}
        for row in self.env.cr.dictfetchall():
            addresses = {row["recipient_address"]}
            addresses.update(email_normalize_all(row["recipient"] or ""))
            rows.update({(row["token"], address): row for address in addresses})
        found = {
            (reference, recipient): row
            for reference, recipient in wanted
            for address in email_normalize_all(recipient[:LONGEST])[:1]
            if (row := rows.get((reference[:26], address)))
            and REFERENCE.fullmatch(reference)
        }
        return found, {token for token, _address in rows}

    def _lock(self, reports, found):
        """Lock the trackings, and leave out the requests about those that are locked.

        Never waiting, it cannot be part of a deadlock.

        :return: the requests that can be processed now
        """
        ids = {row["id"] for row in found.values()}
        self.env.cr.execute(
            SQL(
                """SELECT id FROM mail_tracking_email WHERE id = ANY(%s)
                      FOR NO KEY UPDATE SKIP LOCKED""",
                list(ids),
            )
        )
        locked = {row[0] for row in self.env.cr.fetchall()}

        def is_ready(request):
            rows = [
                found.get((report.reference, report.recipient))
                for report in filter(None, reports[request])
            ]
            return all(row["id"] in locked for row in rows if row)

        return self.filtered(is_ready)
