from odoo import models

from ...tools.states import (
    ANYBODY,
    FAILED_STATES,
    REACHED_STATES,
    STATE_RANK,
    Fact,
    fold_addresses,
)


class MailTrackingEmail(models.Model):
    """What the timeline tells of a recipient who has several addresses."""

    # An idea of its own, and together the two would be too long to read.
    _inherit = "mail.tracking.email"  # pylint: disable=consider-merging-classes-inherited

    def _named_by(self, event):
        """Return the address that an event is about, "" where it is the row's."""
        named = (event.recipient or "").lower()
        return "" if named == (self.recipient_address or "") else event.recipient or ""

    def _addresses_of_timeline(self):
        """Return what became of each address of a recipient who has several.

        :return: dict, empty for one address: list of dicts of address and state, those
            that failed and are worst off first; how many of the addresses got the mail
        """
        address, *others = self._addresses() or [""]
        if not others:
            return {}
        facts = [
            Fact(
                event.event_type,
                event.attempt,
                event.evidence or None,
                event.recipient or None,
                event.id,
                event.withdrawn_event_id or None,
            )
            for event in self.tracking_event_ids
        ]
        states = fold_addresses(facts, self.attempt, address, others)
        states.pop(ANYBODY, None)
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
