import hashlib
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.reports.reader import Reported
from ...tools.smtp.envelope_id import Envelope

# sudo: incoming mail has no user; what a mail may do depends on what it proves.

# What identifies the mail of a report, weakest proof first: anybody may know the
# Message-Id, which is the same for all recipients; the token is in each recipient's
# headers; only mail servers know the ENVID, which is in the envelope.
MESSAGE_ID, SENDER, TOKEN, SECRET = range(4)

# The proof that each type of event needs. Core believes any failure, and so do we.
PROOF = {
    "delivered": SECRET,
    "relayed": SECRET,
    "expanded": SECRET,
    "spam": TOKEN,
    "unsub": TOKEN,
    "read": SENDER,
    "auto_reply": SENDER,
}
# Events that a recipient could claim about another one of the same SMTP message: both
# hold everything that identifies the message.
OF_ONE_RECIPIENT = ("spam", "unsub", "read")
# A report may name any number of addresses that a mail was forwarded to.
MOST_PASSED_ON = 10


class ReportedMail(NamedTuple):
    """The mail that a report is about."""

    trackings: Any  # of all recipients of the SMTP message, perhaps none
    proof: int
    attempt: int = 0  # 0 when the report does not name one
    server_id: int = 0


class ReportPart(NamedTuple):
    """The result of processing one recipient's part of a report."""

    reported: Reported
    tracking: Any  # empty when none of the known recipients is meant
    address: str = ""  # which of the recipient's addresses
    is_news: bool = True
    is_noted: bool = False  # an event records it, so it is no news the next time


