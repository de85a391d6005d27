import hashlib
from typing import Any, NamedTuple

from odoo import api, fields, models

from ...tools.reports.reader import Reported
from ...tools.smtp.envelope_id import Envelope

# What names the mail that a report is about, from what anybody may know to what only
# mail servers do: the Message-Id is the same for all recipients, the token is in each
# recipient's headers, the ENVID in the envelope.
MESSAGE_ID, SENDER, TOKEN, SECRET = range(4)

# What a type of event takes to be believed; core believes any failure, so do we.
PROOF = {
    "delivered": SECRET,
    "relayed": SECRET,
    "expanded": SECRET,
    "unsub": TOKEN,
    "read": SENDER,
    "auto_reply": SENDER,
}


class Found(NamedTuple):
    """The mail that a report is about."""

    trackings: Any  # of all recipients of the SMTP message, perhaps none
    proof: int
    attempt: int = 0  # 0 when the report does not name one
    server_id: int = 0


class Taken(NamedTuple):
    """What became of one recipient's part of a report."""

    reported: Reported
    tracking: Any  # empty when none of the known recipients is meant
    is_news: bool
    is_noted: bool  # an event says it, so that it is no news the next time


class MailTrackingEmail(models.Model):
    """Find what a report is about, and note what it says."""

    _inherit = "mail.tracking.email"

    @api.model
    def _take_report(self, report):
        """Insert the events of a report, and let the states follow after the commit.

        Nothing but inserts: a conflict would cost a report that a mailbox hands out
        once.

        :param Report report: see `tools.reports`
        :return: list of `Taken`, one for each recipient of the report
        """
        found = self._find_reported(report)
        values_list, taken = [], []
        known = None
        for reported in report.recipients:
            tracking = self._reported_recipient(found, reported)
            values = self._reported_values(found, tracking, reported, report)
            if not values and reported.action == "failed":
                values = self._stranger_values(found, reported, report)
            if not values:
                taken.append(Taken(reported, self.browse(), True, False))
                continue
            if known is None:
                known = self._known_keys(found.trackings)
            is_news = values["idempotency_key"] not in known
            if is_news:
                known.add(values["idempotency_key"])
                values_list.append(values)
            taken.append(Taken(reported, tracking, is_news, True))
        self.env["mail.tracking.event"]._insert(values_list)
        changed = {values["tracking_email_id"]: None for values in values_list}
        if changed:
            self.browse(changed)._update_state_after_commit(changed, {})
        return taken

    @api.model
    def _is_early(self, report):
        """Return whether a report came before the transaction that sends was committed.

        A mail server on the same machine answers within a tenth of a second.
        """
        envelope = Envelope.parse(self.env, report.envelope_id)
        return bool(envelope) and not self._find_reported(report).trackings

    # === WHICH MAIL ===#
    def _find_reported(self, report):
        """Find the mail of a report, by the best that it carries."""
        envelope = Envelope.parse(self.env, report.envelope_id)
        by_token = self.browse()
        if report.token:
            by_token = self.search([("token", "=", report.token)])
        if envelope:
            first = self.browse(envelope.tracking_id).exists()
            same = self.search([("token", "=", first.token)]) if first else by_token
            if same:
                return Found(same, SECRET, envelope.attempt, envelope.server_id)
        if by_token:
            return Found(by_token, TOKEN)
        trackings = self._find_by_message_id(report.message_ids)
        sent_to = trackings.filtered(lambda t: t.recipient_address == report.sender)
        return Found(sent_to, SENDER) if sent_to else Found(trackings, MESSAGE_ID)

    def _find_by_message_id(self, message_ids):
        """Find the trackings of mails by their Message-Ids."""
        if not message_ids:
            return self.browse()
        messages = self.env["mail.message"].sudo()
        messages = messages.search([("message_id", "in", list(message_ids))])
        gone = fields.Domain("mail_message_id", "=", False)
        gone &= fields.Domain("message_id", "in", list(message_ids))
        return self.search(gone | fields.Domain("mail_message_id", "in", messages.ids))

    def _reported_recipient(self, found, reported):
        """Find whose part of the report this is.

        :return: a tracking, empty when there is none that this can be about
        """
        for address in reported.addresses:
            same = found.trackings.filtered(
                lambda tracking, address=address: tracking.recipient_address == address
            )
            if same:
                return same[0]
        # A forwarded or withheld address: it can only be about the one recipient.
        can_be_other = found.proof >= TOKEN or not reported.addresses
        return (
            found.trackings if can_be_other and len(found.trackings) == 1 else self[:0]
        )

    # === WHAT IT SAYS ===#
    def _reported_values(self, found, tracking, reported, report):
        """Return the values of the event, None when there is nothing to believe."""
        values = reported.event()
        if not tracking or found.proof < PROOF.get(values["event_type"], MESSAGE_ID):
            return None
        if values["event_type"] == "relayed" and self._is_direct(found.server_id):
            values["event_type"] = "delivered"
        if found.proof < TOKEN:
            values["source"] = "gateway"  # anybody may have written it
        return self._values_about(found, tracking, reported, report, values)

    def _stranger_values(self, found, reported, report):
        """Return the values of the event of an address that is none of the recipients.

        One to whom a recipient passes his mail on, for example. It says nothing of
        them, and is noted with the first: core's counters are told of it once.

        :return: dict, None when the mail is not known either
        """
        if not found.trackings:
            return None
        values = {**reported.event(), "event_type": "other", "error_type": False}
        return self._values_about(found, found.trackings[0], reported, report, values)

    def _values_about(self, found, tracking, reported, report, values):
        # Without an attempt it is the same report only if it has the same Message-Id.
        instance = found.attempt or report.report_id
        parts = (reported.kind, reported.action, tracking.id, reported.final, instance)
        key = hashlib.sha256(repr(parts).encode()).hexdigest()
        return {
            **values,
            "tracking_email_id": tracking.id,
            "attempt": found.attempt or tracking.attempt,
            "idempotency_key": key,
        }

    def _is_direct(self, server_id):
        """Return whether a server hands mails to the recipients' own servers."""
        return self.env["ir.mail_server"].sudo().browse(server_id).exists().direct_mx

    def _known_keys(self, trackings):
        """Return the idempotency keys of the events that are known already."""
        events = self.env["mail.tracking.event"].sudo()
        domain = [
            ("tracking_email_id", "in", trackings.ids),
            ("idempotency_key", "!=", False),
        ]
        return set(events.search(domain).mapped("idempotency_key"))

    # === REPLIES ===#
    @api.model
    def _note_reply(self, answered, references, author_id, sender):
        """Note that recipients have answered, which proves that they have read.

        What is answered is the newest of the mails that they got.

        :param list answered: Message-Ids of In-Reply-To
        :param list references: Message-Ids of References, the newest last
        :param int author_id: partner who wrote the reply, false when unknown
        :param str sender: normalised address that it came from
        """
        by_id = {}
        for tracking in self._find_by_message_id([*answered, *references]):
            if (author_id and tracking.partner_id.id == author_id) or (
                sender and tracking.recipient_address == sender
            ):
                by_id.setdefault(tracking.message_id, self.browse())
                by_id[tracking.message_id] += tracking
        ids = (*answered, *reversed(references))
        own = next((by_id[key] for key in ids if key in by_id), self.browse())
        if own:
            reply = {"event_type": "reply", "source": "gateway", "evidence": "reply"}
            own._add_events({**reply, "recipient": sender})
            own._update_state_after_commit(dict.fromkeys(own.ids), {})
