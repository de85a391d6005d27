from datetime import timezone

from odoo import api, fields, models

from ...tools.states import (
    ANYBODY,
    FAILED_STATES,
    REACHED_STATES,
    STATE_RANK,
    evidence_words,
    fold_addresses,
    proof_of,
)


class MailTrackingEmail(models.Model):
    """Build the timeline of one recipient's mail, and lead to its document."""

    _inherit = "mail.tracking.email"

    has_document = fields.Boolean(
        "Document Exists", compute="_compute_has_document", compute_sudo=True
    )

    @api.depends("model", "res_id")
    def _compute_has_document(self):
        for model, trackings in self.grouped("model").items():
            documents = self.env.get(model)
            existing = ()
            if documents is not None and not documents._abstract:
                ids = [res_id for res_id in trackings.mapped("res_id") if res_id]
                existing = set(documents.browse(ids).exists().ids)
            for tracking in trackings:
                tracking.has_document = tracking.res_id in existing

    def action_open_document(self):
        """Open the document that the mail was sent from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.model,
            "res_id": self.res_id,
            "views": [[False, "form"]],
        }

    def _get_timeline(self):
        """Return the whole history of one recipient's mail.

        :return: dict of the recipient and the list of events, by attempt and oldest
            first; times are seconds since 1970, `type`, `evidence` and `error_type` are
            codes, other texts are for users
        """
        self.ensure_one()
        # sudo: the caller has checked that it may be read
        tracking = self.sudo()
        event_fields = tracking.tracking_event_ids._fields
        rules, sources = (
            dict(event_fields[name]._description_selection(self.env))
            for name in ("evidence_rule", "source")
        )
        waiting_sudo = tracking._waiting_mail_sudo()
        return {
            "tracking_id": self.id,
            "recipient": tracking.recipient or "",
            "address": tracking.recipient_address or "",
            **tracking._addresses_of_timeline(bool(waiting_sudo)),
            "partner_id": tracking.partner_id.id,
            "can_read_events": self.env.user._is_system(),
            "attempt": tracking.attempt,
            "can_send": bool(waiting_sudo) and self._may_send_now(),
            "is_retry": tracking.attempt > 1,
            "is_reviewed": self.reviewed,
            "reviewed_by": tracking.reviewed_by_id.name or "",
            "reviewed_at": _seconds(tracking.reviewed_at),
            "scheduled": _seconds(waiting_sudo.scheduled_date),
            "opens": tracking.opens or "",
            "open_count": tracking.open_count,
            "first_open": _seconds(tracking.first_open),
            "last_open": _seconds(tracking.last_open),
            "events": [
                {
                    "id": event.id,
                    "attempt": event.attempt,
                    "type": event.event_type,
                    "text": event.title,
                    "time": _seconds(event.time),
                    # That it was queued already says where the event comes from.
                    "origin": event.source != "queue" and sources[event.source] or "",
                    "server": event.server or "",
                    "diagnostic": event.diagnostic or "",
                    "error_type": event.error_type or "",
                    "evidence": event.evidence or "",
                    "proves": self._evidence_in_words(event),
                    "because": rules.get(event.evidence_rule)
                    or self._proof_in_words(event),
                    "recipient": tracking._named_by(event),
                }
                for event in tracking.tracking_event_ids.sorted(
                    lambda event: (event.attempt, event.time, event.id)
                )
            ],
        }

    def _evidence_in_words(self, event):
        """Return what the load of a tracking image proves, "" for other events."""
        words = evidence_words(event.event_type, event.evidence)
        return self.env._(words) if words else ""

    def _proof_in_words(self, event):
        """Return how much an event proves, "" where users need not know."""
        proof = proof_of(event.event_type, event.source)
        return self.env._(proof) if proof else ""

    def _named_by(self, event):
        """Return the address that an event is about, "" where it is the tracking's."""
        named = (event.recipient or "").lower()
        return "" if named == (self.recipient_address or "") else event.recipient or ""

    def _addresses_of_timeline(self, is_waiting):
        """Return the state of each address of a recipient who has several.

        :param bool is_waiting: whether a mail in the queue is for some of them
        :return: dict, empty for one address: `addresses`, dicts of address and state,
            failed ones first; `reached_count`, for how many a server took the mail
        """
        address, *others = self._addresses() or [""]
        if not others:
            return {}
        states = fold_addresses(self._facts(), self.attempt, address, others)
        states.pop(ANYBODY, None)
        if not is_waiting and self.state != "waiting":  # no longer used
            states = {a: state for a, state in states.items() if state != "waiting"}
        worst_first = sorted(
            states.items(),
            key=lambda item: (item[1] not in FAILED_STATES, -STATE_RANK[item[1]]),
        )
        return {
            "addresses": [
                {"address": address, "state": state} for address, state in worst_first
            ],
            "reached_count": sum(s in REACHED_STATES for s in states.values()),
        }


def _seconds(moment):
    """Return a naive UTC datetime as seconds since 1970, false for none."""
    return int(moment.replace(tzinfo=timezone.utc).timestamp()) if moment else False