class MailTrackingEmail(models.Model):
    """Find the trackings that a report is about, and record what it says."""

    _inherit = "mail.tracking.email"

    @api.model
    def _record_report(self, report):
        """Insert the events of a report, and update the states after the commit.

        Nothing but inserts: a conflict would lose a report, which a mailbox delivers
        only once.

        :param MailReport report: see `tools.reports`
        :return: list of `ReportPart`, one for each recipient of the report
        """
        about = self._find_reported(report)
        values_list, parts = [], []
        known_keys = None
        for reported in report.recipients:
            tracking, address = self._reported_recipient(about, reported)
            values = self._reported_values(about, tracking, address, reported, report)
            if not values or (not address and len(values_list) >= MOST_PASSED_ON):
                parts.append(ReportPart(reported, tracking, address))
                continue
            if known_keys is None:
                known_keys = self._known_keys(about.trackings)
            is_news = values["idempotency_key"] not in known_keys
            if is_news:
                known_keys.add(values["idempotency_key"])
                values_list += [
                    values,
                    *self._values_of_sharing(
                        about, tracking, address, reported, report
                    ),
                ]
            parts.append(ReportPart(reported, tracking, address, is_news, True))
        self.env["mail.tracking.event"]._insert(values_list)
        changed = self.browse({values["tracking_email_id"] for values in values_list})
        if changed:
            changed._update_state_after_commit()
        return parts

    @api.model
    def _is_early(self, report):
        """Return whether a report came before the commit of the transaction that sends.

        A mail server on the same machine answers within a tenth of a second. An id that
        the sequence has not assigned yet is not early: it is from another database.
        """
        envelope = Envelope.parse(self.env, report.envelope_id)
        if not envelope or self._find_reported(report).trackings:
            return False
        sequence = SQL("SELECT last_value FROM mail_tracking_email_id_seq")
        ((last_id,),) = self.env.execute_query(sequence)
        return envelope.tracking_id <= last_id

    # === WHICH MAIL ===#
    def _find_reported(self, report):
        """Find the mail of a report by the strongest proof that the report carries."""
        envelope = Envelope.parse(self.env, report.envelope_id)
        by_token = self.browse()
        if report.token:
            by_token = self.search([("token", "=", report.token)])
        if envelope:
            first = self.browse(envelope.tracking_id).exists()
            same = self.search([("token", "=", first.token)]) if first else by_token
            if same:
                return ReportedMail(same, SECRET, envelope.attempt, envelope.server_id)
        if by_token:
            return ReportedMail(by_token, TOKEN)
        trackings = self._find_by_message_id(report.message_ids)
        sent_to = trackings.filtered(lambda t: report.sender in t._addresses())
        return (
            ReportedMail(sent_to, SENDER)
            if sent_to
            else ReportedMail(trackings, MESSAGE_ID)
        )

    def _find_by_message_id(self, message_ids):
        """Find the trackings of mails by their Message-Ids."""
        if not message_ids:
            return self.browse()
        messages = self.env["mail.message"].sudo()
        messages = messages.search([("message_id", "in", list(message_ids))])
        gone = fields.Domain("mail_message_id", "=", False)
        gone &= fields.Domain("message_id", "in", list(message_ids))
        return self.search(gone | fields.Domain("mail_message_id", "in", messages.ids))

    def _reported_recipient(self, about, reported):
        """Find the recipient that one part of a report is about.

        :return: tuple (tracking, which of its addresses); the tracking is empty when
            no recipient can be meant, the address when none is named
        """
        for address in reported.addresses:
            for tracking in about.trackings:
                if address in tracking._addresses():
                    return tracking, address
        # A forwarded or withheld address: only the one recipient can be meant.
        can_be_other = about.proof >= TOKEN or not reported.addresses
        if can_be_other and len(about.trackings) == 1:
            return about.trackings, ""
        return self.browse(), ""

    # === WHAT IT SAYS ===#
    def _reported_values(self, about, tracking, address, reported, report):
        """Return the values of the event, None when the report does not prove it."""
        values = reported.event()
        kind = values["event_type"]
        is_shared = len(about.trackings) > 1 and about.proof >= TOKEN
        if (
            not tracking
            or about.proof < PROOF.get(kind, MESSAGE_ID)
            or (is_shared and kind in OF_ONE_RECIPIENT)
        ):
            return None
        if kind == "relayed" and self._is_direct(about.server_id):
            values["event_type"] = "delivered"
        if about.proof < TOKEN:
            values["source"] = "gateway"  # anybody may have written it
        if address and tracking.other_addresses:
            values["recipient"] = address
        return {
            **values,
            "tracking_email_id": tracking.id,
            "attempt": about.attempt or tracking.attempt,
            "idempotency_key": self._report_key(about, tracking, reported, report),
        }

    def _values_of_sharing(self, about, tracking, address, reported, report):
        """Return the values of the events of others who have the same address.

        Two contacts may share one. A report that names the message alone is about
        neither of their two mails, and core marks both.
        """
        if about.proof >= TOKEN or not address:
            return []
        others = (about.trackings - tracking).filtered(
            lambda other: address in other._addresses() and not other.outranked
        )
        values = [
            self._reported_values(about, other, address, reported, report)
            for other in others
        ]
        return [v for v in values if v["event_type"] not in PROOF]

    def _report_key(self, about, tracking, reported, report):
        """Return the idempotency key, equal when the same fact is reported twice."""
        # Without an attempt it is the same report only if it has the same Message-Id.
        instance = about.attempt or report.report_id
        parts = (reported.kind, reported.action, tracking.id, reported.final, instance)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def _is_direct(self, server_id):
        """Return whether a server delivers directly to the recipients' own servers."""
        return self.env["ir.mail_server"].sudo().browse(server_id).exists().direct_mx

    def _known_keys(self, trackings):
        """Return the idempotency keys of the events that exist already."""
        events = self.env["mail.tracking.event"].sudo()
        domain = [
            ("tracking_email_id", "in", trackings.ids),
            ("idempotency_key", "!=", False),
        ]
        return set(events.search(domain).mapped("idempotency_key"))

    # === REPLIES ===#
    @api.model
    def _note_reply(self, answered, references, author_id, sender):
        """Record that recipients have replied, which proves that they have read.

        The reply counts for the newest mail that it refers to and they received.

        :param list answered: Message-Ids of In-Reply-To
        :param list references: Message-Ids of References, the newest last
        :param int author_id: partner who wrote the reply, false when unknown
        :param str sender: normalised address that it came from
        """
        by_id = {}
        for tracking in self._find_by_message_id([*answered, *references]):
            is_recipient = author_id and tracking.partner_id.id == author_id
            if is_recipient or sender in tracking._addresses():
                by_id.setdefault(tracking.message_id, self.browse())
                by_id[tracking.message_id] += tracking
        ids = (*answered, *reversed(references))
        own = next((by_id[key] for key in ids if key in by_id), self.browse())
        if own:
            reply = {"event_type": "reply", "source": "gateway", "evidence": "reply"}
            own._add_events({**reply, "recipient": sender})
            own._update_state_after_commit()
